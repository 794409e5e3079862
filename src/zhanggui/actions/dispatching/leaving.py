"""The parcel is closed, handed to the carrier, taken back where that was said too early, or back in the house after it had left."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from zhanggui.actions.dispatching.fresh import freshened, minding
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Changed, Standing, Then, order_nos_of, refusing, step, step_in
from zhanggui.actions.recalls.ending import came_back
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.dispatch import DispatchEvent, DispatchState, StepOutcome
from zhanggui.core.dispatch.judging import has_left, not_to_pack
from zhanggui.core.dispatch.moves import IN_THE_HOUSE
from zhanggui.core.dispatch.parcels import awaited_with
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatches, ship_parts
from zhanggui.records.db import Tx

NEED = Permission.SHIPPING_WRITE
HEAVIEST_G = 1_000_000
_MAY_HAVE_LEFT = IN_THE_HOUSE | {DispatchState.TO_DESTROY}
_LEFT = frozenset({DispatchState.HANDED_OVER, DispatchState.RECALLED})


def packed(
    house: House, by: Person, shop_id: ShopId, order_nos: str | Sequence[str], weight_g: int | None, now: datetime, wall: datetime | None = None
) -> tuple[StepOutcome, ...]:
    """Whether the parcels of these orders (or of this one) are closed now. Packing one again keeps the new weight."""
    nos = [order_nos] if isinstance(order_nos, str) else order_nos
    if weight_g is not None and not 0 < weight_g <= HEAVIEST_G:
        raise Refused(say("A weight is between 1 g and {most} g.", most=HEAVIEST_G))
    doubt = freshened(house, by, NEED, shop_id, nos, now, wall)
    with house.pool.connection() as tx:
        unlabelled = {no: row.part for no, rows in ship_parts.of_orders(tx, shop_id, nos).items() for row in rows if row.part > 1 and row.printed_at is None}

    def decides(standing: Standing) -> Changed:
        why = standing.against_parcel or not_to_pack(standing.dispatch)
        if why is not None:
            return refusing(why)
        part = unlabelled.get(standing.dispatch.order_no)
        if part is not None:
            return refusing(say("Parcel {part} of the order has no label yet. Print it, or take that parcel off in its batch.", part=part))
        if standing.dispatch.state is DispatchState.PACKED:
            return Changed(fields={"weight_g": weight_g} if weight_g is not None else {})
        return Changed(DispatchEvent.PACK, {"packed_at": now, "packed_by": by.person_id, "weight_g": weight_g})

    return minding(step(house, by, NEED, shop_id, nos, now, decides), doubt)


def unpacked(house: House, by: Person, shop_id: ShopId, order_nos: str | Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """Takes packings back: somebody clicked wrongly, or the parcel was opened again."""
    nos = [order_nos] if isinstance(order_nos, str) else order_nos
    gone = {"packed_at": None, "packed_by": None, "weight_g": None}

    def then(tx: Tx, done: Sequence[str]) -> None:
        ship_parts.unpacked(tx, shop_id, done)

    return step(house, by, NEED, shop_id, nos, now, lambda standing: _only(standing, DispatchState.PACKED, DispatchEvent.UNPACK, gone), then)


def handed_over(house: House, by: Person, shop_id: ShopId, codes: Sequence[str], now: datetime, wall: datetime | None = None) -> tuple[StepOutcome, ...]:
    """Which of these orders the carrier has now; each is named by its order number or by the tracking number that was printed. What lies in the same parcels
    goes along.
    """
    by.need(NEED, shop_id)
    with house.pool.connection() as tx:
        order_nos = order_nos_of(tx, shop_id, codes)
        along = dispatches.of_orders(tx, shop_id, dispatches.in_company(tx, shop_id, order_nos))
    order_nos += sorted(no for no, dispatch in along.items() if dispatch.state in IN_THE_HOUSE and no not in set(order_nos))
    doubt = freshened(house, by, NEED, shop_id, order_nos, now, wall)

    def decides(standing: Standing) -> Changed:
        if standing.dispatch.state is DispatchState.HANDED_OVER:
            return Changed()
        why = standing.against_parcel or not_to_pack(standing.dispatch) or _joined(standing, order_nos, IN_THE_HOUSE)
        if why is not None:
            return refusing(why)
        return Changed(DispatchEvent.HAND_OVER, {"handed_at": now, "handed_by": by.person_id})

    return minding(step(house, by, NEED, shop_id, order_nos, now, decides), doubt)


def had_left(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """These parcels should not have left, or nobody said that they did, but the carrier has them: what remains is to call them back. Whatever else lies in them
    has left too, but for what was taken out and its label destroyed.
    """
    by.need(NEED, shop_id)
    order_nos = _with_company(house, shop_id, order_nos, _MAY_HAVE_LEFT)

    def decides(standing: Standing) -> Changed:
        at = standing.dispatch.state
        if at is DispatchState.HANDED_OVER:
            return Changed()
        if at not in _MAY_HAVE_LEFT:
            return refusing(say("There is no label of it that could have left."))
        joined = _joined(standing, order_nos, _MAY_HAVE_LEFT)
        if joined is not None:
            return refusing(joined)
        fields = {"handed_at": now, "handed_by": by.person_id, "because": None, "halted_at": None, "slot_at": None, "slot_by": None}
        return Changed(DispatchEvent.LEFT, fields)

    return step(house, by, NEED, shop_id, order_nos, now, decides, _reckoned(house, shop_id, now))


def taken_back(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """Takes a hand-over back that was said too early: the parcel is still in the house. Not where the carrier has scanned it."""

    def decides(standing: Standing) -> Changed:
        if standing.dispatch.state is DispatchState.HANDED_OVER and has_left(standing.dispatch, standing.known):
            return refusing(say("The carrier has scanned the parcel already. If it came back, say that it was recalled."))
        gone = {"handed_at": None, "handed_by": None, "recall_asked_at": None, "because": None}
        return _only(standing, DispatchState.HANDED_OVER, DispatchEvent.TAKE_BACK, gone)

    return step(house, by, NEED, shop_id, order_nos, now, decides)


def recalled(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """Every parcel of these orders had left and is back in the house, with whatever else lies in it; so the recalls of all of them end."""
    by.need(NEED, shop_id)
    order_nos = _with_company(house, shop_id, order_nos, (DispatchState.HANDED_OVER,))
    reckons = _reckoned(house, shop_id, now)

    def then(tx: Tx, done: Sequence[str]) -> None:
        ship_parts.unprinted(tx, shop_id, done)
        rows = dispatches.of_orders(tx, shop_id, done)
        came_back(tx, shop_id, [(no, number) for no, row in rows.items() for number in row.numbers or ("",)], now, by.person_id)
        reckons(tx, done)

    return step(house, by, NEED, shop_id, order_nos, now, lambda standing: _is_back(standing, now, by.person_id), then)


def recalled_in(tx: Tx, shop_id: ShopId, order_no: str, tracking_no: str, now: datetime, by: int | None) -> tuple[tuple[str, str], ...]:
    """The orders (with the number) whose parcel of this very number is back in the house with this, in the caller's transaction, which holds nothing yet.

    An order that bears another label by now stays as it is, and so does one of which another parcel is not here yet.
    """
    wanted = [order_no, *dispatches.in_company(tx, shop_id, [order_no])]
    here: list[str] = []

    def decides(standing: Standing) -> Changed:
        dispatch = standing.dispatch
        if tracking_no not in dispatch.numbers:
            return refusing(say("It bears another number by now."))
        if dispatch.state in _LEFT:
            here.append(dispatch.order_no)
        awaited = awaited_with(tracking_no, dispatch, standing.known)
        if dispatch.state is DispatchState.HANDED_OVER and awaited:
            return refusing(say("Parcel {number} of the order is not here yet.", number=awaited[0]))
        return _is_back(standing, now, by)

    done = [one.order_no for one in step_in(tx, shop_id, wanted, now, by, decides) if one.done]
    ship_parts.unprinted(tx, shop_id, done)
    return tuple((no, tracking_no) for no in here)


def sent_on(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """Takes a recall back: the parcel is with the carrier after all. Not where the money went back because of it."""

    def decides(standing: Standing) -> Changed:
        if standing.dispatch.state is DispatchState.RECALLED and standing.is_repaid:
            return refusing(say("The buyer was paid back because the parcel had come back. Look where it is, and call it back again."))
        return _only(standing, DispatchState.RECALLED, DispatchEvent.SEND_ON, {"recalled_at": None, "recalled_by": None})

    return step(house, by, NEED, shop_id, order_nos, now, decides, _reckoned(house, shop_id, now))


def _is_back(standing: Standing, now: datetime, by: int | None) -> Changed:
    fields = {"recalled_at": now, "recalled_by": by, "recall_asked_at": None}
    return _only(standing, DispatchState.HANDED_OVER, DispatchEvent.RECALL, fields, DispatchState.RECALLED)


def _joined(standing: Standing, order_nos: Collection[str], states: Collection[DispatchState]) -> Say | None:
    """That another order was put in the parcel at this very moment, which nobody has said anything of."""
    for other in standing.company:
        if other.state in states and other.order_no not in order_nos:
            return say("Order {order_no} has just been put in the same parcel. Look at it again.", order_no=other.order_no)
    return None


def _with_company(house: House, shop_id: ShopId, order_nos: Sequence[str], states: Collection[DispatchState]) -> list[str]:
    """These orders, and those in the same parcels that are in one of these states; no other goes along with an order that is in none of them itself."""
    with house.pool.connection() as tx:
        rows = dispatches.of_orders(tx, shop_id, order_nos)
        along = dispatches.of_orders(tx, shop_id, dispatches.in_company(tx, shop_id, [no for no, row in rows.items() if row.state in states]))
    return list(dict.fromkeys([*order_nos, *sorted(no for no, dispatch in along.items() if dispatch.state in states)]))


def _reckoned(house: House, shop_id: ShopId, now: datetime) -> Then:
    """Has the deadlines of orders computed in the same transaction: a recall that was just asked for runs by one."""

    def then(tx: Tx, order_nos: Sequence[str]) -> None:
        reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        reckoning.recompute(touch_orders(order_nos))
        reckoning.finish()

    return then


def _only(standing: Standing, state: DispatchState, event: DispatchEvent, fields: Mapping[str, object], done: DispatchState | None = None) -> Changed:
    """The step where the order is in this state; nothing where it is done already; else why not."""
    at = standing.dispatch.state
    if at is state:
        return Changed(event, fields)
    if done is not None and at is done:
        return Changed()
    if at is None:
        return refusing(say("Its label has not been printed here."))
    return refusing(say("It is {state} by now; look at it again.", state=at))
