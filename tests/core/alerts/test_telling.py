"""Who is told when, step by step, as the table says."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest

from zhanggui.connectors.notify.services import Service, about
from zhanggui.core.alerts.matters import MatterTerms, Stage
from zhanggui.core.alerts.telling import Standing, Step, first_step, looks_next, next_step
from zhanggui.core.alerts.terms import AlertTerms, digest_due, rings
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import from_shanghai
from zhanggui.rulebook.alerts import alert_matters

LIN, MEI, ZHOU = 1, 2, 3
DUE = datetime(2026, 3, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TERMS = AlertTerms(people=(LIN, MEI), escalate_minutes=15)
FRESH = Standing(due_at=DUE)


def test_it_tells_the_shop_and_the_first_then_the_next_then_all_when_overdue() -> None:
    now = DUE - timedelta(hours=1)
    first, standing = first_step(FRESH, TERMS, now)
    second, after_second = next_step(standing, TERMS, now + 15 * MINUTE)
    nobody, unchanged = next_step(after_second, TERMS, now + 30 * MINUTE)
    last, ended = next_step(after_second, TERMS, DUE)

    assert first == Step(Stage.WARNED, (LIN,), to_shop=True)
    assert second == Step(Stage.ESCALATED, (MEI,), to_shop=False)
    assert (nobody, unchanged) == (None, after_second)
    assert last == Step(Stage.OVERDUE, (LIN, MEI), to_shop=True)
    assert next_step(ended, TERMS, DUE + 15 * MINUTE) == (None, ended)


def test_it_tells_whose_it_is_first() -> None:
    step, _ = first_step(msgspec.structs.replace(FRESH, assignee=ZHOU), TERMS, DUE - MINUTE)

    assert step.people == (ZHOU,)


def test_it_begins_with_overdue_where_it_was_late_when_it_was_heard_of() -> None:
    step, standing = first_step(FRESH, TERMS, DUE)

    assert (step.stage, standing.is_overdue_told) == (Stage.OVERDUE, True)


def test_it_says_overdue_once_more_though_acknowledged_and_passes_nobody_over() -> None:
    noted = Standing(due_at=DUE, told=(LIN,), is_acknowledged=True)

    early, _ = next_step(noted, TERMS, DUE - MINUTE)
    late, after = next_step(noted, TERMS, DUE)

    assert early is None
    assert late == Step(Stage.OVERDUE, (LIN,), to_shop=True)
    assert next_step(after, TERMS, DUE + 60 * MINUTE) == (None, after)


@pytest.mark.parametrize(
    ("standing", "terms", "looks"),
    [
        (Standing(due_at=DUE, told=(LIN,)), TERMS, DUE - 45 * MINUTE),
        (Standing(due_at=DUE, told=(LIN, MEI)), TERMS, DUE),
        (Standing(due_at=DUE, told=(LIN,), is_acknowledged=True), TERMS, DUE),
        (Standing(due_at=DUE, told=(LIN,)), AlertTerms(people=(LIN, MEI), escalate_minutes=None), DUE),
        (Standing(due_at=DUE, told=(LIN,), is_overdue_told=True), TERMS, DUE - 45 * MINUTE),
        (Standing(due_at=DUE, told=(LIN, MEI), is_overdue_told=True), TERMS, None),
    ],
)
def test_it_looks_again(standing: Standing, terms: AlertTerms, looks: datetime | None) -> None:
    assert looks_next(standing, terms, DUE - 60 * MINUTE) == looks


def test_every_kind_of_to_do_says_from_when_on_it_rings() -> None:
    assert set(alert_matters()) == set(DeadlineKind)


def test_the_shop_decides_what_rings_and_how_early() -> None:
    known = {kind: alert_matters()[kind] for kind in (DeadlineKind.SHIP_BY, DeadlineKind.PICKUP_BY, DeadlineKind.REFUND_DIFFERS)}
    own = AlertTerms(warn_minutes={DeadlineKind.SHIP_BY: 30, DeadlineKind.PICKUP_BY: None, DeadlineKind.REFUND_DIFFERS: 60})

    assert [(ring.kind, ring.before) for ring in rings(own, known)] == [(DeadlineKind.SHIP_BY, timedelta(minutes=30))]
    assert rings(msgspec.structs.replace(own, is_on=False), known) == ()
    assert all(isinstance(terms, MatterTerms) for terms in known.values())


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-03-03 09:00", "2026-03-03 09:00"), ("2026-03-03 08:59", "2026-03-02 09:00"), ("2026-03-03 23:00", "2026-03-03 09:00")],
)
def test_the_digest_was_due(now: str, due: str) -> None:
    terms = AlertTerms(digest_at=time(9))

    assert digest_due(terms, from_shanghai(datetime.fromisoformat(now))) == from_shanghai(datetime.fromisoformat(due))
    assert digest_due(AlertTerms(), DUE) is None


def test_no_service_is_sent_more_than_it_takes() -> None:
    wall = datetime(2026, 11, 1, tzinfo=UTC)
    recent = tuple(wall - timedelta(seconds=second) for second in range(20, 40))

    assert about(Service.DINGTALK).free_at(recent[:19], wall) == wall
    assert about(Service.DINGTALK).free_at(recent, wall) == recent[-1] + timedelta(seconds=60)
    assert about(Service.FEISHU).free_at(tuple(wall - timedelta(seconds=n / 10) for n in range(5)), wall) == wall + timedelta(seconds=0.6)
    assert about(Service.DINGTALK).counted((wall - timedelta(seconds=61), wall), wall) == (wall,)
