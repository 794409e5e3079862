"""The numbers of a batch are taken from the platform: one a parcel, written down with its orders."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import BatchView, batch_view
from zhanggui.actions.shipdesk.numbering import part_name, write_numbers
from zhanggui.actions.waybills import WaybillOutcome, get_waybills
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId


def take_numbers(
    house: House, by: Person, shop_id: ShopId, batch_no: int, account_no: int, now: datetime, wall: datetime
) -> tuple[int, tuple[tuple[str, Say], ...]]:
    """Takes a number from this account for every parcel of the batch that waits; says how many have one now, and which orders have none and why."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    parcels: dict[int, list[str]] = {}
    for line in view.waiting:
        if line.batch_row.tracking_no is None:
            parcels.setdefault(line.batch_row.parcel, []).append(line.batch_row.order_no)
    further = _further(view)
    if not parcels and not further:
        raise Refused(say("Every parcel of this batch has its number already."))
    outcomes: list[tuple[int, WaybillOutcome]] = []
    if parcels:
        nos = [no for together in parcels.values() for no in together]
        groups = [group for group in parcels.values() if len(group) > 1]
        outcomes += [(1, one) for one in get_waybills(house, by, shop_id, nos, account_no, now, wall, together=groups)]
    for part, nos in further.items():
        outcomes += [(part, one) for one in get_waybills(house, by, shop_id, nos, account_no, now, wall, part=part)]
    told = {part_name(outcome.order_no, part): outcome.waybill_no for part, outcome in outcomes if outcome.waybill_no}
    carrier = next((outcome.carrier for _, outcome in outcomes if outcome.carrier), None)
    if told:
        write_numbers(house, by, shop_id, batch_no, carrier, told, now)
    return len(told), tuple((outcome.order_no, outcome.why) for _, outcome in outcomes if outcome.waybill_no is None and outcome.why is not None)


def _further(view: BatchView) -> dict[int, list[str]]:
    """The further parcels that wait for a number: by which parcel of its order, the orders."""
    found: dict[int, list[str]] = {}
    for line in view.lines:
        for row in line.waiting:
            if row.tracking_no is None:
                found.setdefault(row.part, []).append(row.order_no)
    return dict(sorted(found.items()))
