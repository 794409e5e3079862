"""The library as a person sees it: every script with its words, whose they are, when they end and what came of them; one script with its versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.actions.scripts.measuring import NOTHING_COUNTED, outcomes_in
from zhanggui.actions.scripts.replying import filling_of
from zhanggui.actions.scripts.versions import MOST_VERSIONS
from zhanggui.core.scripting.changes import Piece, changes
from zhanggui.core.scripting.outcomes import Total
from zhanggui.core.scripting.situations import Situation
from zhanggui.core.scripts import Script, Scripts
from zhanggui.core.verdicts import Draft
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import scripts
from zhanggui.records.db import Tx
from zhanggui.records.scripts import VersionRow

SOON = timedelta(days=7)
REMEMBERED = timedelta(days=30)
"""What ended longer ago is no longer pointed out."""
_FIRST = {situation.value: place for place, situation in enumerate(Situation)}


class Mark(StrEnum):
    """What an owner should look at."""

    ENDS_SOON = "ends_soon"
    OVER = "over"
    LATER = "begins_later"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One script of the library."""

    script: Script
    """The words that hold; where none of the shop's own holds any more and none came along, the last that did."""
    version: VersionRow | None
    """The shop's own version that holds, or held last."""
    holds: bool
    mark: Mark | None
    total: Total | None


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """The scripts that were asked for, in the order of a talk, and what wants looking at in the whole library."""

    rows: tuple[Row, ...]
    marked: tuple[Row, ...]
    reps: Mapping[str, Total]
    uses: int
    is_cut: bool
    facts: Mapping[str, str]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version with what it says otherwise than the one before it, or than the words that come along."""

    row: VersionRow
    pieces: tuple[Piece, ...]
    holds: bool
    total: Total | None


class OneScript(msgspec.Struct, frozen=True, kw_only=True):
    """One script: the words that hold, those that come along, every version, and how it reads for an order."""

    row: Row
    comes_along: Script | None
    versions: tuple[Version, ...]
    preview: Draft | None
    missing: tuple[str, ...]
    order_no: str | None
    members: tuple[tuple[int, str], ...]
    """Who may look after it."""


def library(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, room: str = "", situation: str = "", search: str = "", measured: bool = False
) -> Library:
    """The scripts of a situation, of a room (a file of those that come along), of the shop's own (`own`), or all that the words find.

    `measured`: with what came of them, which takes the longer the more was sent.
    """
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        told = outcomes_in(tx, by, shop_id, now) if measured else NOTHING_COUNTED
        rows = _rows(tx, shop_id, now, told.scripts)
        facts = scripts.facts(tx, shop_id)
    found = tuple(row for row in rows if _is_asked(row, room, situation, search.casefold().split()))
    return Library(rows=found, marked=tuple(row for row in rows if row.mark is not None), reps=told.reps, uses=told.uses, is_cut=told.is_cut, facts=facts)


def one_script(house: House, by: Person, shop_id: ShopId, script_id: str, now: datetime, *, order_no: str | None = None) -> OneScript | None:
    """One script of the library; None where there is none of this name."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        told = outcomes_in(tx, by, shop_id, now, script_id)
        row = next((each for each in _rows(tx, shop_id, now, told.scripts) if each.script.id == script_id), None)
        if row is None:
            return None
        listed = scripts.versions(tx, shop_id, script_id, MOST_VERSIONS)
        filling = filling_of(tx, house, shop_id, order_no, None, now)
        people = tuple((member.person_id, member.display_name) for member in members.of_shop(tx, shop_id))
    comes_along = rulebook.scripts().by_id.get(script_id)
    return OneScript(
        row=row,
        comes_along=comes_along,
        versions=_versions(listed, comes_along, told.versions, now),
        preview=Scripts.of([row.script]).draft(script_id, **filling.fills),
        missing=tuple(sorted(row.script.slots - filling.fills.keys())),
        order_no=order_no if filling.known is not None else None,
        members=people,
    )


def _rows(tx: Tx, shop_id: ShopId, now: datetime, totals: Mapping[str, Total]) -> list[Row]:
    own: dict[str, list[VersionRow]] = {}
    for version in scripts.versions(tx, shop_id, None, MOST_VERSIONS):
        own.setdefault(version.script_id, []).append(version)
    found = [_row(script, own.pop(name, []), totals.get(name), now) for name, script in scripts_of(tx, shop_id, now).by_id.items()]
    found += [_row(None, listed, totals.get(name), now) for name, listed in own.items()]
    return sorted(found, key=lambda row: (_FIRST.get(row.script.situation, 99), row.script.room, row.script.id))


def _row(script: Script | None, listed: Sequence[VersionRow], total: Total | None, now: datetime) -> Row:
    """`listed` are the shop's own versions, newest first."""
    holding = next((version for version in listed if version.holds_at(now)), None)
    version = holding or next((each for each in listed if each.withdrawn_at is None), None) or (listed[0] if listed else None)
    if script is None:
        assert version is not None, "a script is one that comes along, or has versions"
        script = version.script
    return Row(script=script, version=version, holds=holding is not None or (script.version == 0 and bool(script.room)), mark=_mark(version, now), total=total)


def _mark(version: VersionRow | None, now: datetime) -> Mark | None:
    if version is None or version.withdrawn_at is not None:
        return None
    if version.from_at > now:
        return Mark.LATER
    if version.until_at is None:
        return None
    if version.until_at <= now:
        return Mark.OVER if now - version.until_at < REMEMBERED else None
    return Mark.ENDS_SOON if version.until_at - now < SOON else None


def _is_asked(row: Row, room: str, situation: str, words: Sequence[str]) -> bool:
    script = row.script
    if (situation and script.situation != situation) or (room == "own" and row.version is None) or (room not in ("", "own") and script.room != room):
        return False
    text = f"{script.id} {script.when_zh} {script.when_en} {script.zh} {script.en}".casefold()
    return all(word in text for word in words)


def _versions(listed: Sequence[VersionRow], comes_along: Script | None, totals: Mapping[tuple[str, int], Total], now: datetime) -> tuple[Version, ...]:
    holding = next((row.version for row in listed if row.holds_at(now)), None)
    before = [*(row.zh for row in listed[1:]), comes_along.zh if comes_along is not None else ""][: len(listed)]
    return tuple(
        Version(row=row, pieces=changes(former, row.zh), holds=row.version == holding, total=totals.get((row.script_id, row.version)))
        for row, former in zip(listed, before, strict=True)
    )
