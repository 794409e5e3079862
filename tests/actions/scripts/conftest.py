"""One shop with an order on each leg of its way, for the tests of scripts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import ONE, TWO, orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai, on the day the orders' groups formed."""


@pytest.fixture
def stocked(house: House, people: Cast, tmp_path: Path) -> House:
    """ONE waits to be shipped, TWO has left."""
    told = [row(ONE), shipped(TWO, "2026-03-01 12:00:00")]
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", told)], NOW - timedelta(hours=1), as_of=NOW - timedelta(hours=1))
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW - timedelta(hours=1))
    return house
