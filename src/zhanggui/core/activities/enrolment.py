"""Signing up for an activity: what stands, what may follow, and by when the deposit is paid and one may leave without loss."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.activities.book import Activity
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.working_time import UnknownYear, WorkCalendar


class EnrolmentState(StrEnum):
    """What was decided."""

    PLANNED = "enrolment_planned"
    """The shop means to; nothing was sent to the platform."""
    SIGNED_UP = "enrolment_signed_up"
    WITHDRAWN = "enrolment_withdrawn"
    TURNED_DOWN = "enrolment_turned_down"
    """The platform said no."""


class EnrolmentStage(StrEnum):
    """Where it stands now, by what was decided and by the time it is."""

    PLANNED = "stage_planned"
    PASSED = "stage_passed"
    """It began without the shop."""
    COMING = "stage_coming"
    RUNNING = "stage_running"
    OVER = "stage_over"
    WITHDRAWN = "stage_withdrawn"
    TURNED_DOWN = "stage_turned_down"


class EnrolmentStep(StrEnum):
    """What somebody may say of it."""

    SIGN_UP = "sign_up"
    PAY_DEPOSIT = "pay_the_deposit"
    WITHDRAW = "withdraw_enrolment"
    TURN_DOWN = "turn_down"
    BACK = "plan_again"


MOVES: Mapping[tuple[EnrolmentState, EnrolmentStep], EnrolmentState] = {
    (EnrolmentState.PLANNED, EnrolmentStep.SIGN_UP): EnrolmentState.SIGNED_UP,
    (EnrolmentState.PLANNED, EnrolmentStep.PAY_DEPOSIT): EnrolmentState.PLANNED,
    (EnrolmentState.PLANNED, EnrolmentStep.TURN_DOWN): EnrolmentState.TURNED_DOWN,
    (EnrolmentState.PLANNED, EnrolmentStep.WITHDRAW): EnrolmentState.WITHDRAWN,
    (EnrolmentState.SIGNED_UP, EnrolmentStep.PAY_DEPOSIT): EnrolmentState.SIGNED_UP,
    (EnrolmentState.SIGNED_UP, EnrolmentStep.TURN_DOWN): EnrolmentState.TURNED_DOWN,
    (EnrolmentState.SIGNED_UP, EnrolmentStep.WITHDRAW): EnrolmentState.WITHDRAWN,
    (EnrolmentState.SIGNED_UP, EnrolmentStep.BACK): EnrolmentState.PLANNED,
    (EnrolmentState.WITHDRAWN, EnrolmentStep.BACK): EnrolmentState.PLANNED,
    (EnrolmentState.TURNED_DOWN, EnrolmentStep.BACK): EnrolmentState.PLANNED,
}
"""From which state which step leads where."""
RUNS = frozenset({EnrolmentState.PLANNED, EnrolmentState.SIGNED_UP})


class Clocks(msgspec.Struct, frozen=True):
    """By when the deposit is paid, and until when one may leave without loss; None where there is no such limit."""

    deposit_by: datetime | None
    withdraw_by: datetime | None
    deposit_rule: Rule | None
    withdraw_rule: Rule | None
    is_sure: bool = True
    """Whether the working days before it are known; otherwise every weekday is taken for one."""


def stage(state: EnrolmentState, starts_at: datetime, ends_at: datetime, now: datetime) -> EnrolmentStage:
    """Where the enrolment stands."""
    match state:
        case EnrolmentState.WITHDRAWN:
            return EnrolmentStage.WITHDRAWN
        case EnrolmentState.TURNED_DOWN:
            return EnrolmentStage.TURNED_DOWN
        case EnrolmentState.PLANNED:
            return EnrolmentStage.PLANNED if now < starts_at else EnrolmentStage.PASSED
        case EnrolmentState.SIGNED_UP:
            if now < starts_at:
                return EnrolmentStage.COMING
            return EnrolmentStage.RUNNING if now < ends_at else EnrolmentStage.OVER


def steps(state: EnrolmentState) -> tuple[EnrolmentStep, ...]:
    """What may be said of an enrolment in this state."""
    return tuple(step for (found, step) in MOVES if found is state)


def clocks(activity: Activity, starts_at: datetime, rulebook: Rulebook, at: datetime) -> Clocks:
    """The two limits of an enrolment that begins then, by the rules in force at that moment."""
    if not activity.has_deposit:
        return Clocks(None, None, None, None)
    deposit, leave = rulebook.in_force(Question.PAY_DEPOSIT, at=at), rulebook.in_force(Question.WITHDRAW_BY, at=at)
    paid_by, is_sure = (None, True) if deposit is None or deposit.term is None else _deposit_by(deposit, starts_at, rulebook.calendar)
    left_by = None if leave is None or leave.term is None else starts_at - leave.term.length
    return Clocks(paid_by, left_by, deposit, leave, is_sure)


def _deposit_by(rule: Rule, starts_at: datetime, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """The hour on the working day so many working days before the one on which it begins."""
    assert rule.term is not None
    day, is_sure = _working_days_before(shanghai_day(starts_at), rule.term.days, calendar)
    closes = time.fromisoformat(rule.hours_of_day[-1][1]) if rule.hours_of_day else time(23, 59)
    return start_of_day(day) + timedelta(hours=closes.hour, minutes=closes.minute), is_sure


def _working_days_before(day: date, count: int, calendar: WorkCalendar) -> tuple[date, bool]:
    is_sure = True
    while count > 0:
        day -= timedelta(days=1)
        try:
            count -= calendar.is_working_day(day)
        except UnknownYear:
            is_sure = False
            count -= day.weekday() < 5
    return day, is_sure
