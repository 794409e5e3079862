"""Lists of tracking numbers as printing tools write them, read row by row; what cannot be taken is named by row and column."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import BLANK, NotUnderstood, bare, id_parser
from zhanggui.connectors.files.masking import masked_offence, storable
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.sheets import Form, RowRefused, Told, found_under, places_of, read_tables
from zhanggui.connectors.files.slip_profile import SlipProfile
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


def read_slips(path: Path, profile: SlipProfile) -> Told[Slip]:
    """Every row of every table in this file that has the headings needed. Raises Unreadable where there is none, or too many rows."""
    too_many = say("The list holds more than {most} rows. Split it, for instance by day.", most=MOST_SLIPS)
    told = read_tables(path, Form(partial(_columns, profile), _row, MOST_SLIPS, too_many))
    if told is None:
        reads = profile.reads
        raise Unreadable(
            say(
                "{file} has no heading row with an order number ({order}) and a tracking number ({number}). Add the headings and try again.",
                file=storable(path.name),
                order=", ".join(reads.order_no[:3]),
                number=", ".join(reads.tracking_no[:3]),
            )
        )
    return told


def _columns(profile: SlipProfile, cells: Sequence[str]) -> Columns | None:
    """Where each field stands in a heading; None where a row does not name what is needed."""
    at = places_of(cells)
    columns = {field: found_under(headers, at) for field, headers in msgspec.structs.asdict(profile.reads).items()}
    return columns if all(columns[field] for field in _NEEDED) else None


def _row(cells: list[str], header: Sequence[str], columns: Columns, place: Place) -> Iterator[Slip | RowRefused]:
    """A row's slips: one for each order it names, since tools join orders of one parcel."""
    if any(cells[len(header) :]):
        yield RowRefused(place, Say(_SHORT_ROW, {"cells": len(cells), "columns": len(header)}))
        return
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
            yield RowRefused(stands, problem.reason(column))
            return
        if not told[field] and field in _NEEDED:
            yield RowRefused(stands, Say(BLANK, {"column": column}))
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
