"""Lists of tracking numbers as printing tools write them, read row by row; what cannot be taken is named by row and column."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import BLANK, NotUnderstood, bare, id_parser
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.masking import masked_offence, storable
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.slip_profile import SlipProfile
from zhanggui.connectors.files.tables import Source, Walk, sources_of
from zhanggui.core.facts import Place
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say, say

MOST_SLIPS = 5_000
"""What a person can still look through, and what a form brings back."""

Columns = dict[str, tuple[int, ...]]

_NEEDED = ("order_no", "tracking_no")
_BETWEEN_ORDERS = re.compile(r"[,，;；、|\s]+")
_CARRIER = re.compile(r"\w[\w()（）·.&/ -]{0,39}")
_an_id = id_parser(None)
_SHORT_ROW = say("The row has {cells} cells, its heading {columns}. A separator may stand inside a cell.").text
_NO_CARRIER = say("{column} holds {cell}, which is no name of a carrier.").text


class Slip(msgspec.Struct, frozen=True):
    """One order with its carrier and number, as the list tells them."""

    order_no: str
    carrier: str | None
    tracking_no: str
    place: Place


class SlipRefused(msgspec.Struct, frozen=True):
    """One row that was not taken: where it stands, in which column, and why."""

    place: Place
    reason: Say


class SlipList(msgspec.Struct, frozen=True):
    """Everything a list tells."""

    slips: tuple[Slip, ...]
    refused: tuple[SlipRefused, ...]


def read_slips(path: Path, profile: SlipProfile) -> SlipList:
    """Every row of every table in this file that has the headings needed. Raises Unreadable where there is none, or too many rows."""
    told: list[Slip] = []
    refused: list[SlipRefused] = []
    tables = 0
    for source in _sources(path):
        found = _heading(source, profile)
        if found is None:
            continue
        tables += 1
        for row in _rows(source, *found):
            told.append(row) if isinstance(row, Slip) else refused.append(row)
            if len(told) + len(refused) > MOST_SLIPS:
                raise Unreadable(say("The list holds more than {most} rows. Split it, for instance by day.", most=MOST_SLIPS))
    if not tables:
        reads = profile.reads
        raise Unreadable(
            say(
                "{file} has no heading row with an order number ({order}) and a tracking number ({number}). Add the headings and try again.",
                file=storable(path.name),
                order=", ".join(reads.order_no[:3]),
                number=", ".join(reads.tracking_no[:3]),
            )
        )
    return SlipList(tuple(told), tuple(refused))


def _sources(path: Path) -> Iterator[Source]:
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            yield from sources_of(member, number)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem


def _heading(source: Source, profile: SlipProfile) -> tuple[int, list[str], Columns] | None:
    """The row of the heading, the heading, and where each field stands in it; None where no row names what is needed."""
    for line, cells in source.head():
        at = {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}
        columns = {
            field: tuple(at[name] for header in headers if (name := folded(header)) in at) for field, headers in msgspec.structs.asdict(profile.reads).items()
        }
        if all(columns[field] for field in _NEEDED):
            return line, cells, columns
    return None


def _rows(source: Source, line: int, header: list[str], columns: Columns) -> Iterator[Slip | SlipRefused]:
    widest = max(max(places) for places in columns.values() if places)
    for row, cells in Walk(source, line, header):
        place = Place(source.member.name, source.sheet, row)
        if isinstance(cells, Say):
            yield SlipRefused(place, cells)
        elif len(cells) > len(header) and any(cells[len(header) :]):
            yield SlipRefused(place, Say(_SHORT_ROW, {"cells": len(cells), "columns": len(header)}))
        else:
            yield from _row(cells + [""] * (widest + 1 - len(cells)), header, columns, place)


def _row(cells: Sequence[str], header: Sequence[str], columns: Columns, place: Place) -> Iterator[Slip | SlipRefused]:
    """A row's slips: one for each order it names, since tools join orders of one parcel."""
    at = {field: next((each for each in places if bare(cells[each])), places[0]) if places else None for field, places in columns.items()}
    told: dict[str, tuple[str, ...]] = {}
    for field, read in _READ.items():
        index = at[field]
        if index is None:
            continue
        column = bare(storable(header[index]))
        stands = Place(place.file, place.sheet, place.row, column)
        try:
            told[field] = read(cells[index])
        except NotUnderstood as problem:
            yield SlipRefused(stands, problem.reason(column))
            return
        if not told[field] and field in _NEEDED:
            yield SlipRefused(stands, Say(BLANK, {"column": column}))
            return
    carrier = (*told.get("carrier", ()), None)[0]
    for order_no in told["order_no"]:
        yield Slip(order_no, carrier, told["tracking_no"][0], place)


def _orders(cell: str) -> tuple[str, ...]:
    parts = [part for part in _BETWEEN_ORDERS.split(bare(cell)) if part]
    return tuple(dict.fromkeys(number for part in parts if (number := _an_id(part)) is not None))


def _number(cell: str) -> tuple[str, ...]:
    number = _an_id(as_number(bare(cell)))
    return () if number is None else (number,)


def _carrier(cell: str) -> tuple[str, ...]:
    text = " ".join(bare(cell).split())
    if text and not _CARRIER.fullmatch(text):
        raise NotUnderstood(_NO_CARRIER, masked_offence(text[:40]))
    return (text,) if text else ()


_READ: dict[str, Callable[[str], tuple[str, ...]]] = {"order_no": _orders, "tracking_no": _number, "carrier": _carrier}
