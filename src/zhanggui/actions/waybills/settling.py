"""What was left open is taken up again: numbers whose answer was lost, numbers on their way back, numbers whose orders have left meanwhile."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills.accounts import ready_account
from zhanggui.actions.waybills.asking import Asker, ask_for, postponed
from zhanggui.actions.waybills.giving_back import carry_back
from zhanggui.actions.waybills.moving import kept, moved
from zhanggui.actions.waybills.patience import LEASE
from zhanggui.actions.waybills.taking import let_go
from zhanggui.actions.waybills.topping_up import reckon_top_ups
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import NumberEvent, NumberState
from zhanggui.people.permissions import NotAllowed, ShopId
from zhanggui.records import waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.waybills import StoredWaybill

AT_ONCE = 50
PRINT_DATA_KEPT = timedelta(days=3)
"""What the print component needs of a number that nobody printed is wiped then; it can be asked for again while the order waits."""


def shops_with_open_waybills(house: House, _now: datetime, wall: datetime) -> Sequence[ShopId]:
    """The shops in which a number has to be asked after."""
    every = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in waybills.shops_due(tx, every, wall)]


def settle_waybills(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str) -> bool:
    """Takes up some of what the shop left open; whether there was anything."""
    watch, token = Watch(now, wall), f"{holder}/{secrets.token_hex(8)}"
    rows = transact(house.pool, lambda tx: _claimed(tx, shop_id, token, watch))
    for row in rows:
        if row.at is NumberState.GIVING_BACK:
            carry_back(house, shop_id, row.waybill_id, token, watch)
    asked = [row for row in rows if row.at is not NumberState.GIVING_BACK]
    for account_no in sorted({row.account_no for row in asked}):
        _ask(house, shop_id, account_no, [row for row in asked if row.account_no == account_no], token, watch)
    return bool(rows)


def sweep_waybills(house: House, now: datetime) -> None:
    """Notes which numbers their orders travel under, wipes what nobody needs for printing any more, and sees which accounts come to an end."""
    for shop_id in every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: _swept(tx, shop_id, now))  # type: ignore[misc]  # bound now
        transact(house.pool, lambda tx, shop_id=shop_id: reckon_top_ups(tx, house, shop_id, now))  # type: ignore[misc]  # bound now


def _swept(tx: Tx, shop_id: ShopId, now: datetime) -> None:
    for row in waybills.locked(tx, shop_id, waybills.travelling(tx, shop_id, 2_000)):
        if row.at is NumberState.HELD:
            moved(tx, row, NumberEvent.TRAVELS, now)
    waybills.wipe(tx, shop_id, now - PRINT_DATA_KEPT)


def _claimed(tx: Tx, shop_id: ShopId, token: str, watch: Watch) -> list[StoredWaybill]:
    """What is due, ours for a while; what nobody ever asked the platform for is simply ended."""
    ids = waybills.due(tx, shop_id, watch.wall, AT_ONCE)
    ours = []
    until = watch.wall + LEASE
    for row in waybills.locked(tx, shop_id, ids):
        if row.at is NumberState.ASKED and row.asked_times == 0:
            moved(tx, row, NumberEvent.REFUSED, watch.now, because=say("Whoever asked for it was cut off before the platform heard of it."))
            continue
        ours.append(kept(tx, msgspec.structs.replace(row, holder=token, leased_until=until, look_at=until)))
    return ours


def _ask(house: House, shop_id: ShopId, account_no: int, rows: Sequence[StoredWaybill], token: str, watch: Watch) -> None:
    try:
        account = ready_account(house, shop_id, account_no, watch.now)
    except NotAllowed:
        _put_off(house, rows, token, say("The account is gone."), watch)
    except Refused as refusal:
        _put_off(house, rows, token, refusal.say, watch)
    else:
        asker = Asker(house, shop_id, account, token, None, watch)
        try:
            ask_for(asker, rows)
        except Refused as refusal:
            let_go(asker, [row.waybill_id for row in rows], refusal.say)


def _put_off(house: House, rows: Sequence[StoredWaybill], token: str, why: Say, watch: Watch) -> None:
    def work(tx: Tx) -> None:
        for row in waybills.locked(tx, rows[0].shop_id, [row.waybill_id for row in rows]):
            if row.holder == token:
                postponed(tx, row, why, watch.wall)

    transact(house.pool, work)
