"""Enrolments: planned, sent, paid for, left; their clocks, and what came of them."""

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.activities.book import Activity
from zhanggui.core.activities.enrolment import MOVES, RUNS, Clocks, EnrolmentStage, EnrolmentState, EnrolmentStep, clocks, stage, steps
from zhanggui.core.activities.regulars import Ended
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.clocks.activities import Enrolled, enrolment_deadlines
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.ledger.cash import HoldKind, HoldState
from zhanggui.core.masking import storable
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import cash, deadlines, enrolments, journal, locks, regulars
from zhanggui.records.db import Tx, transact
from zhanggui.records.enrolments import EnrolmentRecord
from zhanggui.records.journal_entries.activities import DepositPaid, EnrolmentMoved
from zhanggui.records.journal_entries.money import HoldMoved
from zhanggui.records.regulars import GoodsSales
from zhanggui.rulebook.activities import activity_book

MOST_FEN = 100_000_000
MOST_TEXT = 200
MOST_DAYS = 60
AHEAD = timedelta(days=366)
_MOST = 300
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), 0)


class NewEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody means to take part in."""

    activity: str
    starts_at: datetime
    ends_at: datetime
    goods_id: str = ""
    title: str = ""
    price: Fen | None = None
    deposit: Fen | None = None
    note: str = ""


class EnrolmentSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One enrolment, where it stands, its clocks and what came of it."""

    row: EnrolmentRecord
    activity: Activity | None
    """None where the book no longer knows it."""
    stage: EnrolmentStage
    clocks: Clocks
    steps: tuple[EnrolmentStep, ...]
    during: GoodsSales | None = None
    """What was sold in its time, so far."""
    before: GoodsSales | None = None
    """The same in as long a time before it."""


class EnrolmentPage(msgspec.Struct, frozen=True):
    """Some of them, the latest beginning first."""

    rows: tuple[EnrolmentSeen, ...]
    next_cursor: str | None


