"""What the shop says of codes that the rulebook does not know; and the bill classed anew where the classes changed."""

import hashlib
from datetime import datetime
from functools import partial

from zhanggui.actions.house import House
from zhanggui.actions.money.following import MoneyTouched, follow
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import BillClass
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import bill_entries, journal, locks, refund_matches
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.money import CodeClassed
from zhanggui.rulebook.bill import bill_text
from zhanggui.rulebook.money import money_text

AT_ONCE = 5000
"""So many lines in one transaction: whoever stores something in the shop waits no longer than for these."""
BY_HAND = (BillClass.INCOME, BillClass.REFUND, BillClass.FEE, BillClass.COMPENSATION, BillClass.CLAWBACK, BillClass.TRANSFER)


def classify(house: House, by: Person, shop_id: ShopId, code: str, bill_class: BillClass | None, now: datetime) -> None:
    """Keeps what the shop says an unknown code is, and classes its lines anew; None: it says so no more. Raises Refused for a code of no unknown line."""
    by.need(Permission.MONEY_WRITE, shop_id)
    if bill_class is not None and bill_class not in BY_HAND:
        raise Refused(say("Choose what the lines of this code are."))

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        own = bill_entries.own_classes(tx, shop_id)
        if code not in own and code not in bill_entries.unknown_codes(tx, shop_id, code):
            raise Refused(say("No unknown line of the bill bears the code {code}.", code=code))
        bill_entries.set_own_class(tx, shop_id, code, None if bill_class is None else bill_class.value, by.person_id, now)
        bill_entries.unclass(tx, shop_id)
        journal.write(tx, shop_id, CodeClassed(code, None if bill_class is None else bill_class.value), at=now, by=by.person_id)

    transact(house.pool, work)
    class_shop(house, shop_id, now)


def class_bills(house: House, now: datetime) -> None:
    """Brings the classed bill of every shop up to date with the classes that hold now."""
    with house.pool.connection() as tx:
        waiting = [ShopId(shop_id) for shop_id in bill_entries.every_shop(tx) if bill_entries.classed_by(tx, shop_id) != _digest()]
    for shop_id in waiting:
        class_shop(house, shop_id, now)


def class_shop(house: House, shop_id: ShopId, now: datetime) -> None:
    """Brings the classed bill of one shop, and the refunds held against it, up to date. Does nothing where they are."""
    digest = _digest()
    with house.pool.connection() as tx:
        if bill_entries.classed_by(tx, shop_id) == digest:
            return
    for some in (_some_lines, _some_orders, _some_loose_cases):
        after: str | None = ""
        while after is not None:
            after = transact(house.pool, partial(some, shop_id, after))
    with house.pool.connection() as tx:
        bill_entries.set_classed(tx, shop_id, digest, now)


def is_classed(tx: Tx, shop_id: ShopId) -> bool:
    """Whether the shop's bill is classed by the classes that hold now."""
    return bill_entries.classed_by(tx, shop_id) == _digest()


def _some_lines(shop_id: ShopId, after: str, tx: Tx) -> str | None:
    """Classes some lines, and returns the last of them; None after the last."""
    locks.hold_shop(tx, shop_id)
    some = bill_entries.next_lines(tx, shop_id, after, AT_ONCE)
    follow(tx, shop_id, MoneyTouched(lines=dict.fromkeys(some)))
    return some[-1] if some else None


def _some_orders(shop_id: ShopId, after: str, tx: Tx) -> str | None:
    """Holds the refunds of some orders against the bill."""
    locks.hold_shop(tx, shop_id)
    some = refund_matches.next_orders(tx, shop_id, after, AT_ONCE)
    follow(tx, shop_id, MoneyTouched(orders=set(some)))
    return some[-1] if some else None


def _some_loose_cases(shop_id: ShopId, after: str, tx: Tx) -> str | None:
    locks.hold_shop(tx, shop_id)
    some = refund_matches.next_loose_cases(tx, shop_id, after, AT_ONCE)
    follow(tx, shop_id, MoneyTouched(loose_cases=set(some)))
    return some[-1] if some else None


def _digest() -> str:
    return hashlib.sha256((bill_text() + money_text()).encode()).hexdigest()[:16]
