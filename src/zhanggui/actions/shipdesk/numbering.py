"""The numbers of a batch are written down: typed, scanned, or from a list; one for each parcel."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import SPLITTABLE, BatchLine, BatchView, batch_view
from zhanggui.actions.shipdesk.batching import LONGEST_TEXT, held_rows
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.batches import Step
from zhanggui.core.numbers import as_number
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ship_batches, ship_parts
from zhanggui.records.db import Tx, transact
from zhanggui.records.ship_batches import Batch, BatchRow
from zhanggui.records.ship_parts import PartRow

_LONGEST_PART = 3


class WrittenRow(msgspec.Struct, frozen=True, kw_only=True):
    """The row of a parcel as somebody sent it, and as it stood when they opened the page."""

    number: str
    number_was: str = ""
    carrier: str = ""
    carrier_was: str = ""

    @property
    def told_number(self) -> str | None:
        """The number that was written into it; None where it was left as it stood, or empty."""
        number = as_number(self.number)
        return number if number and number != as_number(self.number_was) else None

    @property
    def told_carrier(self) -> str | None:
        """The carrier that was written into it; None where it was left as it stood, or empty."""
        carrier = self.carrier.strip()
        return carrier if carrier and carrier != self.carrier_was.strip() else None


def write_numbers(
    house: House,
    by: Person,
    shop_id: ShopId,
    batch_no: int,
    carrier: str | None,
    numbers: Mapping[str, str],
    now: datetime,
    *,
    carriers: Mapping[str, str] | None = None,
) -> int:
    """Writes down the carrier and each order's number; what is printed already keeps its own. Says how many were written.

    `carriers` names another carrier for single orders, whatever was advised.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    own = {no: name.strip() for no, name in (carriers or {}).items() if name.strip()}
    _need_short(carrier or "", *own.values(), *map(as_number, numbers.values()))
    return transact(house.pool, lambda tx: _write(tx, by, _held(tx, shop_id, batch_no), carrier, numbers, own, now))


def write_rows(
    house: House, by: Person, shop_id: ShopId, batch_no: int, rows: Mapping[str, WrittenRow], now: datetime
) -> tuple[int, tuple[tuple[str, Say], ...]]:
    """Writes down what somebody changed in the rows of the page. What they left alone stays as it is by now, so that an old page takes back nobody's
    correction; where they changed what is another by now, that parcel is left out. Says how many were written, and which orders were left out and why.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    changed = {name: row for name, row in rows.items() if row.told_number or row.told_carrier}
    _need_short(*(row.told_number or "" for row in changed.values()), *(row.told_carrier or "" for row in changed.values()))

    def work(tx: Tx) -> tuple[int, tuple[tuple[str, Say], ...]]:
        held = _held(tx, shop_id, batch_no)
        against = {name: why for name, row in changed.items() if (why := _in_the_way(held, name, row)) is not None}
        fit = {name: row for name, row in changed.items() if name not in against}
        numbers = {name: row.told_number for name, row in fit.items() if row.told_number}
        carriers = {name: row.told_carrier for name, row in fit.items() if row.told_carrier}
        wrote = _write(tx, by, held, None, numbers, carriers, now)
        return wrote, tuple((parcel_named(name, held.listed)[0], why) for name, why in against.items())

    return transact(house.pool, work)


def write_listed(house: House, by: Person, shop_id: ShopId, batch_no: int, slips: Sequence[Slip], now: datetime) -> tuple[int, tuple[tuple[str, Say], ...]]:
    """Writes down what a printing tool's list tells of the orders of the batch; one that goes in several parcels stands there once for each. Says how many
    numbers were written, and which orders have more of them than parcels: nobody knows which of those is right.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    _need_short(*(text for slip in slips for text in (slip.carrier or "", as_number(slip.tracking_no))))

    def work(tx: Tx) -> tuple[int, tuple[tuple[str, Say], ...]]:
        held = _held(tx, shop_id, batch_no)
        parcels = Counter([*held.listed, *(no for no, _ in held.parts)])
        told: dict[str, dict[str, str | None]] = {}
        for slip in slips:
            if slip.order_no in held.waiting | held.splittable:
                told.setdefault(slip.order_no, {})[as_number(slip.tracking_no)] = slip.carrier
        against = {no: _too_many(len(numbers), parcels[no]) for no, numbers in told.items() if len(numbers) > parcels[no]}
        by_carrier: dict[str | None, dict[str, str]] = {}
        for no, numbers in told.items():
            for part, (number, carrier) in enumerate(numbers.items() if no not in against else (), 1):
                by_carrier.setdefault(carrier, {})[part_name(no, part)] = number
        wrote = sum(_write(tx, by, _held(tx, shop_id, batch_no), carrier, each, {}, now) for carrier, each in by_carrier.items())
        return wrote, tuple(against.items())

    return transact(house.pool, work)


