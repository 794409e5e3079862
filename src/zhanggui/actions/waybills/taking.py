"""Numbers for orders: written down first, asked for after that, and never two for one parcel.

Whoever dies in between leaves a row that says so; it is taken up by whoever comes next, be it a person or the worker, and asks for the very same object.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.privacy.opening import opened_for_machine
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills.accounts import ReadyAccount, ready_account
from zhanggui.actions.waybills.asking import Asker, ask_for, postponed
from zhanggui.actions.waybills.moving import kept, moved
from zhanggui.actions.waybills.patience import LEASE
from zhanggui.actions.waybills.shapes import HeldWaybill, WaybillOutcome
from zhanggui.core.decide.printing import not_to_print
from zhanggui.core.facts import OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.privacy.opening import Opening
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import NumberEvent, NumberState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.waybills import NewWaybill, StoredWaybill

MOST = 2_000
"""So many orders at once; some minutes of work for the platform."""

_SOMEBODY = say("Somebody is just asking for a number of this order.")
_OTHERS = say("Another number stands for some of these orders, or is being asked for. Give it back first.")


class Parcel(msgspec.Struct, frozen=True):
    """Orders that go under one number."""

    order_nos: tuple[str, ...]
    part: int


def get_waybills(
    house: House,
    by: Person,
    shop_id: ShopId,
    order_nos: Sequence[str],
    account_no: int,
    now: datetime,
    wall: datetime,
    *,
    together: Sequence[Sequence[str]] = (),
    part: int = 1,
) -> tuple[WaybillOutcome, ...]:
    """The number of every order: the one it has, or a new one of this account; where there is none, why. Asked twice it is the same number.

    `together` are orders that go in one parcel, `part` from 2 on a further parcel of the same order. Raises Refused where none can be had at all.
    """
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    wanted = list(dict.fromkeys((*order_nos, *(no for group in together for no in group))))
    if len(wanted) > MOST:
        raise Refused(say("At most {most} numbers are taken at once.", most=MOST))
    account = ready_account(house, shop_id, account_no, now)
    watch = Watch(now, wall)
    against = _against(house, shop_id, wanted, part)
    parcels = [parcel for parcel in _parcels(wanted, together, part) if not any(no in against for no in parcel.order_nos)]
    holder = f"{by.display_name}/{secrets.token_hex(8)}"
    ours, why_not = transact(house.pool, lambda tx: _reserved(tx, shop_id, account, parcels, by, holder, watch))
    asker = Asker(house, shop_id, account, holder, by.person_id, watch)
    try:
        with house.pool.connection() as tx:
            rows = waybills.of_ids(tx, shop_id, ours)
        ask_for(asker, rows)
    except Refused as refusal:
        let_go(asker, ours, refusal.say)
    return _outcomes(house, shop_id, wanted, part, account, ours, against | why_not | _in_company(against, together))


def waybills_of(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> Mapping[str, HeldWaybill]:
    """The number each of these orders has, or that is being asked for."""
    return {no: held_waybill(row) for no, row in waybills.alive_of_orders(tx, shop_id, order_nos).items()}


def held_waybill(row: StoredWaybill) -> HeldWaybill:
    """A row as others are told of it."""
    return HeldWaybill(
        waybill_id=row.waybill_id, number=row.number, carrier=row.carrier, carrier_code=row.carrier_code, state=row.at, printed_at=row.printed_at
    )


def let_go(asker: Asker, ids: Sequence[int], because: Say) -> None:
    """What we still hold and could not ask for: nothing was taken where nothing was asked, else it is looked at again."""

    def work(tx: Tx) -> None:
        for row in waybills.locked(tx, asker.shop_id, ids):
            if row.holder != asker.holder or row.at not in (NumberState.ASKED, NumberState.UNSURE):
                continue
            if row.asked_times == 0:
                moved(tx, row, NumberEvent.REFUSED, asker.watch.now, because=because)
            else:
                postponed(tx, row, because, asker.watch.wall)

    transact(asker.house.pool, work)


def object_id_of(order_nos: Sequence[str], carrier_code: str, part: int, times: int) -> str:
    """The name of what a number is for. It follows from the parcel alone, so that even a house restored from an old backup asks for the same."""
    first, *others = sorted(order_nos)
    company = f"+{len(others)}" if others else ""
    return f"{first}{company}-{carrier_code}-{part}" + (f"-{times}" if times > 1 else "")


def _parcels(wanted: Sequence[str], together: Sequence[Sequence[str]], part: int) -> list[Parcel]:
    """Groups first told first; whoever is in none goes alone. In order of their first order, so that two who ask never wait for each other."""
    taken: set[str] = set()
    found = []
    for group in together:
        nos = tuple(sorted({no for no in group if no not in taken}))
        taken.update(nos)
        if nos:
            found.append(Parcel(nos, part))
    found += [Parcel((no,), part) for no in wanted if no not in taken]
    return sorted(found, key=lambda parcel: parcel.order_nos)


def _against(house: House, shop_id: ShopId, order_nos: Sequence[str], part: int) -> dict[str, Say]:
    """The orders that may not have a number by what is known here; the platform is asked about the others."""
    with house.pool.connection() as tx:
        known = orders_known(tx, shop_id, order_nos)
    found = {}
    for no in order_nos:
        why = say("The shop has no such order.") if no not in known else _not_to_take(known[no], part)
        if why is not None:
            found[no] = why
    return found


def _not_to_take(known: OrderKnowledge, part: int) -> Say | None:
    if known.order.stage is OrderStage.SHIPPED:
        if part > 1:
            return None  # what did not fit goes after it

        return say("It has been shipped already.")
    return not_to_print(known)


def _in_company(against: Mapping[str, Say], together: Sequence[Sequence[str]]) -> dict[str, Say]:
    """Orders that would have gone with one that may not."""
    found: dict[str, Say] = {}
    for group in together:
        bad = next((no for no in group if no in against), None)
        if bad is not None:
            found |= {no: say("Order {order_no} of the same parcel may not have a number.", order_no=bad) for no in group if no not in against}
    return found


def _reserved(
    tx: Tx, shop_id: ShopId, account: ReadyAccount, parcels: Sequence[Parcel], by: Person, holder: str, watch: Watch
) -> tuple[list[int], dict[str, Say]]:
    """The rows that are ours to ask for now, and why others are not. This is committed before the platform hears of anything."""
    ours: list[int] = []
    why_not: dict[str, Say] = {}
    for parcel in parcels:
        standing = waybills.alive_of_orders(tx, shop_id, parcel.order_nos, parcel.part)
        if standing:
            taken_up, why = _stands(tx, shop_id, account, parcel, standing, holder, watch)
            ours += taken_up
            why_not |= dict.fromkeys(parcel.order_nos, why) if why else {}
            continue
        waybill_id = waybills.insert(tx, shop_id, _new(tx, shop_id, account, parcel, by, holder, watch))
        if waybill_id is None:
            why_not |= dict.fromkeys(parcel.order_nos, _SOMEBODY)
        else:
            ours.append(waybill_id)
    return ours, why_not


def _stands(
    tx: Tx, shop_id: ShopId, account: ReadyAccount, parcel: Parcel, standing: Mapping[str, StoredWaybill], holder: str, watch: Watch
) -> tuple[list[int], Say | None]:
    """What to do about the number that stands: nothing, take it up where whoever asked has died, or say why it is in the way."""
    row = waybills.locked(tx, shop_id, [next(iter(standing.values())).waybill_id])[0]
    if set(standing) != set(parcel.order_nos) or set(row.order_nos) != set(parcel.order_nos):
        return [], _OTHERS
    if row.at in (NumberState.HELD, NumberState.USED):
        return [], None if row.carrier_code == account.carrier_code else _of_other_carrier(row)
    if row.at is NumberState.GIVING_BACK:
        return [], say("Its number {number} is just being given back.", number=row.number)
    if row.at not in (NumberState.ASKED, NumberState.UNSURE) or (row.leased_until is not None and row.leased_until > watch.wall):
        return [], _SOMEBODY  # it has just come to its end under somebody else's hand, or they are at it
    if row.at is NumberState.UNSURE and row.look_at is not None and row.look_at > watch.wall:
        return [], row.reason or _SOMEBODY
    if row.account_no != account.account_no:
        return [], say("A number of {carrier} is being asked for; its answer was lost, and it is asked for again by itself.", carrier=row.carrier)
    until = watch.wall + LEASE
    kept(tx, msgspec.structs.replace(row, holder=holder, leased_until=until, look_at=until))
    return [row.waybill_id], None


def _of_other_carrier(row: StoredWaybill) -> Say:
    return say("It has number {number} of {carrier} already. Give that back first.", number=row.number, carrier=row.carrier)


def _new(tx: Tx, shop_id: ShopId, account: ReadyAccount, parcel: Parcel, by: Person, holder: str, watch: Watch) -> NewWaybill:
    times = 1 + waybills.over(tx, shop_id, parcel.order_nos, account.carrier_code, parcel.part)
    return NewWaybill(
        account_no=account.account_no,
        carrier=account.carrier,
        carrier_code=account.carrier_code,
        object_id=object_id_of(parcel.order_nos, account.carrier_code, parcel.part, times),
        part=parcel.part,
        order_nos=parcel.order_nos,
        taken_by=by.person_id,
        made_at=watch.now,
        holder=holder,
        leased_until=watch.wall + LEASE,
    )


def _outcomes(
    house: House, shop_id: ShopId, wanted: Sequence[str], part: int, account: ReadyAccount, ours: Sequence[int], why_not: Mapping[str, Say]
) -> tuple[WaybillOutcome, ...]:
    with house.pool.connection() as tx:
        standing = waybills.alive_of_orders(tx, shop_id, wanted, part)
        asked = {no: row for row in waybills.of_ids(tx, shop_id, ours) for no in row.order_nos}
    return tuple(_outcome(house, no, standing.get(no) or asked.get(no), why_not.get(no), account) for no in wanted)


def _outcome(house: House, order_no: str, row: StoredWaybill | None, why_not: Say | None, account: ReadyAccount) -> WaybillOutcome:
    if row is None:
        return WaybillOutcome(order_no=order_no, why=why_not or say("Nothing came of it. Try it again."))
    if why_not is not None or row.number is None:
        return WaybillOutcome(order_no=order_no, waybill_id=row.waybill_id, carrier=row.carrier, why=why_not or row.reason or _SOMEBODY)
    data = None if row.print_data is None or row.carrier_code != account.carrier_code else opened_for_machine(house, Opening.LABEL, row.print_data)
    return WaybillOutcome(order_no=order_no, waybill_id=row.waybill_id, waybill_no=row.number, carrier=row.carrier, print_data=data)
