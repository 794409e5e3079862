"""One step of many orders on their way out: locked, judged by the facts as they stand, moved by the table, told to the journal. One transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from psycopg import errors

from zhanggui.actions.goods.following import follow_orders as follow_goods
from zhanggui.actions.goods.packing import weighed
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.recalls.asking import recall_asked
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.dispatch import Dispatch, DispatchEvent, DispatchState, StepOutcome, moved_on
from zhanggui.core.dispatch.judging import asks_for_recall, follows, kept_by_company, not_to_leave, travels_with
from zhanggui.core.dispatch.parcels import not_called_back, to_call_back
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatches, journal, locks
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.dispatch import DispatchMoved
from zhanggui.records.wakes import wake

T = TypeVar("T")
MOST = 2_000
"""Orders in one step: more are done in several."""
NO_SUCH_ORDER = say("The shop has no such order.")
_TO_OR_FRO = frozenset({DispatchState.HANDED_OVER, DispatchState.RECALLED, DispatchState.DESTROYED})
"""States into and out of which goods leave the shelves or lie on them again."""


class Standing(msgspec.Struct, frozen=True):
    """One order as it stands while we hold it: how far it is on its way out, what is known of it, and whether an act of ours pays its buyer back."""

    dispatch: Dispatch
    known: OrderKnowledge
    is_repaid: bool
    company: tuple[Dispatch, ...] = ()
    """The other orders that bear the same tracking number."""
    against_company: Say | None = None
    """Why one of those may not leave, and so the parcel that holds them all."""

    @property
    def against(self) -> Say | None:
        """Why it may not leave, by the facts."""
        return not_to_leave(self.known, is_repaid=self.is_repaid)

    @property
    def against_parcel(self) -> Say | None:
        """The same, or why another order that lies in the same parcel may not."""
        return self.against or self.against_company

    @property
    def is_in_company(self) -> bool:
        """Whether other orders travel under its number."""
        return travels_with(self.company)


class Changed(msgspec.Struct, frozen=True):
    """What a step makes of an order: the event and the fields it sets; or why nothing of it is done. Neither: it was done before."""

    event: DispatchEvent | None = None
    fields: Mapping[str, Any] = msgspec.field(default_factory=dict)
    why: Say | None = None
    done: bool = True


Decides = Callable[[Standing], Changed]
Then = Callable[[Tx, Sequence[str]], None]


def refusing(why: Say) -> Changed:
    """Nothing is done, for this reason."""
    return Changed(why=why, done=False)


def step(
    house: House, by: Person, need: Permission, shop_id: ShopId, order_nos: Sequence[str], now: datetime, decides: Decides, then: Then | None = None
) -> tuple[StepOutcome, ...]:
    """What became of each order, in the order given; `then` follows up what was done, while all of it is still held.

    Raises Refused where an import is just being stored, or too many are named.
    """

    def work(tx: Tx, wanted: Sequence[str]) -> tuple[StepOutcome, ...]:
        outcomes = step_in(tx, shop_id, wanted, now, by.person_id, decides)
        done = [one.order_no for one in outcomes if one.done]
        if then is not None and done:
            then(tx, done)
        return outcomes

    return of_orders(house, by, need, shop_id, order_nos, work)


def of_orders(
    house: House, by: Person, need: Permission, shop_id: ShopId, order_nos: Sequence[str], work: Callable[[Tx, Sequence[str]], tuple[StepOutcome, ...]]
) -> tuple[StepOutcome, ...]:
    """What `work` makes of these orders, each once, in one transaction. Raises Refused where an import is just being stored, or too many are named."""
    by.need(need, shop_id)
    wanted = list(dict.fromkeys(order_nos))
    if len(wanted) > MOST:
        raise Refused(say("At most {most} orders go through a step at once.", most=MOST))
    return in_one_transaction(house, lambda tx: work(tx, wanted)) if wanted else ()


def in_one_transaction(house: House, work: Callable[[Tx], T]) -> T:
    """What `work` returns, done in one transaction that holds orders. Raises Refused where an import is just being stored."""
    try:
        return transact(house.pool, work)
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None


def step_in(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime, by: int | None, decides: Decides) -> tuple[StepOutcome, ...]:
    """The same in the caller's transaction, which has locked nothing of the shop yet."""
    standing = held(tx, shop_id, order_nos)
    stepping = Stepping(tx, shop_id, now, by)
    outcomes = tuple(
        StepOutcome(no, done=False, why=NO_SUCH_ORDER) if no not in standing else apply(stepping, standing[no], decides(standing[no])) for no in order_nos
    )
    stepping.store()
    return outcomes


