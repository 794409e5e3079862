"""The page of alerts, the bell, and the channels: seen, acknowledged, set; nobody else's secrets, nobody else's shop."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person

SECRET = "SEC0123456789abcdef"
TOKEN = "f00dbeefcafe0123456789"


@pytest.fixture
def rung(house: House, stocked: str) -> House:
    """The story's shop after the watch has looked."""
    watch_alerts(house, NOW)
    return house


def test_it_shows_what_rings_with_the_next_act(rung: House, lin: Seat) -> None:
    page = lin.get("/alerts")

    assert page.status_code == 200
    print(page.text)
