"""The door for those who watch and steer: ledger, state, clock, mood, limits, deeds, and a small page."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
from litestar import MediaType, delete, get, post
from litestar.response import Response, Stream

from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.doors.bill import bill
from zhanggui.emulator.doors.deeds import DEEDS, Deed, do
from zhanggui.emulator.doors.state import PARTS, state_lines, summary
from zhanggui.emulator.ledger import Entry
from zhanggui.emulator.methods.registry import METHODS
from zhanggui.emulator.moments import from_iso
from zhanggui.emulator.moods import MOODS, changed_mood
from zhanggui.emulator.platform import Platform, read_limits
from zhanggui.emulator.wire.rates import Limit
from zhanggui.emulator.world.sending import Objection

PAGE = Path(__file__).parent.parent / "data" / "watch.html"
LINES = "application/x-ndjson"
BATCH, SLICE = 500, 0.02


class Winding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to move the clock: another speed, so many seconds on, or to a moment."""

    speed: float | None = None
    step: float = 0.0
    to: str = ""


class Limiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other limits: the usual ones times a factor (0 for none), or a list of one's own."""

    factor: float = 1.0
    limits: tuple[Limit, ...] | None = None


def told(body: object, status: int = 200) -> Response[bytes]:
    """An object as JSON."""
    return Response(msgspec.json.encode(body), media_type="application/json", status_code=status)


def refused(why: str) -> Response[bytes]:
    """Why something cannot be done."""
    return told({"error": why}, 400)


@get("/", media_type=MediaType.HTML)
async def page() -> str:
    """The small page to watch and steer."""
    return PAGE.read_text("utf-8")


@get("/_ledger")
async def ledger(request: Asking) -> Stream:
    """Every call the platform was told, as JSON lines; any field may be a filter, and `last` leaves all but so many out."""
    platform = platform_of(request)
    wanted = {name: str(value) for name, value in request.query_params.items()}
    last = wanted.pop("last", "")
    entries: Iterable[Entry] = platform.ledger.entries(wanted)
    if last.isdigit():
        entries = deque(entries, maxlen=int(last))
    return Stream(in_batches(msgspec.json.encode(entry) + b"\n" for entry in entries), media_type=LINES)


@delete("/_ledger")
async def forget_ledger(request: Asking) -> None:
    """Begin an empty ledger."""
    platform = platform_of(request)
    platform.ledger.clear()
    platform.remember("forget")


async def caught_up(platform: Platform) -> None:
    """Wait until the worlds have played what is due, in slices between which other callers are served."""
    while not platform.catch_up(SLICE):
        await asyncio.sleep(0)


