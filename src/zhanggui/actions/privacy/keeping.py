"""Terms are kept: what is older than the shop keeps it goes, bit by bit, never while anything still runs for it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.privacy.forgetting import forget_orders, forget_scans
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


class Way(msgspec.Struct, frozen=True):
    """How one kind of things is gone through: by which term, found how, from which number on, and what is done to them."""

    term: str
    statement: str
    first_no: str
    forget: Forget


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
    way = WALKS[kind]
    before = over_before(way.term, retention.own_terms(tx, shop_id), now)
    reached = retention.walk(tx, shop_id, kind) or Walk(BEFORE_ALL, way.first_no, now)
    found = retention.old(tx, way.statement, shop_id, reached, before, AT_ONCE)
    # a walk that began anew before it came to its end would never come there
    if not found and now - reached.begun_at >= BEGINS_ANEW:
        reached = Walk(BEFORE_ALL, way.first_no, now)
        found = retention.old(tx, way.statement, shop_id, reached, before, AT_ONCE)
    if not found:
        retention.set_walk(tx, shop_id, kind, reached)
        return False
    if not locks.try_shop(tx, shop_id):
        return False
    running = forgetting.with_open_clock(tx, shop_id, sorted({one.order_no for one in found if one.order_no}), now)
    at_rest = [one for one in found if one.order_no not in running]
    rows = way.forget(tx, shop_id, at_rest, before, now) if at_rest else 0
    if rows:
        journal.write(tx, shop_id, TermsForgot(way.term, rows), at=now, by=None)
    retention.set_walk(tx, shop_id, kind, Walk(found[-1].at, found[-1].no, reached.begun_at))
    return True


def _talks(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, _now: datetime) -> int:
    return retention.forget_talks(tx, shop_id, [int(one.no) for one in found])


def _messages(tx: Tx, shop_id: ShopId, found: Sequence[Old], before: datetime, _now: datetime) -> int:
    """Each by its own order, whatever its talk came to be about; not while that order is still talked about."""
    going_on = retention.talked_since(tx, shop_id, {one.order_no for one in found if one.order_no}, before)
    return forgetting.forget_messages(tx, shop_id, [one.no for one in found if one.order_no not in going_on])


def _orders(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, now: datetime) -> int:
    return _forgot_orders(tx, shop_id, [one.no for one in found], now)


def _never_imported(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, now: datetime) -> int:
    """What hangs on orders that the shop has not, and cases that hang on none."""
    order_nos = forgetting.never_imported(tx, shop_id, {one.order_no for one in found if one.order_no})
    rows = _forgot_orders(tx, shop_id, order_nos, now) if order_nos else 0
    return rows + forgetting.forget_cases(tx, shop_id, [one.no for one in found if not one.order_no])


def _scans(tx: Tx, shop_id: ShopId, found: Sequence[Old], before: datetime, now: datetime) -> int:
    return forget_scans(tx, shop_id, [one.no for one in found if one.at < before], now, before=before)


def _chases(tx: Tx, shop_id: ShopId, found: Sequence[Old], _before: datetime, now: datetime) -> int:
    chased = retention.chased(tx, shop_id, [int(one.no) for one in found])
    running = forgetting.with_open_clock(tx, shop_id, sorted({order_no for _, order_no in chased}), now)
    open_ones = {chase_no for chase_no, order_no in chased if order_no in running}
    return retention.forget_chases(tx, shop_id, [int(one.no) for one in found if int(one.no) not in open_ones])


def _forgot_orders(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> int:
    erasure_no = forgetting.begin(tx, shop_id, at=now, by=None, cause=TERM, subject=None, orders=len(order_nos), reason="")
    evidence_before = over_before("evidence", retention.own_terms(tx, shop_id), now)
    counts = forget_orders(tx, shop_id, order_nos, erasure_no, now, evidence_before=evidence_before)
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


WALKS: dict[str, Way] = {
    "talks": Way("talks", retention.OLD_THREADS, "0", _talks),
    "messages": Way("talks", retention.OLD_MESSAGES, "", _messages),
    "orders": Way("orders", retention.OLD_ORDERS, "", _orders),
    "cases": Way("orders", retention.OLD_CASES, "", _never_imported),
    "review_words": Way("orders", retention.OLD_REVIEWS, "", _never_imported),
    "scans": Way("orders", retention.OLD_SCANS, "", _scans),
    "chases": Way("orders", retention.OLD_CHASES, "0", _chases),
    "evidence": Way("evidence", retention.OLD_PIECES, "0", _evidence),
    "reviews": Way("reviews", retention.OLD_REVIEWS, "", _reviews),
}
"""Every kind in the order in which it is gone through."""


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
