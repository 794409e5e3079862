"""The to-dos of money, in step with the refunds held against the bill and with withdrawals on their way; by a chore, so that no order waits for it."""

from datetime import datetime, timedelta
from functools import partial

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks.money import refund_differs_deadline, withdrawal_deadline
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.moments import start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, bill_entries, cash, deadlines, locks, refund_matches
from zhanggui.records.db import Tx, transact

MOST = 300
"""So many refunds of a shop are to-dos at once, the oldest first; the list of the Money page holds them all."""
MOST_WITHDRAWALS = 200
_OURS = (SubjectKind.REFUND_MATCH, SubjectKind.WITHDRAWAL)


def reckon_money(house: House, now: datetime) -> None:
    """Makes the to-dos of money of every shop what its ledger says."""
    for shop_id in every_shop(house):
        transact(house.pool, partial(_reckon_if_any, house, shop_id, now))


def reckon_shop_money(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """The same of one shop, in a transaction that changes something of it; what was settled is no to-do any more."""
    locks.hold_shop(tx, shop_id)
    rulebook = rulebook_in(tx, house, shop_id)
    computed = [*_refunds(tx, shop_id, rulebook, now), *_withdrawals(tx, shop_id, rulebook)]
    subjects = _running(tx, shop_id)
    for deadline, _ in computed:
        subjects[deadline.subject.kind.value].add(deadline.subject.no)
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(computed, subjects)
    reckoning.finish()


def _reckon_if_any(house: House, shop_id: ShopId, now: datetime, tx: Tx) -> None:
    """Holds a shop only where there is something to reckon, which in most there is not; one that is just storing has its turn in the next round."""
    is_any = any(_running(tx, shop_id).values()) or _differing(tx, shop_id) or cash.withdrawals_under_way(tx, shop_id, 1)
    if is_any and locks.try_shop(tx, shop_id):
        reckon_shop_money(tx, house, shop_id, now)


def _refunds(tx: Tx, shop_id: ShopId, rulebook: Rulebook, now: datetime) -> Computed:
    """Each counts from when it was first noticed, since an old bill may come in late."""
    rows = _differing(tx, shop_id)
    if not rows:
        return []
    nos = [row.no for row in rows]
    known = around.orders(tx, shop_id, nos)
    standing = deadlines.of_subjects(tx, shop_id, SubjectKind.REFUND_MATCH.value, nos)
    noticed = {row.subject_no: row.started_at for row in standing if row.band is not None}
    as_of = _bill_as_of(tx, shop_id, now)
    computed: Computed = []
    for row in rows:
        since = noticed.get(row.no, now)
        deadline = refund_differs_deadline(row.no, Fen(row.told or 0), Fen(row.billed), since, rulebook, order_known=row.no in known)
        if deadline is not None:
            computed.append((deadline, as_of))
    return computed


def _differing(tx: Tx, shop_id: ShopId) -> list[refund_matches.MatchRow]:
    """The refunds for which the bill took more than somebody tells of. Where nobody tells of one, cases are missing here, and nothing is owed yet."""
    return refund_matches.overbilled(tx, shop_id, MOST)


def _bill_as_of(tx: Tx, shop_id: ShopId, now: datetime) -> datetime:
    """Up to when the bill tells: the end of its last day."""
    last = bill_entries.span(tx, shop_id)[1]
    return now if last is None else min(now, start_of_day(last + timedelta(days=1)))


def _withdrawals(tx: Tx, shop_id: ShopId, rulebook: Rulebook) -> Computed:
    """Those of which nobody said yet that they arrived, however many came after them; the oldest, where they are too many."""
    asked = cash.withdrawals_under_way(tx, shop_id, MOST_WITHDRAWALS)
    found = [(withdrawal_deadline(each.withdrawal_no, each.asked_at, each.due_at, rulebook), each.asked_at) for each in asked]
    return [(deadline, asked_at) for deadline, asked_at in found if deadline is not None]


def _running(tx: Tx, shop_id: ShopId) -> dict[str, set[str]]:
    """What stands on the list so far."""
    return {
        kind.value: {no for found, no in deadlines.running_subjects(tx, shop_id, (kind.value, ""), MOST + MOST_WITHDRAWALS) if found == kind.value}
        for kind in _OURS
    }
