"""The clock tells the wall's time, wound by what the home says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zhanggui import clock

SOON = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def follow_no_home() -> Iterator[None]:
    """Leave the clock as it was found."""
    clock.use_home(None)
    yield
    clock.use_home(None)


def test_it_tells_the_wall_s_time_in_utc() -> None:
    told = clock.now()

    assert told.tzinfo is UTC
    assert abs(told - datetime.now(UTC)) < SOON


def test_it_is_wound_by_the_home_it_follows(tmp_path: Path) -> None:
    clock.use_home(tmp_path)
    clock.wind(tmp_path, timedelta(hours=3))

    altogether = clock.wind(tmp_path, timedelta(hours=2))

    assert altogether == timedelta(hours=5)
    assert abs(clock.now() - datetime.now(UTC) - altogether) < SOON
    assert abs(clock.unwound() - datetime.now(UTC)) < SOON


def test_it_notices_that_another_process_wound_it(tmp_path: Path) -> None:
    clock.use_home(tmp_path)
    before = clock.now()

    (tmp_path / "clock.json").write_text('{"offset_seconds": -86400}', "utf-8")

    assert clock.now() < before - timedelta(hours=23)


def test_a_home_it_does_not_follow_changes_nothing(tmp_path: Path) -> None:
    clock.wind(tmp_path, timedelta(days=9))

    assert abs(clock.now() - datetime.now(UTC)) < SOON
