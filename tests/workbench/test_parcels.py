"""The Parcels pages: what is wrong, one parcel with every event, the anomaly rate, and what is foreseen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.cast import Cast
from tests.parcels import ELSEWHERE_NO, FINE_NO, LATE_NO, STILL_NO, UNKNOWN_NO, ways
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person


@pytest.fixture
def under_way(house: House, people: Cast) -> None:
    """Parcels of every sort, as of the story's day."""
    ways(house, people, NOW)


@pytest.mark.usefixtures("under_way")
def test_it_lists_what_is_wrong_now(mei: Seat) -> None:
    page = mei.get("/parcels")

    assert page.status_code == 200
    assert STILL_NO in page.text
    assert ELSEWHERE_NO in page.text
    assert FINE_NO not in page.text
    assert LATE_NO not in page.text  # picked up late, and moving since
