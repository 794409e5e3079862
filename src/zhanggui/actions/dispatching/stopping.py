"""The destroy list: what was printed and must not leave. The warehouse finds each parcel, destroys its label, and says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.dispatching.asking import step_asking
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Changed, Standing, refusing, step
from zhanggui.core.dispatch import Dispatch, DispatchEvent, DispatchState, StepOutcome
from zhanggui.core.dispatch.moves import leads_on
from zhanggui.core.say import say
from zhanggui.core.waybills import NumberState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ship_parts, waybills
from zhanggui.records.db import Tx
from zhanggui.records.waybills import StoredWaybill


def destroyed(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """The labels of these orders are destroyed, and their goods are back on the shelf; a label may also be destroyed because it was misprinted."""

    def decides(standing: Standing) -> Changed:
        at = standing.dispatch.state
        if at is DispatchState.DESTROYED:
            return Changed()
        if at is None or not leads_on(at, DispatchEvent.DESTROY):
            left = say("The carrier has the parcel. Have it called back.")
            return refusing(left if at is DispatchState.HANDED_OVER else say("There is no label of it to destroy."))
        return Changed(DispatchEvent.DESTROY, {"destroyed_at": now, "destroyed_by": by.person_id, "slot_at": None, "slot_by": None})

    return step(house, by, Permission.SHIPPING_WRITE, shop_id, order_nos, now, decides, lambda tx, done: ship_parts.unprinted(tx, shop_id, done))


def kept_after_all(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """Takes back that the labels of these orders were destroyed: somebody clicked wrongly. Not where a number of theirs went back to its account since."""

    def decides(standing: Standing, taken: Mapping[str, Sequence[StoredWaybill]]) -> Changed:
        if standing.dispatch.state is not DispatchState.DESTROYED:
            return refusing(say("Nobody has said that its label is destroyed."))
        if standing.is_repaid:
            return refusing(say("The buyer was paid back because the label was destroyed. Destroy it now, if it is still about."))
        gone = _given_back(standing.dispatch, taken.get(standing.dispatch.order_no, ()))
        if gone is not None:
            return refusing(say("Its number {number} was given back to the account. Destroy the label now, if it is still about.", number=gone))
        return Changed(DispatchEvent.KEEP, {"destroyed_at": None, "destroyed_by": None})

    return step_asking(house, by, Permission.SHIPPING_WRITE, shop_id, order_nos, now, lambda tx, nos: _taken(tx, shop_id, nos), decides)


def _taken(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[StoredWaybill]]:
    """Every number that was ever taken for these orders, by order."""
    found: dict[str, list[StoredWaybill]] = {}
    for row in waybills.of_orders(tx, shop_id, order_nos):
        for no in row.order_nos:
            found.setdefault(no, []).append(row)
    return found


def _given_back(dispatch: Dispatch, taken: Sequence[StoredWaybill]) -> str | None:
    """The number on a label of the order that is its own no more; None where it has them all, or had none of the platform's."""
    rows = [row for row in taken if row.number in dispatch.numbers]
    kept = {row.number for row in rows if row.at in (NumberState.HELD, NumberState.USED)}
    return next((row.number for row in rows if row.number not in kept), None)
