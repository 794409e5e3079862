"""Lists of a category's mean as shops keep them: from which day on, the share, the number of abnormal orders, and where it was read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import NotUnderstood, bare, moment_parser
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.tables import Walk, sources_of
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.say import say

MOST_LINES = 2_000
LONGEST_SOURCE = 100
# Assumed: the back office offers no such export; these are headings as people write them.
READS: dict[str, tuple[str, ...]] = {
    "day": ("日期", "生效日期", "统计日期", "起始日期", "date", "from"),
    "share": ("类目均值(%)", "类目均值", "行业均值", "均值(%)", "均值", "异常率均值", "占比", "share"),
    "orders": ("异常单量均值", "异常单量", "单量均值", "单量", "orders"),
    "source": ("来源", "出处", "备注", "source"),
}
_day = moment_parser(SHANGHAI, ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"))


class MeanRow(msgspec.Struct, frozen=True):
    """One line of the list, its cells as they stand but for the day."""

    row: int
    day: datetime | None
    """None where the cell is no day."""
    share: str
    orders: str
    source: str


def read_means(path: Path) -> tuple[MeanRow, ...]:
    """Every line of the first table that has a day and a share. Raises Unreadable where there is none."""
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            for source in sources_of(member, number):
                for line, cells in source.head():
                    columns = _columns(cells)
                    if columns is not None:
                        return _read(((row, told) for row, told in Walk(source, line, cells) if isinstance(told, list)), columns)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem
    day, share = READS["day"][0], READS["share"][0]
    raise Unreadable(say("No heading row with a day ({day}) and a share ({share}) was found. Add the headings and try again.", day=day, share=share))


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    at = {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}
    found: dict[str, int] = {}
    for name, headings in READS.items():
        place = next((at[folded(heading)] for heading in headings if folded(heading) in at), None)
        if place is not None:
            found[name] = place
    return found if {"day", "share"} <= found.keys() else None


def _read(rows: Iterable[tuple[int, Sequence[str]]], columns: dict[str, int]) -> tuple[MeanRow, ...]:
    found: list[MeanRow] = []
    for row, cells in rows:
        told = {name: storable(bare(cells[place])) if place < len(cells) else "" for name, place in columns.items()}
        if not any(told.values()):
            continue
        if len(found) >= MOST_LINES:
            raise Unreadable(say("The list holds more than {most} lines.", most=MOST_LINES))
        found.append(MeanRow(row, _day_in(told["day"]), told["share"], told.get("orders", ""), told.get("source", "")[:LONGEST_SOURCE]))
    return tuple(found)


def _day_in(cell: str) -> datetime | None:
    try:
        moment: datetime | None = _day(cell)
    except NotUnderstood:
        return None
    return moment
