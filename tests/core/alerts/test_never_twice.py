"""Whatever happens in whatever order, nobody is told the same of one matter twice: once ahead, once overdue."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.alerts.matters import Stage
from zhanggui.core.alerts.telling import Standing, Step, first_step, looks_next, next_step
from zhanggui.core.alerts.terms import AlertTerms

RAISED = datetime(2026, 3, 2, 21, tzinfo=UTC)
TERMS = st.builds(AlertTerms, people=st.lists(st.integers(1, 5), max_size=5).map(tuple), escalate_minutes=st.none() | st.integers(1, 90))
STANDING = st.builds(Standing, due_at=st.integers(-60, 600).map(lambda minutes: RAISED + timedelta(minutes=minutes)), assignee=st.none() | st.integers(1, 5))


@given(terms=TERMS, standing=STANDING, noted_after=st.none() | st.integers(0, 12), pauses=st.lists(st.integers(0, 200), max_size=30))
def test_nobody_is_told_the_same_twice(terms: AlertTerms, standing: Standing, noted_after: int | None, pauses: list[int]) -> None:
    now = RAISED
    step, standing = first_step(standing, terms, now)
    steps: list[Step] = [step]
    looks = looks_next(standing, terms, now)

    for at, pause in enumerate(pauses):
        if at == noted_after:
            standing = msgspec.structs.replace(standing, is_acknowledged=True)
            looks = looks_next(standing, terms, now)
        now += timedelta(minutes=pause)
        if looks is None or looks > now:
            continue
        told, standing = next_step(standing, terms, now)
        steps += [] if told is None else [told]
        looks = looks_next(standing, terms, now)
        assert looks is None or looks > now or not standing.is_overdue_told

    ahead = Counter(person for step in steps if step.stage is not Stage.OVERDUE for person in step.people)
    overdue = Counter(person for step in steps if step.stage is Stage.OVERDUE for person in step.people)
    assert max(ahead.values(), default=0) <= 1
    assert max(overdue.values(), default=0) <= 1
    assert sum(step.to_shop for step in steps) <= 2