def enrolments_of(house: House, by: Person, shop_id: ShopId, now: datetime, *, cursor: str | None = None, limit: int = 30) -> EnrolmentPage:
    """What the shop takes part in, took part in, or means to."""
    by.need(Permission.ORDERS_READ, shop_id)
    before = cursors.read(cursor, tuple[datetime, int]) if cursor else _LAST
    with house.pool.connection() as tx:
        found = enrolments.page(tx, shop_id, before, limit + 1)
        rulebook = rulebook_in(tx, house, shop_id)
        seen = tuple(_seen(tx, shop_id, row, rulebook, now) for row in found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return EnrolmentPage(seen, None if last is None else cursors.write((last.starts_at, last.enrolment_no)))


def plan_enrolment(house: House, by: Person, shop_id: ShopId, new: NewEnrolment, now: datetime) -> int:
    """The number of a new enrolment, with its clocks running. Raises Refused for what cannot be."""
    by.need(Permission.ACTIVITIES_WRITE, shop_id)
    activity = _activity(new.activity, new.starts_at)
    _check(new, now)

    def work(tx: Tx) -> int:
        locks.hold_shop(tx, shop_id)
        _need_no_twin(tx, shop_id, new)
        deposit = new.deposit or (activity.deposit_fen if activity.has_deposit else None)
        slots: dict[str, object] = {**msgspec.structs.asdict(new), "deposit": deposit, "state": EnrolmentState.PLANNED.value, "now": now, "by": by.person_id}
        no = enrolments.insert(tx, shop_id, slots | {"note": masked_said(storable(new.note)).strip(), "title": new.title.strip()})
        journal.write(tx, shop_id, EnrolmentMoved(no, new.activity, new.starts_at, EnrolmentState.PLANNED.value), at=now, by=by.person_id)
        reckon_shop_enrolments(tx, house, shop_id, now)
        return no

    return transact(house.pool, work)


def step_enrolment(house: House, by: Person, shop_id: ShopId, no: int, step: EnrolmentStep, now: datetime, *, deposit: Fen | None = None) -> None:
    """Keeps what became of it. Raises Refused where that step does not fit."""
    by.need(Permission.ACTIVITIES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        row = enrolments.one(tx, shop_id, no)
        state = None if row is None else MOVES.get((EnrolmentState(row.state), step))
        if row is None or state is None:
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        if step is EnrolmentStep.PAY_DEPOSIT:
            _pay(tx, by, shop_id, row, deposit, now)
        else:
            if state in RUNS and row.state not in RUNS:
                _need_no_twin(tx, shop_id, row)
            enrolments.move(tx, shop_id, no, row.state, state.value, now)
            if step is EnrolmentStep.BACK:
                enrolments.unpay(tx, shop_id, no)
            journal.write(tx, shop_id, EnrolmentMoved(no, row.activity, row.starts_at, state.value), at=now, by=by.person_id)
        reckon_shop_enrolments(tx, house, shop_id, now)

    transact(house.pool, work)


def reckon_enrolments(house: House, now: datetime) -> None:
    """Lets the to-dos of enrolments follow the time: what has begun needs no deposit, and nothing can be left without loss any more."""
    for shop_id in every_shop(house):
        transact(house.pool, partial(_reckon_if_any, house, shop_id, now))


def reckon_shop_enrolments(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """The same of one shop, in a transaction that changes something of it."""
    locks.hold_shop(tx, shop_id)
    rulebook = rulebook_in(tx, house, shop_id)
    computed: Computed = []
    subjects = {SubjectKind.ENROLMENT.value: _running(tx, shop_id)}
    for row in enrolments.coming(tx, shop_id, sorted(state.value for state in RUNS), now, _MOST):
        subjects[SubjectKind.ENROLMENT.value].add(str(row.enrolment_no))
        activity = _of_row(row)
        if activity is not None:
            told = Enrolled(
                enrolment_no=row.enrolment_no, made_at=row.made_at, starts_at=row.starts_at, deposit_paid=row.deposit_paid_at is not None, is_on=True
            )
            computed += [(each, now) for each in enrolment_deadlines(told, clocks(activity, row.starts_at, rulebook, row.made_at), now)]
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.store(computed, subjects)
    reckoning.finish()


def _reckon_if_any(house: House, shop_id: ShopId, now: datetime, tx: Tx) -> None:
    """Holds a shop only where something of it runs; one that is just storing has its turn in the next round."""
    if _running(tx, shop_id) and locks.try_shop(tx, shop_id):
        reckon_shop_enrolments(tx, house, shop_id, now)


def _running(tx: Tx, shop_id: ShopId) -> set[str]:
    kind = SubjectKind.ENROLMENT.value
    return {no for found, no in deadlines.running_subjects(tx, shop_id, (kind, ""), 2 * _MOST) if found == kind}


def _need_no_twin(tx: Tx, shop_id: ShopId, meant: NewEnrolment | EnrolmentRecord) -> None:
    if enrolments.has_twin(tx, shop_id, meant.activity, meant.goods_id, meant.starts_at, sorted(state.value for state in RUNS)):
        raise Refused(say("This product is enrolled from that moment on already."))


def _pay(tx: Tx, by: Person, shop_id: ShopId, row: EnrolmentRecord, typed: Fen | None, now: datetime) -> None:
    """The deposit was paid: it stands among the sums that are bound, until it comes free."""
    fen = typed or row.deposit
    if fen is None or not 0 < fen <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
    slots: dict[str, object] = {
        "kind": HoldKind.ACTIVITY_DEPOSIT.value,
        "fen": fen,
        "reason": f"#{row.enrolment_no} {row.title}".strip()[:MOST_TEXT],
        "from_at": now,
        "free_at": None,
        "state": HoldState.HELD.value,
        "by": by.person_id,
        "now": now,
    }
    hold_no = cash.put_hold(tx, shop_id, slots) if row.deposit_paid_at is None else None
    if hold_no is None or not enrolments.pay(tx, shop_id, row.enrolment_no, fen, hold_no, now):
        raise Refused(say("Its deposit was paid before."))
    journal.write(tx, shop_id, DepositPaid(row.enrolment_no), at=now, by=by.person_id)
    journal.write(tx, shop_id, HoldMoved(HoldKind.ACTIVITY_DEPOSIT.value, fen, HoldState.HELD.value), at=now, by=by.person_id)


def _seen(tx: Tx, shop_id: ShopId, row: EnrolmentRecord, rulebook: Rulebook, now: datetime) -> EnrolmentSeen:
    activity = _of_row(row)
    where = stage(EnrolmentState(row.state), row.starts_at, row.ends_at, now)
    limits = Clocks(None, None, None, None) if activity is None else clocks(activity, row.starts_at, rulebook, row.made_at)
    during = before = None
    if where in (EnrolmentStage.RUNNING, EnrolmentStage.OVER):
        until = min(now, row.ends_at)
        during = regulars.sales(tx, shop_id, row.goods_id, row.starts_at, until, Ended.MONEY_BACK.value)
        before = regulars.sales(tx, shop_id, row.goods_id, row.starts_at - (until - row.starts_at), row.starts_at, Ended.MONEY_BACK.value)
    return EnrolmentSeen(row=row, activity=activity, stage=where, clocks=limits, steps=_steps(row, where, activity), during=during, before=before)


def _steps(row: EnrolmentRecord, where: EnrolmentStage, activity: Activity | None) -> tuple[EnrolmentStep, ...]:
    if where in (EnrolmentStage.RUNNING, EnrolmentStage.OVER):
        return ()
    if where is EnrolmentStage.PASSED:
        return (EnrolmentStep.SIGN_UP, EnrolmentStep.WITHDRAW)  # what happened may be noted late
    owes = activity is not None and activity.has_deposit and row.deposit_paid_at is None
    return tuple(step for step in steps(EnrolmentState(row.state)) if step is not EnrolmentStep.PAY_DEPOSIT or owes)


def _of_row(row: EnrolmentRecord) -> Activity | None:
    return activity_book().of(row.activity, shanghai_day(row.starts_at))


def _activity(activity_id: str, starts_at: datetime) -> Activity:
    found = activity_book().of(activity_id, shanghai_day(starts_at))
    if found is None or not found.enrols:
        raise Refused(say("Choose an activity that one signs up for."))
    return found


def _check(new: NewEnrolment, now: datetime) -> None:
    if new.ends_at <= new.starts_at or new.ends_at - new.starts_at > timedelta(days=MOST_DAYS):
        raise Refused(say("It ends after it began, and lasts at most {days} days.", days=MOST_DAYS))
    if new.starts_at > now + AHEAD or new.starts_at < now - AHEAD:
        raise Refused(say("It begins within a year from now, or began within the last."))
    if len(new.title) > MOST_TEXT or len(new.note) > MOST_TEXT or len(new.goods_id) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))
    for fen in (new.price, new.deposit):
        if fen is not None and not 0 < fen <= MOST_FEN:
            raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
