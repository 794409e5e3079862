"""Numbers given back to the account: said first, told to the platform after that, and told again until it has answered. Told twice it does no harm."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.following import follow_orders
from zhanggui.actions.waybills.calling import answered
from zhanggui.actions.waybills.moving import kept, moved, write
from zhanggui.actions.waybills.patience import LEASE, MOST_TRIES, backed_off
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.waybill import give_back as giving
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.moves import IN_THE_HOUSE
from zhanggui.core.facts import OrderStage
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import EndedBecause, NumberEvent, NumberState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, dispatches, locks, print_runs, ship_batches, ship_parts, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import WaybillGivenBack, WaybillGoesBack, WaybillKept
from zhanggui.records.says import packed
from zhanggui.records.waybills import StoredWaybill

MOST = 500
_GONE = ("已取消", "不存在", "NOT_FOUND", "CANCELLED", "CANCELED")
"""Words with which the platform says that there is no such number (any more). Assumed: its list of these texts is not published."""
_LATER = frozenset({Trouble.RETRY, Trouble.SLOW_DOWN, Trouble.TOKEN})


class BackOutcome(msgspec.Struct, frozen=True):
    """What came of giving a number back."""

    waybill_id: int
    number: str | None
    is_back: bool
    why: Say | None = None


def give_back(
    house: House, by: Person, shop_id: ShopId, waybill_ids: Sequence[int], reason: EndedBecause, now: datetime, wall: datetime
) -> tuple[BackOutcome, ...]:
    """Gives these numbers back; which went back, and why others did not: under one of which a label is about, a parcel could leave. Raises Refused."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    if len(waybill_ids) > MOST:
        raise Refused(say("At most {most} numbers are given back at once.", most=MOST))
    watch = Watch(now, wall)
    holder = f"{by.display_name}/back/{watch.wall.timestamp():.6f}"
    try:
        begun, why_not = transact(house.pool, lambda tx: _begun(tx, shop_id, waybill_ids, reason, by, holder, watch))
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None
    for waybill_id in begun:
        carry_back(house, shop_id, waybill_id, holder, watch)
    with house.pool.connection() as tx:
        rows = waybills.of_ids(tx, shop_id, waybill_ids)
    return tuple(BackOutcome(row.waybill_id, row.number, row.at is NumberState.GIVEN_BACK, why_not.get(row.waybill_id) or _why(row)) for row in rows)


def carry_back(house: House, shop_id: ShopId, waybill_id: int, holder: str, watch: Watch) -> None:
    """Tells the platform of one number that goes back and keeps what it says. A trouble of the moment is tried again later."""
    with house.pool.connection() as tx:
        found = waybills.of_ids(tx, shop_id, [waybill_id])
    if not found or found[0].at is not NumberState.GIVING_BACK or found[0].holder != holder or found[0].number is None:
        return
    row = found[0]
    is_back, trouble = False, None
    try:
        is_back = answered(house, shop_id, giving(row.carrier_code, found[0].number), watch.now, watch.wall)
    except (PlatformError, Refused) as problem:
        trouble = problem
    if isinstance(trouble, Refused):
        because = trouble.say
        transact(house.pool, lambda tx: _put_off(tx, row, because, watch))
    else:
        transact(house.pool, lambda tx: _answered(tx, row, is_back, trouble, watch))


def _begun(
    tx: Tx, shop_id: ShopId, waybill_ids: Sequence[int], reason: EndedBecause, by: Person, holder: str, watch: Watch
) -> tuple[list[int], dict[int, Say]]:
    begun, why_not = [], {}
    standing = _standing(tx, shop_id, waybill_ids)
    for row in waybills.locked(tx, shop_id, sorted(set(waybill_ids))):
        why = _against(tx, row) or _is_about(tx, row, standing)
        if why is not None:
            why_not[row.waybill_id] = why
            continue
        until = watch.wall + LEASE
        after = moved(tx, row, NumberEvent.GIVE_BACK, watch.now, ended_because=reason.value, holder=holder, leased_until=until, look_at=until)
        write(tx, after, WaybillGoesBack(row.carrier, row.number or "", f"ended.{reason.value}"), watch.now, by.person_id)
        forgotten = ship_batches.forget_number(tx, shop_id, row.order_nos, row.number or "")
        ship_parts.forget_number(tx, shop_id, row.order_nos, row.number or "")
        if forgotten:
            follow_orders(tx, shop_id, forgotten)
        begun.append(row.waybill_id)
    return begun, why_not