def _too_many(numbers: int, parcels: int) -> Say:
    return say(
        "The list gives this order more numbers ({numbers}) than it has parcels ({parcels}). None of them was written down; keep the right one.",
        numbers=numbers,
        parcels=parcels,
    )


def write_in_order(house: House, by: Person, shop_id: ShopId, batch_no: int, carrier: str | None, numbers: Sequence[str], now: datetime) -> int:
    """Gives the numbers to the parcels that have none, in the order of the batch. Raises Refused where there are more numbers than parcels."""
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    wanting = list(dict.fromkeys(name for line in view.lines for name in _wanting(line, view)))
    if len(numbers) > len(wanting):
        raise Refused(say("{numbers} numbers were given, but only {parcels} parcels have none yet.", numbers=len(numbers), parcels=len(wanting)))
    return write_numbers(house, by, shop_id, batch_no, carrier, dict(zip(wanting, numbers, strict=False)), now)


def _wanting(line: BatchLine, view: BatchView) -> Iterator[str]:
    """The names of the parcels of an order that wait for a number: of its own parcel the first order's, whoever else lies in it."""
    if line.waits and line.batch_row.tracking_no is None:
        yield next(one.batch_row.order_no for one in view.waiting if one.batch_row.parcel == line.batch_row.parcel and one.batch_row.tracking_no is None)
    for row in line.waiting:
        if row.tracking_no is None:
            yield part_name(row.order_no, row.part)


class _Held(msgspec.Struct, frozen=True):
    """A batch whose orders stay as they are until the transaction ends."""

    shop_id: ShopId
    batch: Batch
    listed: Mapping[str, BatchRow]
    parts: Mapping[tuple[str, int], PartRow]
    waiting: frozenset[str]
    """The orders of which no label was printed."""
    splittable: frozenset[str]
    """The orders of which a further parcel may still get its number."""


def _held(tx: Tx, shop_id: ShopId, batch_no: int) -> _Held:
    batch = ship_batches.one(tx, shop_id, batch_no)
    if batch is None:
        raise Refused(say("There is no such batch."))
    steps = {no: row.step for no, row in held_rows(tx, shop_id, [row.order_no for row in ship_batches.rows(tx, shop_id, batch_no)]).items()}
    listed = {row.order_no: row for row in ship_batches.rows(tx, shop_id, batch_no)}  # as they are now that nobody else writes
    parts = {(row.order_no, row.part): row for rows in ship_parts.of_orders(tx, shop_id, list(listed)).values() for row in rows if row.part > 1}
    waiting = frozenset(no for no in listed if steps.get(no) == Step.BATCH)
    return _Held(shop_id, batch, listed, parts, waiting, frozenset(no for no in listed if steps.get(no) in SPLITTABLE))


