"""One ranking: bands by time, and a stored score that orders them as the expected loss does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.deadlines import Band, Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.moments import from_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.ranking import band_at, expected_loss, look_at, score, standing_band, standing_look
from zhanggui.core.rules import Basis

WEIGHTS = rulebook.load().weights
START = datetime(2026, 3, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 30 * 24 * 3600 * 1_000_000).map(lambda micros: START + timedelta(microseconds=micros))


def wall(text: str) -> datetime:
    return from_shanghai(datetime.fromisoformat(text))


def deadline(due_at: datetime, *, kind: DeadlineKind = DeadlineKind.SHIP_BY, at_risk: int = 300, state: DeadlineState = DeadlineState.OPEN) -> Deadline:
    return Deadline(
        subject=Subject(SubjectKind.ORDER, "O1"), kind=kind, state=state, counts_from="paid_at", started_at=START - timedelta(days=30), due_at=due_at,
        due_source=DueSource.RULEBOOK, rule="r@2026-01-01", basis=Basis.ASSUMED, at_risk=Fen(at_risk),
    )  # fmt: skip


DEADLINES = st.builds(deadline, MOMENTS, kind=st.sampled_from(DeadlineKind), at_risk=st.integers(0, 100_000))


@pytest.mark.parametrize(
    ("now", "band"),
    [
        ("2026-03-04 23:59:59", Band.LATER),
        ("2026-03-05 00:00:00", Band.TODAY),
        ("2026-03-05 20:13:59", Band.TODAY),
        ("2026-03-05 20:14:05", Band.HOUR),
        ("2026-03-05 21:14:05", Band.HOUR),
        ("2026-03-05 21:14:06", Band.OVERDUE),
    ],
)
def test_it_stands_in_the_band_of_the_moment(now: str, band: Band) -> None:
    due_at = wall("2026-03-05 21:14:05")

    assert band_at(due_at, wall(now)) is band


def test_it_counts_midnight_to_the_evening_before() -> None:
    midnight = wall("2026-03-06 00:00:00")

    assert band_at(midnight, wall("2026-03-05 09:00:00")) is Band.TODAY


def test_it_goes_straight_to_the_hour_when_due_just_after_midnight() -> None:
    due_at = wall("2026-03-06 00:30:00")

    assert look_at(due_at, wall("2026-03-05 09:00:00")) == wall("2026-03-05 23:30:00")


@given(MOMENTS, MOMENTS)
def test_it_visits_every_change_of_band_by_looking_when_told(due_at: datetime, now: datetime) -> None:
    visited = [(now, band_at(due_at, now))]
    while (moment := look_at(due_at, visited[-1][0])) is not None:
        assert moment > visited[-1][0]
        assert band_at(due_at, moment) < visited[-1][1]
        assert band_at(due_at, moment - timedelta(microseconds=1)) is visited[-1][1]
        visited.append((moment, band_at(due_at, moment)))

    assert visited[-1][1] is Band.OVERDUE


@given(DEADLINES, DEADLINES, MOMENTS)
def test_it_orders_a_band_as_the_expected_loss_does(one: Deadline, other: Deadline, now: datetime) -> None:
    band = band_at(one.due_at, now)
    if band_at(other.due_at, now) is not band:
        return

    if score(one, band, WEIGHTS) > score(other, band, WEIGHTS) + 1e-9:
        assert expected_loss(one, now, WEIGHTS) >= expected_loss(other, now, WEIGHTS)


@given(DEADLINES, MOMENTS)
def test_it_never_expects_to_lose_more_than_is_there(one: Deadline, now: datetime) -> None:
    stake = WEIGHTS.kinds[one.kind.value].stake_fen

    assert 0 <= expected_loss(one, now, WEIGHTS) <= max(one.at_risk, stake)


def test_it_weighs_an_overdue_order_whole_and_a_later_one_less() -> None:
    now = START + timedelta(days=1)

    assert expected_loss(deadline(now - timedelta(hours=1), at_risk=10_000), now, WEIGHTS) == 9000
    assert expected_loss(deadline(now + timedelta(hours=12), at_risk=10_000), now, WEIGHTS) == 3311


def test_it_has_a_weight_for_every_kind() -> None:
    assert set(WEIGHTS.kinds) == {kind.value for kind in DeadlineKind}


def test_it_sets_aside_what_only_has_to_be_watched_until_it_is_overdue() -> None:
    now = wall("2026-03-05 09:00:00")
    parcel = deadline(now + timedelta(minutes=30), kind=DeadlineKind.PARCEL_MOVES)

    before = standing_band(parcel, now, WEIGHTS)
    moment = standing_look(parcel, now, WEIGHTS)

    assert before is Band.WATCHED
    assert moment == parcel.due_at + timedelta(microseconds=1)
    assert standing_band(parcel, parcel.due_at, WEIGHTS) is Band.WATCHED
    assert standing_band(parcel, moment, WEIGHTS) is Band.OVERDUE
    assert standing_look(parcel, moment, WEIGHTS) is None
