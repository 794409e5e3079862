"""The shop's own scripts as a file, to keep, to hand on, and to bring into another shop. Nothing of a buyer is in it."""

from datetime import datetime

import msgspec

from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.versions import MOST_VERSIONS, forbidden, keep_in
from zhanggui.core.say import Say, say
from zhanggui.core.scripting.checking import Checked, Proposal, checked
from zhanggui.core.scripts import Fit
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import locks, scripts
from zhanggui.records.db import Tx, transact
from zhanggui.records.scripts import VersionRow
from zhanggui.rulebook.speech import speech_book

SHAPE = 1
MOST_SCRIPTS, MOST_BYTES = 1000, 2_000_000


class ScriptFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of scripts."""

    zhanggui_scripts: int
    scripts: tuple[Proposal, ...]


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a file brought: scripts with a new version, those that say what they said before, and those that may not be kept, each with why."""

    kept: tuple[str, ...]
    same: tuple[str, ...]
    refused: tuple[tuple[str, Say], ...]


def exported(house: House, by: Person, shop_id: ShopId, now: datetime) -> bytes:
    """The shop's own scripts that hold now, or will, as JSON."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        own = scripts.in_force(tx, shop_id, now)
    told = ScriptFile(zhanggui_scripts=SHAPE, scripts=tuple(_proposal(row) for row in own))
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def bring(house: House, by: Person, shop_id: ShopId, data: bytes, now: datetime) -> Brought:
    """Keeps every script of a file that says something new and may be kept. Raises Refused for a file that is none."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)
    told = _read(data)
    book, built_in = speech_book(), rulebook.scripts().by_id
    looked_at = [checked(each, built_in.get(each.id), book, now) for each in told.scripts]

    def work(tx: Tx) -> Brought:
        locks.hold_shop(tx, shop_id)
        before = {row.script_id: row.version for row in scripts.versions(tx, shop_id, None, MOST_VERSIONS)[::-1]}
        versions = {each.proposal.id: keep_in(tx, by, shop_id, each.proposal, now) for each in looked_at if each.may_be_kept}
        return Brought(
            kept=tuple(name for name, version in versions.items() if before.get(name) != version),
            same=tuple(name for name, version in versions.items() if before.get(name) == version),
            refused=tuple((each.proposal.id, _why(each)) for each in looked_at if not each.may_be_kept),
        )

    return transact(house.pool, work)


def _read(data: bytes) -> ScriptFile:
    if len(data) > MOST_BYTES:
        raise Refused(say("The file is larger than {most} bytes.", most=MOST_BYTES))
    try:
        told = msgspec.json.decode(data, type=ScriptFile)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise Refused(say("This is no file of scripts: {problem}", problem=str(problem)[:200])) from None
    if told.zhanggui_scripts != SHAPE:
        raise Refused(say("The file was written by a newer version of the program. Bring the program up to date first."))
    if len(told.scripts) > MOST_SCRIPTS or len({each.id for each in told.scripts}) != len(told.scripts):
        raise Refused(say("A file holds at most {most} scripts, each once.", most=MOST_SCRIPTS))
    if any(moment is not None and moment.tzinfo is None for each in told.scripts for moment in (each.from_at, each.until_at)):
        raise Refused(say("A moment in the file names no time zone."))
    return told


def _why(told: Checked) -> Say:
    return told.wrong[0] if told.wrong else forbidden(told.findings[0].words, told.findings[0].safe)


def _proposal(row: VersionRow) -> Proposal:
    return Proposal(
        id=row.script_id,
        situation=row.situation,
        fits=tuple(Fit(each) for each in row.fits),
        zh=row.zh,
        en=row.en,
        when_zh=row.when_zh,
        when_en=row.when_en,
        from_at=row.from_at,
        until_at=row.until_at,
    )
