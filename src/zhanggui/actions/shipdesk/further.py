"""The platform is told of the further parcels of orders that go in several, once it knows the first: it takes them of shipped orders alone."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.core.acts import AddParcels
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import ParcelKind
from zhanggui.core.renumbering.states import ExtraState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import connections, journal, number_changes, ship_parts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.chasing import ExtraParcelMoved
from zhanggui.records.ship_parts import PartRow

MOST = 500


def further_to_tell(house: House, by: Person, shop_id: ShopId) -> tuple[PartRow, ...]:
    """The further parcels with a label that the platform can be told of now and was not."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    with house.pool.connection() as tx:
        return tuple(ship_parts.to_tell(tx, shop_id, MOST))


def tell_further(house: House, by: Person, shop_id: ShopId, now: datetime) -> int:
    """How many further parcels are told of: through the door in a connected shop; in any other a person has entered them in the back office.

    Each stands among the numbers under Chase and claim from then on, with the message to the buyer. Raises Refused where the door is closed to it.
    """
    by.need(Permission.SHIPPING_UPLOAD, shop_id)

    def work(tx: Tx) -> int:
        rows = ship_parts.to_tell(tx, shop_id, MOST)
        is_connected = bool(connections.connected(tx, [shop_id]))
        for row in rows:
            _told(tx, house, by, shop_id, row, now, through_the_door=is_connected)
        return len(rows)

    return transact(house.pool, work)


def _told(tx: Tx, house: House, by: Person, shop_id: ShopId, row: PartRow, now: datetime, *, through_the_door: bool) -> None:
    number, carrier = row.tracking_no or "", row.carrier or ""
    state = ExtraState.NOTED if through_the_door else ExtraState.TOLD
    extra_no = number_changes.insert_extra(
        tx,
        shop_id,
        order_no=row.order_no,
        kind=ParcelKind.EXTRA.value,
        carrier=carrier,
        tracking_no=number,
        state=state.value,
        made_by=by.person_id,
        made_at=now,
    )
    ship_parts.told(tx, shop_id, row.order_no, row.part, now)
    if extra_no is None:
        return  # somebody named it there already
    entry = ExtraParcelMoved(ParcelKind.EXTRA.value, carrier, number, state.value)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=row.order_no)
    if through_the_door:
        request = AddParcels(order_no=row.order_no, parcel_kind=ParcelKind.EXTRA, tracking_no=number, carrier=carrier or None)
        act_no = decide(tx, house, by, shop_id, request, now)
        extra = number_changes.locked_extras(tx, shop_id, [extra_no])[0]
        number_changes.save_extra(tx, msgspec.structs.replace(extra, act_no=act_no))
