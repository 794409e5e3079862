"""The numbers of a batch are taken from the platform: one a parcel, written down with its orders."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import BatchLine, BatchView, batch_view
from zhanggui.actions.shipdesk.numbering import part_name, write_numbers
from zhanggui.actions.waybills import WaybillOutcome, account_for, get_waybills
from zhanggui.actions.waybills.taking import Parcel
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId


def take_numbers(
    house: House, by: Person, shop_id: ShopId, batch_no: int, account_no: int | None, now: datetime, wall: datetime
) -> tuple[int, tuple[tuple[str, Say], ...]]:
    """Takes a number for every parcel of the batch that waits, from this account; from None, each from the account with the carrier it goes with. Says how
    many have one now, and which orders have none and why.
    """
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    wanted = _wanted(view)
    if not wanted:
        raise Refused(say("Every parcel of this batch has its number already."))
    taken, against = 0, list[tuple[str, Say]]()
    for carrier, parcels in wanted.items() if account_no is None else {None: [one for listed in wanted.values() for one in listed]}.items():
        account = _account(house, by, shop_id, carrier, now) if account_no is None else account_no
        if isinstance(account, Say):
            against += [(no, account) for parcel in parcels for no in parcel.order_nos]
            continue
        told, why_not = _take(house, by, shop_id, batch_no, account, parcels, now, wall)
        taken, against = taken + told, against + why_not
    return taken, tuple(against)


def _take(
    house: House, by: Person, shop_id: ShopId, batch_no: int, account_no: int, parcels: Sequence[Parcel], now: datetime, wall: datetime
) -> tuple[int, list[tuple[str, Say]]]:
    outcomes: list[tuple[int, WaybillOutcome]] = []
    for part in sorted({parcel.part for parcel in parcels}):
        of_part = [parcel.order_nos for parcel in parcels if parcel.part == part]
        nos, groups = [no for together in of_part for no in together], [group for group in of_part if len(group) > 1]
        outcomes += [(part, one) for one in get_waybills(house, by, shop_id, nos, account_no, now, wall, together=groups, part=part)]
    told = {part_name(outcome.order_no, part): outcome.waybill_no for part, outcome in outcomes if outcome.waybill_no}
    carrier = next((outcome.carrier for _, outcome in outcomes if outcome.carrier), None)
    if told:
        write_numbers(house, by, shop_id, batch_no, carrier, told, now)
    return len(told), [(outcome.order_no, outcome.why) for _, outcome in outcomes if outcome.waybill_no is None and outcome.why is not None]


def _wanted(view: BatchView) -> dict[str | None, list[Parcel]]:
    """The parcels that wait for a number, by the carrier they go with."""
    together: dict[int, list[BatchLine]] = {}
    for line in view.waiting:
        if line.batch_row.tracking_no is None:
            together.setdefault(line.batch_row.parcel, []).append(line)
    found: dict[str | None, list[Parcel]] = {}
    for lines in together.values():
        carrier = lines[0].batch_row.carrier or view.batch.carrier
        found.setdefault(carrier, []).append(Parcel(tuple(line.batch_row.order_no for line in lines), 1))
    for line in view.lines:
        carrier = line.batch_row.carrier or view.batch.carrier
        for row in line.waiting:
            if row.tracking_no is None:
                found.setdefault(row.carrier or carrier, []).append(Parcel((row.order_no,), row.part))
    return found


def _account(house: House, by: Person, shop_id: ShopId, carrier: str | None, now: datetime) -> int | Say:
    """The account with this carrier to take numbers from, or why there is none."""
    if carrier is None:
        return say("No carrier is named or advised for it. Choose an account.")
    account = account_for(house, by, shop_id, carrier, now)
    if account is None:
        return say("The shop has no account with {carrier}. Name another carrier, or choose an account for all.", carrier=carrier)
    return account.account_no if account.is_ready else (account.why_not or say("Nothing came of it. Try it again."))