async def in_batches(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Lines put together in larger pieces, with room for other callers between them; all on the one thread that also moves the worlds."""
    while batch := b"".join(islice(lines, BATCH)):
        yield batch
        await asyncio.sleep(0)


@get("/_state")
async def state(request: Asking) -> Response[bytes] | Stream:
    """The truth: a summary, or one part as JSON lines."""
    platform = platform_of(request)
    await caught_up(platform)
    query = dict(request.query_params)
    part, shop_id, since = query.get("part", "summary"), query.get("shop_id", ""), query.get("since", "0")
    if not since.isdigit() or not (shop_id.isdigit() or not shop_id):
        return refused("shop_id and since are whole numbers")
    if part == "summary":
        return told([{"shop_id": world.mall_id, **summary(platform, world)} for world in platform.worlds.values()])
    if part not in PARTS:
        return refused(f"part must be summary or one of {', '.join(PARTS)}")
    return Stream(in_batches(state_lines(platform, part, int(shop_id) if shop_id else None, int(since))), media_type=LINES)


@get("/_about")
async def about(request: Asking) -> Response[bytes]:
    """What the emulator can be told: methods, moods, deeds, parts."""
    platform = platform_of(request)
    words = {"methods": sorted(METHODS), "moods": list(MOODS), "deeds": [*DEEDS, "token.expires"], "parts": ["summary", *PARTS]}
    return told({**words, "mood": platform.temper.mood, "follows": platform.clock.follows})


@post("/_clock", status_code=200)
async def wind(request: Asking) -> Response[bytes]:
    """Move the clock, and let the world play what happens meanwhile."""
    platform = platform_of(request)
    if platform.clock.follows:
        return told({"error": "时间随文件走 · this clock follows a file, and is wound by whoever keeps it"}, 409)
    try:
        winding = msgspec.json.decode(await request.body(), type=Winding)
        if winding.speed is not None:
            platform.clock.run_at(winding.speed)
        platform.clock.step(max(0.0, from_iso(winding.to) - platform.clock.now()) if winding.to else winding.step)
    except (msgspec.DecodeError, ValueError) as failed:
        return refused(str(failed))
    platform.remember("clock", platform.clock.stand)
    await caught_up(platform)
    return told(summary(platform, platform.first))


@post("/_mood", status_code=200)
async def change_mood(request: Asking) -> Response[bytes]:
    """Be in another mood: by name, or with single chances changed."""
    platform = platform_of(request)
    try:
        platform.temper.change(changed_mood(platform.temper.mood, await request.body()))
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as failed:
        return refused(str(failed))
    platform.remember("mood", platform.temper.mood)
    return told(platform.temper.mood)


@post("/_limits", status_code=200)
async def change_limits(request: Asking) -> Response[bytes]:
    """Work by other rate limits."""
    platform = platform_of(request)
    try:
        limiting = msgspec.json.decode(await request.body(), type=Limiting)
    except msgspec.DecodeError as failed:
        return refused(str(failed))
    limits = read_limits(limiting.factor) if limiting.limits is None else limiting.limits
    platform.rates.replace(limits)
    platform.remember("limits", limits)
    return told({"limits": len(limits)})


@post("/_do", status_code=200)
async def make_happen(request: Asking) -> Response[bytes]:
    """Make something happen in the world."""
    platform = platform_of(request)
    await caught_up(platform)
    try:
        deed = msgspec.json.decode(await request.body(), type=Deed)
        done = do(platform, deed)
    except msgspec.DecodeError as failed:
        return refused(str(failed))
    except Objection as objection:
        return told({"error": objection.words, "code": objection.code}, 409)
    platform.remember("deed", deed)
    return told(done)


@post("/_back_office/{act:str}", status_code=200)
async def back_office(request: Asking) -> Response[bytes]:
    """What a person of the shop does by hand where no method can: it is written into the ledger, like a call."""
    platform = platform_of(request)
    await caught_up(platform)
    act = f"seller.{request.path_params['act']}"
    keys: dict[str, str] = {}
    try:
        asked = msgspec.json.decode(await request.body(), type=dict[str, object])
        deed = msgspec.convert({**asked, "act": act}, Deed)
        keys = {"order_sn": deed.order_sn, "after_sales_id": str(deed.after_sales_id)}
        done = do(platform, deed)
    except (msgspec.DecodeError, msgspec.ValidationError) as failed:
        return refused(str(failed))
    except Objection as objection:
        platform.note(f"back_office.{act}", keys, objection.code)
        return told({"error": objection.words, "code": objection.code}, 409)
    platform.note(f"back_office.{act}", keys, "ok", effects=(f"{act}:{done.after_sales_id}",), done=("deed", deed))
    return told(done)


@get("/_files/bill/{mall_id:int}/{name:str}")
async def bill_file(request: Asking) -> Response[bytes]:
    """A day's bill."""
    platform = platform_of(request)
    world, name = platform.worlds.get(int(request.path_params["mall_id"])), str(request.path_params["name"])
    if world is None or not name.endswith(".zip"):
        return told({"error": "no such bill"}, 404)
    return Response(bill(world, name.removesuffix(".zip")), media_type="application/zip")
