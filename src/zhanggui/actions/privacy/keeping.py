"""Terms are kept: what is older than the shop keeps it goes, bit by bit, never while anything still runs for it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.privacy.forgetting import forget_orders
from zhanggui.actions.refused import Refused
from zhanggui.core.privacy.retention import LONGEST, over_before, terms
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import forgetting, forgetting_imports, journal, locks, retention
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.privacy import RetentionSet, TermsForgot
from zhanggui.records.retention import Old, Walk

AT_ONCE = 200
CHUNKS = 5
BEGINS_ANEW = timedelta(days=7)
"""Then a walk begins again, for what was still open the last time, or was told again."""
TERM = "term"
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

Forget = Callable[[Tx, ShopId, Sequence[Old], datetime, datetime], int]
"""How many rows these old things lost; told what lies before the term, and the present moment."""


def set_retention(house: House, by: Person, shop_id: ShopId, kind: str, days: int | None, now: datetime) -> None:
    """Keeps how long the shop keeps a kind of data; without days the house's term holds again. Raises Refused for what cannot be."""
    by.need(Permission.PRIVACY_WRITE, shop_id)
    term = terms().of(kind)
    if term is None:
        raise Refused(say("There is no such term."))
    if days is not None and not term.least <= days <= LONGEST:
        raise Refused(say("Between {least} and {most} days.", least=term.least, most=LONGEST))

    def work(tx: Tx) -> None:
        retention.set_term(tx, shop_id, kind, days, by.person_id, now)
        journal.write(tx, shop_id, RetentionSet(kind, days or term.days), at=now, by=by.person_id)

    transact(house.pool, work)


def keep_terms(house: House, now: datetime) -> None:
    """Goes some way through what is older than its term, in every shop."""
    for shop_id in every_shop(house):
        for kind in WALKS:
            for _ in range(CHUNKS):
                if not transact(house.pool, lambda tx, shop_id=shop_id, kind=kind: _walked(tx, shop_id, kind, now)):  # type: ignore[misc]  # bound at once
                    break
        transact(house.pool, lambda tx, shop_id=shop_id: _forgot_rows(tx, shop_id, now))  # type: ignore[misc]  # bound at once


def _walked(tx: Tx, shop_id: ShopId, kind: str, now: datetime) -> bool:
    """Whether there may be more: goes through the next old things of a kind."""
    statement, first_no, forget = WALKS[kind]
    before = over_before(kind, retention.own_terms(tx, shop_id), now)
    reached = retention.walk(tx, shop_id, kind)
    if reached is None or now - reached.begun_at >= BEGINS_ANEW:
        reached = Walk(BEFORE_ALL, first_no, now)
    found = retention.old(tx, statement, shop_id, reached, before, AT_ONCE)
    if not found:
        retention.set_walk(tx, shop_id, kind, reached)
        return False
    if not locks.try_shop(tx, shop_id):
        return False
    running = forgetting.with_open_clock(tx, shop_id, sorted({one.order_no for one in found if one.order_no}), now)
    at_rest = [one for one in found if one.order_no not in running]
    rows = forget(tx, shop_id, at_rest, before, now) if at_rest else 0
    if rows:
        journal.write(tx, shop_id, TermsForgot(kind, rows), at=now, by=None)
    retention.set_walk(tx, shop_id, kind, Walk(found[-1].at, found[-1].no, reached.begun_at))
    return len(found) == AT_ONCE


def _talks(tx: Tx, shop_id: ShopId, found: Sequence[Old], before: datetime, _now: datetime) -> int:
    rows = retention.forget_talks(tx, shop_id, [int(one.no) for one in found])
    return rows + forgetting.forget_messages(tx, shop_id, sorted({one.order_no for one in found if one.order_no}), before)


def _orders(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, now: datetime) -> int:
    erasure_no = forgetting.begin(tx, shop_id, at=now, by=None, cause=TERM, subject=None, orders=len(found), reason="")
    evidence_before = over_before("evidence", retention.own_terms(tx, shop_id), now)
    counts = forget_orders(tx, shop_id, [one.no for one in found], erasure_no, now, evidence_before=evidence_before)
    if counts:
        forgetting.end(tx, shop_id, erasure_no, counts)
    else:
        forgetting.drop_empty(tx, shop_id, erasure_no)
    return sum(counts.values())


def _evidence(tx: Tx, shop_id: ShopId, found: Sequence[Old], before: datetime, now: datetime) -> int:
    order_nos = sorted({one.order_no for one in found})
    pieces = [piece for piece in forgetting.pieces(tx, shop_id, order_nos, before) if str(piece.seq) in {one.no for one in found}]
    if not pieces:
        return 0
    erasure_no = forgetting.begin(tx, shop_id, at=now, by=None, cause=TERM, subject=None, orders=len(order_nos), reason="")
    rows = forgetting.redact(tx, shop_id, pieces, erasure_no, now)
    forgetting.end(tx, shop_id, erasure_no, {"evidence": rows})
    return rows


def _reviews(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, _now: datetime) -> int:
    return retention.forget_whose(tx, shop_id, [one.no for one in found], sorted({one.order_no for one in found}))


WALKS: dict[str, tuple[str, str, Forget]] = {
    "talks": (retention.OLD_THREADS, "0", _talks),
    "orders": (retention.OLD_ORDERS, "", _orders),
    "evidence": (retention.OLD_PIECES, "0", _evidence),
    "reviews": (retention.OLD_REVIEWS, "", _reviews),
}


def _forgot_rows(tx: Tx, shop_id: ShopId, now: datetime) -> None:
    """Notes and refused rows, which are few."""
    own = retention.own_terms(tx, shop_id)
    before = over_before("talks", own, now)
    subjects = retention.noted(tx, shop_id, before)
    running = forgetting.with_open_clock(tx, shop_id, sorted(set(subjects.values())), now) if subjects else set()
    notes = retention.forget_notes(tx, shop_id, before, sorted(no for no, order_no in subjects.items() if order_no in running)) if subjects else 0
    rows = forgetting_imports.forget_rows(tx, shop_id, over_before("refused_rows", own, now))
    for kind, many in (("talks", notes), ("refused_rows", rows)):
        if many:
            journal.write(tx, shop_id, TermsForgot(kind, many), at=now, by=None)
