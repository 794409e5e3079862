"""Reads what a survey has found: every row becomes sightings, or a refusal that says where and why."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import msgspec

from zhanggui.connectors.files import jsonlines
from zhanggui.connectors.files.containers import BROKEN, Member, broken, members
from zhanggui.connectors.files.decoding import lines_of
from zhanggui.connectors.files.plan import Plan
from zhanggui.connectors.files.profile import Family, Profile, folded, load
from zhanggui.connectors.files.shapes import Refused, Survey, Table, Told, Unreadable
from zhanggui.connectors.files.survey import survey
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.connectors.files.twice import Twice
from zhanggui.core.facts import FactKind, Facts, Place, Sighting
from zhanggui.core.say import Say, say


def read(path: Path, found: Survey | str | None = None, *, dates_tables: bool = True) -> Iterator[Told]:
    """Every row of every recognised table in this file, one by one. Give the survey of the file, or the profile to survey it with.

    Where its tables speak of several moments, each row is given that of its own table; not so with `dates_tables` off, when a person told the moment of
    all of them. Raises Unreadable where the file cannot be read, or is no longer the one that was surveyed.
    """
    seen = found if isinstance(found, Survey) else survey(path, profile=found)
    wanted: dict[int, list[Table]] = {}
    for table in _taken(seen):
        assert table.layout is not None
        wanted.setdefault(table.layout.member_no, []).append(table)
    several = dates_tables and len({moment for tables in wanted.values() for moment in _moments(tables)}) > 1
    for number, member in enumerate(members(path)):
        if number in wanted:
            yield from _member(member, number, wanted[number], seen, several=several)


def moment_at(seen: Survey, place: Place) -> datetime | None:
    """The moment of which the table at this place speaks, None where nothing tells it."""
    there = [table for table in _taken(seen) if (table.file, table.sheet) == (place.file, place.sheet)]
    return _moments(there)[0] if there else None


def _taken(seen: Survey) -> list[Table]:
    return [table for table in seen.tables if table.kind is not None and not table.refused and table.layout is not None]


def _moments(tables: list[Table]) -> list[datetime | None]:
    """Of which moment each of these tables of one member speaks. Lines of facts are a table for each kind, and were all written at once."""
    moments = [table.as_of for table in tables]
    if tables[0].profile != jsonlines.PROFILE:
        return moments
    return [max((moment for moment in moments if moment is not None), default=None)] * len(tables)


def _member(member: Member, number: int, tables: list[Table], seen: Survey, *, several: bool) -> Iterator[Told]:
    moments = _moments(tables) if several else [None] * len(tables)
    try:
        if tables[0].profile == jsonlines.PROFILE:
            yield from _facts(member, tables[0], moments[0])
            return
        sources = sources_of(member, number)
        for table, as_of in zip(tables, moments, strict=True):
            assert table.layout is not None
            yield from _rows(sources[table.layout.sheet_no], table, seen, as_of)
    except BROKEN as problem:
        raise Unreadable(broken(member.name, problem)) from problem


def _rows(source: Source, table: Table, seen: Survey, as_of: datetime | None) -> Iterator[Told]:
    profile, family, header = _again(source, table, seen)
    plan = Plan(profile, family, header)
    twice = Twice()
    assert table.layout is not None
    file, sheet = table.file, table.sheet
    for line, cells in Walk(source, table.layout.header_row, header):
        place = Place(file, sheet, line)
        if isinstance(cells, Say):
            yield plan.refuse([], place, cells)
            continue
        for told in plan.read(cells, place):
            kept = twice.check(told, plan, cells)
            if kept is not None:
                yield _dated(kept, as_of) if as_of is not None else kept


def _dated(told: Told, as_of: datetime) -> Told:
    """The sighting with the moment of its own table, where a file holds tables of several moments and the row tells none itself."""
    if isinstance(told, Refused) or told.as_of is not None:
        return told
    return Sighting(told.facts, told.given, told.place, as_of)


def _again(source: Source, table: Table, seen: Survey) -> tuple[Profile, Family, list[str]]:
    assert table.layout is not None
    for line, cells in source.head():
        if line == table.layout.header_row:
            profile = next(one for one in load(seen.profile) if one.name == table.profile)
            return profile, profile.named(table.layout.family), cells
    raise Unreadable(say("{file} is no longer the file that was looked at. Drop it in again.", file=table.file))


def _facts(member: Member, table: Table, as_of: datetime | None) -> Iterator[Told]:
    assert table.layout is not None
    assert table.layout.encoding is not None
    twice = Twice()
    for line, text in enumerate(lines_of(member, table.layout.encoding), start=1):
        if text.strip():
            kept = twice.check(jsonlines.read_line(text, Place(table.file, row=line)), None, ())
            if kept is not None:
                yield _dated(kept, as_of) if as_of is not None else kept


def reread(
    profile: str, kind: FactKind, cells: dict[str, str], place: Place, *, stands: Callable[[str], bool] = lambda _: False
) -> list[Sighting[Facts]] | Refused:
    """The facts of a refused row after its cells were mended, or why it still cannot be taken.

    A row without a key of its own is told from its equals by its place among them; `stands` tells which of these places are taken.
    """
    if profile == jsonlines.PROFILE:
        told = jsonlines.reread(kind, cells, place)
        return told if isinstance(told, Refused) else [told]
    headers = list(cells)
    for known in load(profile):
        for family in known.family:
            if family.gives == kind and _fits(family, headers):
                plan = Plan(known, family, headers)
                result = plan.read(list(cells.values()), place)
                refusals = [one for one in result if isinstance(one, Refused)]
                return refusals[0] if refusals else [_told_apart(one, plan.main.digest, stands) for one in result if not isinstance(one, Refused)]
    return Refused(place, say("The row has lost the columns it was recognised by. Import the file again instead."), cells, kind)


def _told_apart(told: Sighting[Facts], digest: str | None, stands: Callable[[str], bool]) -> Sighting[Facts]:
    """The row under the first of its keys that none of its equals has."""
    if digest is None:
        return told
    head, _, ordinal = str(getattr(told.facts, digest)).rpartition("-")
    free = next(key for number in count(int(ordinal)) if not stands(key := f"{head}-{number}"))
    return msgspec.structs.replace(told, facts=msgspec.structs.replace(told.facts, **{digest: free}))


def _fits(family: Family, headers: list[str]) -> bool:
    names = {folded(header) for header in headers}
    return all(any(folded(header) in names for header in family.columns[key].headers) for key in family.key)
