"""Orders are taken into a batch, and put back."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.advised import advised_carriers
from zhanggui.actions.shipdesk.desk import MOST, Filter, chosen
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.core.batches import Step, parcels_of
from zhanggui.core.dispatch import StepOutcome
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatches, journal, locks, ship_batches, ship_parts, shipdesk
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.shipdesk import BatchMade, TakenFromBatch
from zhanggui.records.shipdesk import ShipRow

LONGEST_TEXT = 100
"""Characters of a carrier or a number that are written down: longer than any there is, short enough for the index."""


def make_batch(
    house: House,
    by: Person,
    shop_id: ShopId,
    now: datetime,
    *,
    order_nos: Sequence[str] = (),
    wanted: Filter | None = None,
    combine: bool = True,
    carrier: str | None = None,
) -> int:
    """The number of a new batch: of the orders named, else of all that the filter names. Where parcels are combined, what goes to the same doors comes along.

    Raises Refused where none of them can be taken.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    if len(order_nos) > MOST:
        raise Refused(say("At most {most} orders are taken in one go.", most=MOST))
    if len(carrier or "") > LONGEST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_TEXT))

    def work(tx: Tx) -> int:
        named = list(order_nos) or (chosen(tx, shop_id, wanted, now) if wanted is not None else [])
        named += _mates(tx, shop_id, named) if combine else []
        rows = held_rows(tx, shop_id, named)
        taken = [no for no in named if no in rows and rows[no].step in (Step.PRINT, Step.BATCH) and rows[no].kept is None]
        if not taken:
            raise Refused(say("None of these orders waits to be printed any more. Look at the list again."))
        parted = ship_parts.of_orders(tx, shop_id, taken)  # what goes in several parcels shares none of them
        parcels = parcels_of(taken, {no: None if no in parted else rows[no].door for no in taken}, combine=combine)
        batch_no = ship_batches.make(tx, shop_id, parcels, carrier=carrier or None, by=by.person_id, now=now)
        if not carrier:
            ship_batches.advise(tx, shop_id, advised_carriers(tx, shop_id, parcels, now))
        journal.write(tx, shop_id, BatchMade(batch_no, len(taken), len(parcels)), at=now, by=by.person_id)
        follow_orders(tx, shop_id, taken)
        return batch_no

    return transact(house.pool, work)


def _mates(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> list[str]:
    """The other orders that could lie in the parcels of these; what goes in several parcels neither comes along nor brings any."""
    parted = ship_parts.of_orders(tx, shop_id, order_nos)
    whole = [no for no in order_nos if no not in parted]
    found = [no for no in (shipdesk.mates(tx, shop_id, whole) if whole else []) if no not in set(order_nos)]
    beside = ship_parts.of_orders(tx, shop_id, found)
    return [no for no in found if no not in beside]


def put_back(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> int:
    """How many orders went back to the list of what is to be printed; what is printed already stays."""
    by.need(Permission.SHIPPING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        rows = held_rows(tx, shop_id, order_nos)
        taken = [no for no, row in rows.items() if row.step == Step.BATCH]
        batch_nos = {row.batch_no for row in rows.values() if row.step == Step.BATCH and row.batch_no is not None}
        ship_batches.take_out(tx, shop_id, taken)
        for batch_no in sorted(batch_nos):
            out = sum(1 for no in taken if rows[no].batch_no == batch_no)
            journal.write(tx, shop_id, TakenFromBatch(batch_no, out), at=now, by=by.person_id)
        follow_orders(tx, shop_id, taken)
        return len(taken)

    return transact(house.pool, work)


def held_rows(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, ShipRow]:
    """The rows of these orders, which stay as they are until the transaction ends."""
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    dispatches.hold(tx, shop_id, order_nos)
    return shipdesk.of_orders(tx, shop_id, order_nos)


def reasons(refused: Sequence[StepOutcome]) -> tuple[tuple[str, Say], ...]:
    """Order and reason of everything that was not done."""
    return tuple((each.order_no, each.why or say("It could not be done; look at it again.")) for each in refused)
