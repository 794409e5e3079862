"""A first look into a file: which tables it holds, which columns would be used, and whether all of it is sound. Nothing is taken yet.

The look goes through to the last row, so that a file which breaks off somewhere is refused whole and never read by half.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from zhanggui.connectors.files import asof, jsonlines, workbooks
from zhanggui.connectors.files.containers import BROKEN, Member, broken, members
from zhanggui.connectors.files.fingerprint import Recognised, recognise
from zhanggui.connectors.files.plan import Plan
from zhanggui.connectors.files.profile import Profile, folded, load
from zhanggui.connectors.files.shapes import Layout, Survey, Table, Unreadable
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.connectors.files.tally import Tally, facts_tables
from zhanggui.core.say import Say, say


def survey(path: Path, *, profile: str | None = None, now: datetime | None = None) -> Survey:
    """What stands in this file. Raises Unreadable where nothing in it can be read at all.

    With `now`, events that lie after it (a clock gone wrong, a typing error) do not make the data look newer than they can be.
    """
    known = () if profile == jsonlines.PROFILE else load(profile)
    tables = tuple(table for number, member in enumerate(members(path)) for table in _look(member, number, profile, known, path.name, now))
    sound = [table for table in tables if not (table.refused and table.layout is None)]
    if not sound and tables:
        raise Unreadable(tables[0].note or say("{file} holds no table.", file=path.name))
    dated = [table for table in tables if table.kind is not None and table.as_of is not None]
    newest = max(dated, key=lambda table: table.as_of or datetime.min.replace(tzinfo=UTC), default=None)
    return Survey(tables, newest.as_of if newest else None, newest.as_of_source if newest else None, profile)


def _look(member: Member, number: int, profile: str | None, known: tuple[Profile, ...], outer: str, now: datetime | None) -> Iterator[Table]:
    if member.problem is not None:
        yield Table(file=member.name, note=member.problem, notes=(member.problem,), refused=True)
        return
    try:
        with member.open() as stream:
            head = stream.read(65_536)
        if profile in {None, jsonlines.PROFILE} and jsonlines.is_facts(head):
            yield from facts_tables(member, number, _told(member, outer, []), now)
            return
        in_workbook = asof.moment_in_properties(workbooks.made_at(member)) if workbooks.is_workbook(head) else []
        for source in sources_of(member, number):
            yield _table(source, known, _told(member, outer, in_workbook), now)
    except Unreadable as problem:
        yield Table(file=member.name, note=problem.say, notes=(problem.say,), refused=True)
    except BROKEN as problem:
        note = broken(member.name, problem)
        yield Table(file=member.name, note=note, notes=(note,), refused=True)


def _told(member: Member, outer: str, in_workbook: list[datetime]) -> list[datetime | None]:
    """The moments that the wrapping of a table names, the most trustworthy first."""
    inner = member.name.rsplit("/", 1)[-1]
    return [asof.moment_in_name(inner), asof.moment_in_name(outer), *in_workbook, member.dated]


def _table(source: Source, known: tuple[Profile, ...], told: list[datetime | None], now: datetime | None) -> Table:
    head = source.head()
    found = recognise([cells for _, cells in head], known)
    refusal = _refusal(source, found, bool(head))
    if refusal is not None:
        empty = not head and source.sheet is not None
        return Table(file=source.member.name, sheet=source.sheet, note=refusal, notes=(refusal,), refused=not empty, layout=source.layout)
    assert found.match is not None
    match = found.match
    line, header = head[match.header_at]
    layout = Layout(source.member_no, match.family.name, source.layout.encoding, source.layout.delimiter, source.layout.sheet_no, line)
    if match.family.gives is None:
        aside = say("Recognised as {family} and left aside: the desk has no use for it.", family=match.family.name)
        rows = sum(1 for _ in Walk(source, line, header))
        return Table(file=source.member.name, sheet=source.sheet, profile=match.profile.name, note=aside, notes=(aside,), rows=rows, layout=layout)
    return _recognised(source, Plan(match.profile, match.family, header), Walk(source, line, header), layout, told, now)


def _recognised(source: Source, plan: Plan, walk: Walk, layout: Layout, told: list[datetime | None], now: datetime | None) -> Table:
    tally = Tally(plan, now)
    breach = tally.count(walk)
    used = tuple(dict.fromkeys(pair for reader in plan.readers for pair in reader.used()))
    if breach is not None:
        note = say(
            "{file} opens a quotation mark in line {line} that never closes, so nobody can say where a cell ends. Nothing of it was read; export it again.",
            file=source.member.name,
            line=breach,
        )
        return Table(file=source.member.name, sheet=source.sheet, note=note, notes=(note,), refused=True, used=used, layout=layout)
    as_of, as_of_source = asof.settled(told, tally.latest)
    notes = tally.notes(walk)
    return Table(
        file=source.member.name,
        sheet=source.sheet,
        kind=plan.main.kind,
        profile=plan.profile.name,
        used=used,
        unknown=_unknown(plan, {header for header, _ in used}),
        missing=tuple(column.headers[0] for field, column in plan.family.columns.items() if column.wanted and field not in plan.main.places),
        note=notes[0] if notes else None,
        notes=notes,
        rows=walk.rows,
        as_of=as_of,
        as_of_source=as_of_source,
        layout=layout,
    )


def _refusal(source: Source, found: Recognised, has_rows: bool) -> Say | None:
    """Why this table is not read, as a sentence that says what to do."""
    file = source.member.name if source.sheet is None else f"{source.member.name} ({source.sheet})"
    if not has_rows:
        return say("{file} is empty.", file=file)
    if found.match is None:
        return say("{file} is no table we know: its headers fit no profile. Export it again with the usual columns, or write a profile for it.", file=file)
    if found.rival is not None:
        one, other = (f"{match.profile.name}/{match.family.name}" for match in (found.match, found.rival))
        return say("{file} could be {one} or {other}. Say which by naming the profile, or export it with more columns.", file=file, one=one, other=other)
    if found.twice is not None:
        return say("{file} has the column {column} twice. Delete the one that is not meant, or export it again.", file=file, column=found.twice.strip())
    return None


def _unknown(plan: Plan, used: set[str]) -> tuple[str, ...]:
    left = {folded(header) for header in plan.family.leave.headers}
    return tuple(header.strip()[:100] for header in plan.main.headers if header.strip() and header not in used and folded(header) not in left)