def _write(tx: Tx, by: Person, held: _Held, carrier: str | None, numbers: Mapping[str, str], carriers: Mapping[str, str], now: datetime) -> int:
    """How many numbers were written down, of those that may still be."""
    shop_id, listed, batch_no = held.shop_id, held.listed, held.batch.batch_no
    if carrier and carrier != held.batch.carrier and not any(row.because for row in listed.values()):
        ship_batches.set_carrier(tx, shop_id, batch_no, carrier)  # of a batch by advice each parcel has its own

    named = {listed[no].parcel: name for no, name in carriers.items() if no in listed and name != listed[no].carrier}

    def with_whom(no: str) -> str | None:
        return named.get(listed[no].parcel) or carrier or listed[no].carrier or held.batch.carrier

    told = {no: as_number(text) for no, text in numbers.items() if no in held.waiting}
    told |= _shared(listed, told)
    told |= {no: listed[no].tracking_no or "" for no in held.waiting if listed[no].parcel in named and no not in told}
    told_parts = {at: row.tracking_no for at, row in held.parts.items() if row.tracking_no and listed[row.order_no].parcel in named}
    told_parts |= _of_parts(numbers, held.splittable)
    wrote = ship_parts.write(tx, shop_id, [(no, part, with_whom(no), as_number(text) or None) for (no, part), text in told_parts.items()])
    ship_batches.write(tx, shop_id, batch_no, [(no, with_whom(no), number or None) for no, number in told.items()], by=by.person_id, now=now)
    follow_orders(tx, shop_id, list(told))
    return len(told) + wrote


def _in_the_way(held: _Held, name: str, row: WrittenRow) -> Say | None:
    """Why a row is not written as somebody changed it: it waits no longer, or is not what they saw any more."""
    no, part = parcel_named(name, held.listed)
    stands: BatchRow | PartRow | None = held.listed.get(no) if part < 2 else held.parts.get((no, part))
    if stands is None or no not in (held.waiting if part < 2 else held.splittable):
        return say("It does not wait for its label in this batch any more, so that nothing was changed.")
    number, carrier = as_number(stands.tracking_no or ""), stands.carrier or ""
    is_another = number not in (as_number(row.number_was), as_number(row.number))
    if is_another and row.told_number:
        return say(
            "Somebody else changed it after you opened the page: its number is {tracking_no} now. {typed} was not written down; look which of them is right.",
            tracking_no=number or None,
            typed=row.told_number,
        )
    if is_another or (row.told_carrier and carrier not in (row.carrier_was.strip(), row.told_carrier)):
        return say(
            "Somebody else changed it after you opened the page: it goes with {carrier} now. Your change was not written down; look at it again.",
            carrier=carrier or None,
        )
    return None


def _need_short(*texts: str) -> None:
    if max(map(len, texts), default=0) > LONGEST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))


def part_name(order_no: str, part: int) -> str:
    """How a form names one parcel of an order: the order itself, or a further parcel of it."""
    return order_no if part < 2 else f"{order_no}#{part}"


def parcel_named(name: str, listed: Collection[str]) -> tuple[str, int]:
    """The order and the parcel that a form names so, among these orders."""
    no, mark, part = name.rpartition("#")
    if name not in listed and mark and no in listed and part.isdecimal() and len(part) < _LONGEST_PART:
        return no, int(part)
    return name, 1


def _of_parts(numbers: Mapping[str, str], listed: Collection[str]) -> dict[tuple[str, int], str]:
    """What was told for further parcels of orders of the batch, by order and parcel."""
    found = {parcel_named(name, listed): text for name, text in numbers.items()}
    return {(no, part): text for (no, part), text in found.items() if part > 1}


def _shared(listed: Mapping[str, BatchRow], told: Mapping[str, str]) -> dict[str, str]:
    """One parcel has one number: what was told for one of its orders holds for the others that nothing was told of, unless they have one of their own."""
    by_parcel = {listed[no].parcel: (number, listed[no].tracking_no) for no, number in told.items()}
    left = {no: by_parcel[row.parcel] for no, row in listed.items() if row.parcel in by_parcel and no not in told}
    return {no: number for no, (number, before) in left.items() if listed[no].tracking_no in (None, before)}