def held(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Standing]:
    """These orders as they stand, and as they stay until the transaction ends: the shop is shared, so that no facts come, and the rows are ours. So are those
    of the other orders in their parcels.
    """
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    rows = _held_with_company(tx, shop_id, order_nos)
    known = orders_known(tx, shop_id, list(rows))
    repaid = repaid_among(tx, shop_id, known)
    standing = in_parcels([Standing(row, known[no], no in repaid) for no, row in rows.items() if no in known])
    return {no: standing[no] for no in order_nos if no in standing}


def _held_with_company(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Dispatch]:
    """The rows of these orders and of the others in their parcels. Who lies in a parcel is asked again once the rows are held: until then another label may
    have been printed with its number.
    """
    wanted = {*order_nos, *dispatches.in_company(tx, shop_id, order_nos)}
    rows = dispatches.hold(tx, shop_id, sorted(wanted))
    while joined := set(dispatches.in_company(tx, shop_id, order_nos)) - wanted:
        wanted |= joined
        rows |= dispatches.hold(tx, shop_id, sorted(joined))
    return rows


def in_parcels(alone: Sequence[Standing]) -> dict[str, Standing]:
    """Each of them with those of the others that bear the same tracking number."""
    of_number: dict[str | None, list[Standing]] = {}
    for one in alone:
        of_number.setdefault(one.dispatch.tracking_no, []).append(one)
    return {one.dispatch.order_no: _in_parcel(one, of_number[one.dispatch.tracking_no]) for one in alone}


def _in_parcel(one: Standing, together: Sequence[Standing]) -> Standing:
    if one.dispatch.tracking_no is None or len(together) == 1:
        return one
    others = [other for other in together if other is not one]
    why = kept_by_company((other.dispatch, other.against) for other in others)
    return msgspec.structs.replace(one, company=tuple(other.dispatch for other in others), against_company=why)


def repaid_among(tx: Tx, shop_id: int, known: Mapping[str, OrderKnowledge]) -> set[str]:
    """The orders whose buyers an act of ours pays back now, or may have, or has paid back whole. A part that was paid back is for the facts to tell."""
    found = set()
    for no, acts in dispatches.paying_back(tx, shop_id, list(known)).items():
        paid = known[no].order.pay_amount
        if any(state != "carried_out" or paid is None or money >= paid for state, money in acts):
            found.add(no)
    return found


