"""The clocks of an enrolment by the working calendar, and where it stands."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from zhanggui.core.activities.enrolment import MOVES, EnrolmentStage, EnrolmentState, EnrolmentStep, clocks, stage, steps
from zhanggui.core.clocks.activities import Enrolled, enrolment_deadlines
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import from_shanghai
from zhanggui.rulebook import load
from zhanggui.rulebook.activities import activity_book

SECKILL = next(each for each in activity_book().in_force(date(2026, 11, 22)) if each.id == "pdd.seckill")
MADE = datetime(2026, 9, 1, tzinfo=UTC)


def wall(text: str) -> datetime:
    """A moment of Shanghai."""
    return from_shanghai(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("starts", "deposit_by", "why"),
    [
        ("2026-11-25 10:00", "2026-11-24 15:00", "the day before is worked"),
        ("2026-11-23 00:00", "2026-11-20 15:00", "Monday: the Friday before"),
        ("2026-10-08 10:00", "2026-09-30 15:00", "the first day after the national holiday"),
        ("2026-10-11 10:00", "2026-10-10 15:00", "a Saturday that is worked for the holiday"),
    ],
)
def test_the_deposit_is_due_at_three_on_the_working_day_before(starts: str, deposit_by: str, why: str) -> None:
    found = clocks(SECKILL, wall(starts), load(), MADE)

    assert (found.deposit_by, found.is_sure) == (wall(deposit_by), True), why


def test_it_says_where_the_working_days_are_not_known() -> None:
    found = clocks(SECKILL, wall("2031-05-05 10:00"), load(), MADE)

    assert (found.deposit_by, found.is_sure) == (wall("2031-05-02 15:00"), False)


def test_one_may_leave_without_loss_until_72_hours_before() -> None:
    assert clocks(SECKILL, wall("2026-11-25 10:00"), load(), MADE).withdraw_by == wall("2026-11-22 10:00")


def test_an_activity_without_a_deposit_has_no_clocks() -> None:
    flash = next(each for each in activity_book().activity if each.id == "pdd.flash_sale")

    assert clocks(flash, wall("2026-11-25 10:00"), load(), MADE) == type(clocks(flash, MADE, load(), MADE))(None, None, None, None)


@pytest.mark.parametrize(
    ("now", "paid", "kinds"),
    [
        ("2026-11-20 10:00", False, {DeadlineKind.PAY_DEPOSIT, DeadlineKind.WITHDRAW_BY}),
        ("2026-11-20 10:00", True, {DeadlineKind.WITHDRAW_BY}),
        ("2026-11-22 10:00", False, {DeadlineKind.PAY_DEPOSIT}),
        ("2026-11-25 10:00", False, set()),
    ],
)
def test_its_deadlines_follow_the_time(now: str, paid: bool, kinds: set[DeadlineKind]) -> None:
    starts = wall("2026-11-25 10:00")
    enrolled = Enrolled(enrolment_no=7, made_at=MADE, starts_at=starts, deposit_paid=paid, is_on=True)

    found = enrolment_deadlines(enrolled, clocks(SECKILL, starts, load(), MADE), wall(now))

    assert {each.kind for each in found} == kinds
    assert enrolment_deadlines(msgspec.structs.replace(enrolled, is_on=False), clocks(SECKILL, starts, load(), MADE), wall(now)) == ()


@pytest.mark.parametrize(
    ("state", "hours", "expected"),
    [
        (EnrolmentState.PLANNED, -1, EnrolmentStage.PLANNED),
        (EnrolmentState.PLANNED, 0, EnrolmentStage.PASSED),
        (EnrolmentState.SIGNED_UP, -1, EnrolmentStage.COMING),
        (EnrolmentState.SIGNED_UP, 0, EnrolmentStage.RUNNING),
        (EnrolmentState.SIGNED_UP, 24, EnrolmentStage.OVER),
        (EnrolmentState.WITHDRAWN, 0, EnrolmentStage.WITHDRAWN),
        (EnrolmentState.TURNED_DOWN, 0, EnrolmentStage.TURNED_DOWN),
    ],
)
def test_where_it_stands_follows_from_what_was_decided_and_the_time(state: EnrolmentState, hours: int, expected: EnrolmentStage) -> None:
    assert stage(state, MADE, MADE + timedelta(hours=24), MADE + timedelta(hours=hours)) is expected


def test_every_state_can_be_left() -> None:
    assert {state for state in EnrolmentState if steps(state)} == set(EnrolmentState)
    assert MOVES[(EnrolmentState.WITHDRAWN, EnrolmentStep.BACK)] is EnrolmentState.PLANNED
