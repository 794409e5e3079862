"""The door of the chats: a feed of messages as a service tool has it, and the rep's answers. The platform has no such door; this one stands in for the tool."""

import asyncio

import msgspec
from litestar import get, post
from litestar.response import Response

from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.doors.chat_shapes import Message, conversation_id, message_id, message_of, order_of
from zhanggui.emulator.doors.watching import caught_up, refused, told
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.chats.talking import answer
from zhanggui.emulator.world.chats.talks import BUYER, Line, Talk
from zhanggui.emulator.world.people import nick_of
from zhanggui.emulator.world.world import World

MOST, LONGEST_WAIT, LOOK, LONGEST_TEXT = 500, 60.0, 0.02, 4000


class Feed(msgspec.Struct, frozen=True):
    """Messages after a place, and the place to go on from."""

    messages: list[Message]
    next: int


class Conversation(msgspec.Struct, frozen=True):
    """A whole talk with a buyer."""

    conversation_id: str
    shop_id: int
    nick: str
    order_sn: str
    messages: list[Message]


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rep answers; the key, where one is given, lets the same answer arrive twice and be given once."""

    text: str
    rep: str = ""
    key: str = ""


class Answered(msgspec.Struct, frozen=True):
    """The rep's message as it stands in the talk."""

    message_id: str
    conversation_id: str
    at: int


class Saying(msgspec.Struct, frozen=True):
    """An answer as the chronicle keeps it."""

    mall_id: int
    talk: int
    text: str
    rep: str
    key: str


@get("/chats/next")
async def next_messages(request: Asking) -> Response[bytes]:
    """The messages after a place, waiting for some where there are none; the reps' own only when they are asked for."""
    platform, query = platform_of(request), dict(request.query_params)
    try:
        after, limit = int(query.get("after", "0")), int(query.get("limit", "100"))
        wait, world = float(query.get("wait", "0")), _world(platform, query.get("shop_id", ""))
    except ValueError:
        return refused("after, limit, wait and shop_id are numbers")
    if world is None:
        return told({"error": "no such shop"}, 404)
    if after < 0 or not 0 < limit <= MOST or not 0 <= wait <= LONGEST_WAIT:
        return refused(f"after is 0 or more, limit 1 to {MOST}, wait 0 to {LONGEST_WAIT:g}")
    await caught_up(platform)
    stops_at = platform.clock.wall() + wait
    feed = _feed(world, after, limit, with_reps=query.get("all", "") == "1")
    while not feed.messages and platform.clock.wall() < stops_at:
        await asyncio.sleep(LOOK)
        feed = _feed(world, after, limit, with_reps=query.get("all", "") == "1")
    return told(feed)


@get("/chats/{conversation_id:str}")
async def conversation(request: Asking) -> Response[bytes]:
    """A whole talk."""
    platform, ident = platform_of(request), str(request.path_params["conversation_id"])
    await caught_up(platform)
    found = find_talk(platform, ident)
    if found is None:
        return told({"error": "no such conversation"}, 404)
    world, newest = found
    of_buyer = [talk for talk in world.talks.each if talk.buyer == newest.buyer]
    lines = [message_of(world, world.talks.lines[seq - 1]) for talk in of_buyer for seq in talk.lines]
    return told(Conversation(ident, world.mall_id, nick_of(world.seed, newest.buyer), order_of(world, newest), lines))


@post("/chats/{conversation_id:str}/answers", status_code=200)
async def give_answer(request: Asking) -> Response[bytes]:
    """A rep answers a buyer."""
    platform, ident = platform_of(request), str(request.path_params["conversation_id"])
    await caught_up(platform)
    try:
        given = msgspec.json.decode(await request.body(), type=Given)
    except msgspec.DecodeError as failed:
        return refused(str(failed))
    if not given.text.strip() or len(given.text) > LONGEST_TEXT:
        return refused(f"text holds 1 to {LONGEST_TEXT} signs")
    found = find_talk(platform, ident)
    if found is None:
        return told({"error": "no such conversation"}, 404)
    world, talk = found
    before = world.talks.answers.get(f"{ident}/{given.key}") if given.key else None
    if before is not None:
        return told(_answered(world, world.talks.lines[before - 1]))
    saying = Saying(world.mall_id, talk.no, given.text, given.rep, given.key)
    line = say(platform, saying)
    keys = {"conversation_id": ident, "order_sn": order_of(world, talk), "rep": given.rep}
    platform.note("chat.answer", keys, "ok", effects=(f"chat.answered:{message_id(world, line)}",), done=("answer", saying))
    return told(_answered(world, line))


def say(platform: Platform, saying: Saying) -> Line:
    """Put a rep's words into a talk."""
    world = platform.worlds[saying.mall_id]
    talk = world.talks.each[saying.talk]
    line = answer(world, talk, saying.text, saying.rep)
    if saying.key:
        world.talks.answers[f"{conversation_id(world, talk)}/{saying.key}"] = line.seq
    return line


def find_talk(platform: Platform, ident: str) -> tuple[World, Talk] | None:
    """The newest talk of a conversation."""
    shop, _, buyer = ident.partition("-")
    if not (shop.isascii() and shop.isdecimal() and buyer.isascii() and buyer.isdecimal() and len(ident) < 40):
        return None
    world = platform.worlds.get(int(shop))
    no = None if world is None else world.talks.of_buyer.get(int(buyer))
    return None if world is None or no is None else (world, world.talks.each[no])


def _world(platform: Platform, shop_id: str) -> World | None:
    return platform.worlds.get(int(shop_id)) if shop_id else platform.first


def _feed(world: World, after: int, limit: int, *, with_reps: bool) -> Feed:
    """The next messages; where only reps wrote, the place moves on and nothing is told."""
    found: list[Message] = []
    seq = after
    for line in world.talks.lines[after:]:
        seq = line.seq
        if with_reps or line.who == BUYER:
            found.append(message_of(world, line))
        if len(found) == limit:
            break
    return Feed(found, seq)


def _answered(world: World, line: Line) -> Answered:
    return Answered(message_id(world, line), conversation_id(world, world.talks.each[line.talk]), line.at)
