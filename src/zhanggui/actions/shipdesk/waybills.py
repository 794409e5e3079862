"""The numbers of a batch are taken from the platform: one a parcel, written down with its orders."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batching import batch_view, write_numbers
from zhanggui.actions.waybills import get_waybills
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId


def take_numbers(
    house: House, by: Person, shop_id: ShopId, batch_no: int, account_no: int, now: datetime, wall: datetime
) -> tuple[int, tuple[tuple[str, Say], ...]]:
    """Takes a number from this account for every parcel of the batch that waits; says how many orders have one now, and which have none and why."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    parcels: dict[int, list[str]] = {}
    for line in view.waiting:
        if line.batch_row.tracking_no is None:
            parcels.setdefault(line.batch_row.parcel, []).append(line.batch_row.order_no)
    if not parcels:
        raise Refused(say("Every parcel of this batch has its number already."))
    nos = [no for together in parcels.values() for no in together]
    outcomes = get_waybills(house, by, shop_id, nos, account_no, now, wall, together=[group for group in parcels.values() if len(group) > 1])
    told = {outcome.order_no: outcome.waybill_no for outcome in outcomes if outcome.waybill_no}
    carrier = next((outcome.carrier for outcome in outcomes if outcome.carrier), None)
    if told:
        write_numbers(house, by, shop_id, batch_no, carrier, told, now)
    return len(told), tuple((outcome.order_no, outcome.why) for outcome in outcomes if outcome.waybill_no is None and outcome.why is not None)
