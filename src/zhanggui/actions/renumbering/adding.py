"""Further parcels of a shipped order: a part of it, something sent once more, a gift; told to the platform and to the buyer."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.money.freight import drop_freight, write_freight
from zhanggui.actions.outbox import decide
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.changing import refuse_doubtful, shipped_or_received
from zhanggui.actions.renumbering.keeping import need_no_act_under_way, need_saved, tell, the_one
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.acts import AddParcels
from zhanggui.core.facts import FurtherParcel, ParcelKind
from zhanggui.core.numbers import as_number
from zhanggui.core.renumbering.states import ExtraState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatches, locks, number_changes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.chasing import BuyerToldOfNumber, ExtraParcelMoved
from zhanggui.records.number_changes import ExtraRecord


def add_parcel(
    house: House, by: Person, shop_id: ShopId, order_no: str, kind: ParcelKind, carrier: str, text: str, now: datetime, *, is_sure: bool = False
) -> int:
    """The number of the further parcel. Raises Refused where the order is not shipped or the number cannot be, Doubtful where it looks wrong."""
    by.need(Permission.CHASING_WRITE, shop_id)
    order_no, carrier, number = order_no.strip(), carrier.strip(), as_number(text)
    if not carrier:
        raise Refused(say("Name the carrier."))
    refuse_doubtful(house, by, shop_id, order_no, carrier, number, now, is_sure=is_sure)

    def work(tx: Tx) -> int:
        locks.share_shop(tx, shop_id)
        order = shipped_or_received(tx, shop_id, order_no)
        if order.tracking_no == number:
            raise Refused(say("The order bears {number} already.", number=number))
        extra_no = number_changes.insert_extra(
            tx,
            shop_id,
            order_no=order_no,
            kind=kind.value,
            carrier=carrier,
            tracking_no=number,
            state=ExtraState.NOTED.value,
            made_by=by.person_id,
            made_at=now,
        )
        if extra_no is None:
            raise Refused(say("The order bears {number} already.", number=number))
        tell(tx, by, shop_id, order_no, ExtraParcelMoved(kind.value, carrier, number, ExtraState.NOTED.value), now)
        _followed(tx, house, shop_id, order_no, FurtherParcel(kind, carrier, number, now), now)
        write_freight(tx, house, by, shop_id, order_no, kind, extra_no, now)
        return extra_no

    return transact(house.pool, work)


def send_parcel(house: House, by: Person, shop_id: ShopId, extra_no: int, now: datetime) -> int:
    """The number of the act that tells the platform. Raises Refused where the door is closed to it."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> int:
        extra = _noted(tx, shop_id, extra_no)
        request = AddParcels(order_no=extra.order_no, parcel_kind=ParcelKind(extra.kind), tracking_no=extra.tracking_no, carrier=extra.carrier)
        act_no = decide(tx, house, by, shop_id, request, now)
        need_saved(number_changes.save_extra(tx, msgspec.structs.replace(extra, act_no=act_no)))
        return act_no

    return transact(house.pool, work)


def move_parcel(house: House, by: Person, shop_id: ShopId, extra_no: int, state: ExtraState, now: datetime) -> None:
    """Somebody entered the parcel in the back office, or it is not sent after all. Raises Refused where it is dropped while the platform is being told."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.share_shop(tx, shop_id)
        extra = _noted(tx, shop_id, extra_no)
        if state is ExtraState.DROPPED:
            need_no_act_under_way(tx, shop_id, extra.act_no)
        need_saved(number_changes.save_extra(tx, msgspec.structs.replace(extra, state=state.value)))
        if state is ExtraState.DROPPED:
            parcel = FurtherParcel(ParcelKind(extra.kind), extra.carrier, extra.tracking_no)
            _followed(tx, house, shop_id, extra.order_no, parcel, now, is_gone=True)
            drop_freight(tx, house, by, shop_id, extra.order_no, extra_no, now)
        tell(tx, by, shop_id, extra.order_no, ExtraParcelMoved(extra.kind, extra.carrier, extra.tracking_no, state.value), now)

    transact(house.pool, work)


def told_buyer_of_parcel(house: House, by: Person, shop_id: ShopId, extra_no: int, now: datetime) -> None:
    """The buyer was told of the further parcel."""
    by.need(Permission.CHASING_WRITE, shop_id)

    def work(tx: Tx) -> None:
        extra = _held(tx, shop_id, extra_no)
        need_saved(number_changes.save_extra(tx, msgspec.structs.replace(extra, told_at=now, told_by=by.person_id)))
        entry = BuyerToldOfNumber(extra.tracking_no)
        tell(tx, by, shop_id, extra.order_no, entry, now)

    transact(house.pool, work)


def _followed(tx: Tx, house: House, shop_id: ShopId, order_no: str, parcel: FurtherParcel, now: datetime, *, is_gone: bool = False) -> None:
    """Has the parcel followed on its way like the order's own, or not any more."""
    dispatches.note_further(tx, shop_id, order_no, parcel, is_gone=is_gone)
    reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
    reckoning.recompute(touch_orders([order_no]))
    reckoning.finish()


def _noted(tx: Tx, shop_id: ShopId, extra_no: int) -> ExtraRecord:
    extra = _held(tx, shop_id, extra_no)
    if extra.state != ExtraState.NOTED:
        raise Refused(say("Nothing is left to do with this parcel: {state}.", state=extra.state))
    return extra


def _held(tx: Tx, shop_id: ShopId, extra_no: int) -> ExtraRecord:
    return the_one(number_changes.locked_extras(tx, shop_id, [extra_no]))