def _standing(tx: Tx, shop_id: ShopId, waybill_ids: Sequence[int]) -> Mapping[str, Dispatch]:
    """How far the orders of these numbers are on their way out, which stays so until the transaction ends."""
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    return dispatches.hold(tx, shop_id, [no for row in waybills.of_ids(tx, shop_id, waybill_ids) for no in row.order_nos])


def _is_about(tx: Tx, row: StoredWaybill, standing: Mapping[str, Dispatch]) -> Say | None:
    """Why a number is not given back by what is on paper: whatever bears it could still leave, under a number that is nobody's."""
    states = {standing[no].state for no in row.order_nos if no in standing and row.number in standing[no].numbers}
    if DispatchState.HANDED_OVER in states:
        return say("The carrier has the parcel with it.")
    if states & (IN_THE_HOUSE | {DispatchState.TO_DESTROY}):
        return say("A label with it is about: destroy that first, and say so.")
    return say("Its label may be coming out of the printer: say first what came out.") if print_runs.any_open(tx, row.shop_id, row.waybill_id) else None


def _against(tx: Tx, row: StoredWaybill) -> Say | None:
    """Why a number is not given back now."""
    if row.at is NumberState.USED:
        return say("The order travels under it.")
    if row.at is not NumberState.HELD:
        return say("It cannot go back: it is {state}.", state=f"waybill.{row.at.value}")
    for known in around.orders(tx, row.shop_id, row.order_nos).values():
        if known.facts.tracking_no == row.number and known.facts.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED):
            return say("The order travels under it.")
    return None


def _answered(tx: Tx, row: StoredWaybill, is_back: bool, problem: PlatformError | None, watch: Watch) -> None:
    held = waybills.locked(tx, row.shop_id, [row.waybill_id])[0]
    if held.at is not NumberState.GIVING_BACK or held.holder != row.holder:
        return
    if is_back or (problem is not None and _is_gone(problem, held)):
        after = moved(tx, held, NumberEvent.TAKEN_BACK, watch.now)
        write(tx, after, WaybillGivenBack(held.carrier, held.number or ""), watch.now, None)
    elif problem is not None and (problem.may_have_acted or problem.trouble in _LATER) and held.tries < MOST_TRIES:
        _put_off(tx, held, problem.say, watch)
    else:
        why = say("The platform did not take the number back.") if problem is None else problem.say
        after = moved(tx, held, NumberEvent.KEPT, watch.now, because=why, ended_because=None)
        write(tx, after, WaybillKept(held.carrier, held.number or ""), watch.now, None)


def _is_gone(problem: PlatformError, row: StoredWaybill) -> bool:
    """Whether a refusal only tells that an earlier asking of ours was heard."""
    told = f"{problem.text} {problem.sub_code} {problem.sub_text}".upper()
    return row.tries > 0 and any(word in told for word in _GONE)


def _put_off(tx: Tx, row: StoredWaybill, because: Say, watch: Watch) -> None:
    from_now = backed_off(row.tries)
    held = waybills.locked(tx, row.shop_id, [row.waybill_id])[0]
    if held.at is NumberState.GIVING_BACK and held.holder == row.holder:
        told = packed(because)
        kept(tx, msgspec.structs.replace(held, holder=None, leased_until=None, look_at=watch.wall + from_now, tries=held.tries + 1, because=told))


def _why(row: StoredWaybill) -> Say | None:
    return None if row.at is NumberState.GIVEN_BACK else row.reason
