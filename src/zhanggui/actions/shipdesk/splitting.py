"""An order that does not fit into one parcel goes in several: each with its own number and label, all with one fate."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import SPLITTABLE
from zhanggui.actions.shipdesk.batching import held_rows
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, ship_batches, ship_parts, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.shipdesk import OrderSplit
from zhanggui.records.wakes import wake

MOST_PARTS = 20


def add_part(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> int:
    """How many parcels the order goes in now, with one more. Raises Refused once it is packed, or where others lie in its parcel."""
    by.need(Permission.SHIPPING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        _splittable(tx, shop_id, order_no)
        standing = len(ship_parts.of_orders(tx, shop_id, [order_no]).get(order_no, ())) or 1
        if standing >= MOST_PARTS:
            raise Refused(say("An order goes in {most} parcels at most.", most=MOST_PARTS))
        ship_parts.add(tx, shop_id, order_no, range(1, standing + 2), by=by.person_id, now=now)
        _tell(tx, by, shop_id, order_no, standing + 1, now)
        return standing + 1

    return transact(house.pool, work)


def drop_part(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> int:
    """How many parcels the order goes in now, without its last. Raises Refused where that has a label or a number of the platform."""
    by.need(Permission.SHIPPING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        _splittable(tx, shop_id, order_no)
        rows = ship_parts.of_orders(tx, shop_id, [order_no]).get(order_no, ())
        if len(rows) < 2:
            raise Refused(say("The order goes in one parcel."))
        last = rows[-1]
        if last.printed_at is not None:
            raise Refused(say("A label of parcel {part} was printed. Destroy it and give its number back first.", part=last.part))
        if waybills.alive_of_orders(tx, shop_id, [order_no], last.part):
            raise Refused(say("Parcel {part} has a number of the platform. Give it back on the Waybills page first.", part=last.part))
        ship_parts.drop(tx, shop_id, order_no, last.part if last.part > 2 else 1)
        _tell(tx, by, shop_id, order_no, last.part - 1, now)
        return last.part - 1

    return transact(house.pool, work)


def _splittable(tx: Tx, shop_id: ShopId, order_no: str) -> None:
    row = held_rows(tx, shop_id, [order_no]).get(order_no)
    if row is None or row.step not in SPLITTABLE or row.kept is not None:
        raise Refused(say("An order is parted into parcels once it stands in a batch, and before it is packed."))
    batch = ship_batches.of_orders(tx, shop_id, [order_no]).get(order_no)
    if batch is not None and any(one.parcel == batch.parcel and one.order_no != order_no for one in ship_batches.rows(tx, shop_id, batch.batch_no)):
        raise Refused(say("Other orders lie in its parcel. Put it back and take it into a batch of its own first."))


def _tell(tx: Tx, by: Person, shop_id: ShopId, order_no: str, parcels: int, now: datetime) -> None:
    entry = OrderSplit(parcels)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
    wake(tx, shop_id, [order_no])
