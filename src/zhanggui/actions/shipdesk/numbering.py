"""The numbers of a batch are written down: typed, scanned, or from a list; one for each parcel."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import SPLITTABLE, BatchLine, BatchView, batch_view
from zhanggui.actions.shipdesk.batching import LONGEST_TEXT, held_rows
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.core.batches import Step
from zhanggui.core.numbers import as_number
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ship_batches, ship_parts
from zhanggui.records.db import Tx, transact
from zhanggui.records.ship_batches import BatchRow

_LONGEST_PART = 3


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
    if max(len(text) for text in (carrier or "", *own.values(), *map(as_number, numbers.values()))) > LONGEST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))

    def work(tx: Tx) -> int:
        batch = ship_batches.one(tx, shop_id, batch_no)
        if batch is None:
            raise Refused(say("There is no such batch."))
        listed = {row.order_no: row for row in ship_batches.rows(tx, shop_id, batch_no)}
        rows = held_rows(tx, shop_id, list(listed))
        if carrier and carrier != batch.carrier and not any(row.because for row in listed.values()):
            ship_batches.set_carrier(tx, shop_id, batch_no, carrier)  # of a batch by advice each parcel has its own

        named = {listed[no].parcel: name for no, name in own.items() if no in listed and name != listed[no].carrier}

        def with_whom(no: str) -> str | None:
            return named.get(listed[no].parcel) or carrier or listed[no].carrier or batch.carrier

        told = {no: as_number(text) for no, text in numbers.items() if no in listed and rows.get(no) is not None and rows[no].step == Step.BATCH}
        told |= {
            no: row.tracking_no or "" for no, row in listed.items() if row.parcel in named and no not in told and no in rows and rows[no].step == Step.BATCH
        }
        told_parts = _of_parts(numbers, {no for no in listed if no in rows and rows[no].step in SPLITTABLE})
        told |= _shared(listed, told)
        wrote = ship_parts.write(tx, shop_id, [(no, part, with_whom(no), as_number(text) or None) for (no, part), text in told_parts.items()])
        ship_batches.write(tx, shop_id, batch_no, [(no, with_whom(no), number or None) for no, number in told.items()], by=by.person_id, now=now)
        follow_orders(tx, shop_id, list(told))
        return len(told) + wrote

    return transact(house.pool, work)


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


def part_name(order_no: str, part: int) -> str:
    """How a form names one parcel of an order: the order itself, or a further parcel of it."""
    return order_no if part < 2 else f"{order_no}#{part}"


def _of_parts(numbers: Mapping[str, str], listed: Collection[str]) -> dict[tuple[str, int], str]:
    """What was told for further parcels of orders of the batch, by order and parcel."""
    found = {}
    for name, text in numbers.items():
        no, mark, part = name.rpartition("#")
        if name not in listed and mark and no in listed and part.isdecimal() and len(part) < _LONGEST_PART:
            found[no, int(part)] = text
    return found


def _shared(listed: Mapping[str, BatchRow], told: Mapping[str, str]) -> dict[str, str]:
    """One parcel has one number: what was told for one of its orders holds for the others that nothing was told of."""
    by_parcel = {listed[no].parcel: number for no, number in told.items()}
    return {no: by_parcel[row.parcel] for no, row in listed.items() if row.parcel in by_parcel and no not in told}
