"""A demo home over a fresh database, its story not yet begun."""

from collections.abc import Iterator

import pytest

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.demo.telling import begin_clock


@pytest.fixture
def demo_house(house: House) -> Iterator[House]:
    """A house whose clock stands just before the first chapter."""
    begin_clock(house.home)
    yield house
    clock.use_home(None)
