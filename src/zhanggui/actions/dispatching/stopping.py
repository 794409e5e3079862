"""The destroy list: what was printed and must not leave. The warehouse finds each parcel, destroys its label, and says so."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Changed, Standing, refusing, step
from zhanggui.core.dispatch import DispatchEvent, DispatchState, StepOutcome
from zhanggui.core.dispatch.moves import leads_on
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ship_parts


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
    """Takes back that the labels of these orders were destroyed: somebody clicked wrongly."""

    def decides(standing: Standing) -> Changed:
        if standing.dispatch.state is not DispatchState.DESTROYED:
            return refusing(say("Nobody has said that its label is destroyed."))
        if standing.is_repaid:
            return refusing(say("The buyer was paid back because the label was destroyed. Destroy it now, if it is still about."))
        return Changed(DispatchEvent.KEEP, {"destroyed_at": None, "destroyed_by": None})

    return step(house, by, Permission.SHIPPING_WRITE, shop_id, order_nos, now, decides)