class Stepping:
    """The steps made in one transaction, stored together."""

    def __init__(self, tx: Tx, shop_id: int, now: datetime, by: int | None) -> None:
        self._tx = tx
        self._shop_id = shop_id
        self.now = now
        self._by = by
        self._changed: list[Dispatch] = []
        self._rows: list[journal.Row] = []
        self._crossed: set[str] = set()
        """Orders whose goods crossed the threshold, out or back."""
        self._weighed: dict[str, int | None] = {}

    def move(self, dispatch: Dispatch, event: DispatchEvent, fields: Mapping[str, Any]) -> Dispatch:
        """The order after this event. Raises NoSuchMove where the table has no such step."""
        state = moved_on(dispatch.state, event)
        after = msgspec.structs.replace(dispatch, state=state, moved_at=self.now, **fields)
        entry = DispatchMoved(event.value, None if state is None else state.value, after.tracking_no, fields.get("weight_g"))
        by = None if event in BY_ITSELF else self._by
        self._rows.append(journal.row(self._shop_id, entry, self.now, by, SubjectKind.ORDER.value, dispatch.order_no, None))
        self._changed.append(after)
        if state is not dispatch.state and {state, dispatch.state} & _TO_OR_FRO:
            self._crossed.add(dispatch.order_no)
        if "weight_g" in fields:
            self._weighed[dispatch.order_no] = fields["weight_g"]
        return after

    def set(self, dispatch: Dispatch, fields: Mapping[str, Any]) -> Dispatch:
        """The order with these particulars, without a step."""
        after = msgspec.structs.replace(dispatch, **fields)
        if after != dispatch:
            self._changed.append(after)
        if after.weight_g != dispatch.weight_g:
            self._weighed[dispatch.order_no] = after.weight_g
        return after

    def call_back(self, dispatch: Dispatch, known: OrderKnowledge, why: Say) -> Dispatch:
        """The order with each parcel asked back that the buyer has not got, which a list of such parcels follows up; later with those noted since."""
        parcels = to_call_back(dispatch, known) if dispatch.recall_asked_at is None else not_called_back(dispatch, known)
        for carrier, number in parcels:
            recall_asked(self._tx, self._shop_id, dispatch.order_no, carrier, number, self.now, why, left_at=dispatch.handed_at)
        return self.set(dispatch, {"recall_asked_at": dispatch.recall_asked_at or self.now, "because": why})

    def store(self) -> None:
        """Stores what was made, tells the journal, and wakes whoever shows the shop."""
        last = {dispatch.order_no: dispatch for dispatch in self._changed}
        dispatches.save(self._tx, self._shop_id, last.values())
        journal.copy_many(self._tx, self._rows)
        if self._crossed:
            follow_goods(self._tx, self._shop_id, sorted(self._crossed), self.now, self._by)
        for order_no, weight_g in self._weighed.items():
            weighed(self._tx, ShopId(self._shop_id), order_no, weight_g, self.now)
        if last:
            follow_orders(self._tx, self._shop_id, sorted(last))
            wake(self._tx, self._shop_id, sorted(last))


BY_ITSELF = frozenset({DispatchEvent.HALT, DispatchEvent.SPARE, DispatchEvent.RELEASE})
"""What the house does because of the facts, whoever looked at them."""


def followed(stepping: Stepping, standing: Standing, now: datetime) -> Dispatch:
    """The order after what the facts do to it by themselves."""
    dispatch = standing.dispatch
    step_on = follows(dispatch, standing.known, is_repaid=standing.is_repaid, is_in_company=standing.is_in_company)
    if step_on is not None:
        event, why = step_on
        dispatch = stepping.move(dispatch, event, _set_by(event, why, now))
    why = asks_for_recall(dispatch, standing.known)
    if why is not None and (dispatch.recall_asked_at is None or not_called_back(dispatch, standing.known)):
        return stepping.call_back(dispatch, standing.known, why)
    if why is None and dispatch.recall_asked_at is not None and dispatch.state is DispatchState.HANDED_OVER:
        return stepping.set(dispatch, {"recall_asked_at": None, "because": None})
    return dispatch


def _set_by(event: DispatchEvent, why: Say | None, now: datetime) -> Mapping[str, Any]:
    match event:
        case DispatchEvent.HALT:
            return {"because": why, "halted_at": now}
        case DispatchEvent.LEFT:
            return {"handed_at": now, "because": None, "halted_at": None, "slot_at": None, "slot_by": None, "destroyed_at": None, "destroyed_by": None}
        case _:
            return CLEARED


CLEARED: Mapping[str, Any] = {"because": None, "halted_at": None, "packed_at": None, "packed_by": None}
"""What no longer holds of an order that goes on after it was halted: its goods are checked again."""


def apply(stepping: Stepping, standing: Standing, changed: Changed) -> StepOutcome:
    """The step made, and what the facts do to the order afterwards."""
    no, dispatch = standing.dispatch.order_no, standing.dispatch
    if changed.event is not None:
        dispatch = stepping.move(dispatch, changed.event, changed.fields)
    elif changed.fields:
        dispatch = stepping.set(dispatch, changed.fields)
    after = followed(stepping, msgspec.structs.replace(standing, dispatch=dispatch), stepping.now)
    return StepOutcome(no, done=changed.done, why=changed.why, state=after.state)


def order_nos_of(tx: Tx, shop_id: int, codes: Iterable[str]) -> list[str]:
    """The orders that these codes name: tracking numbers printed here, else order numbers."""
    listed = [code.strip() for code in codes if code.strip()]
    found = dispatches.orders_of_codes(tx, shop_id, listed)
    return list(dict.fromkeys(found.get(code, code) for code in listed))
