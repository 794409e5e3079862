"""A shop with a waybill account, for every test in this folder."""

from collections.abc import Iterator

import pytest

from tests.actions.waybills.counter import WaybillCounter
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House


@pytest.fixture
def counter(house: House, people: Cast) -> Iterator[WaybillCounter]:
    """林's shop at the counter where numbers are had."""
    with running(quiet()) as platform:
        yield WaybillCounter(house, people.lin, people.shop_id, platform)
