"""Demo homes: one over a fresh database, its story not yet begun, and one whose first chapter is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keeping import Keeping
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.demo.telling import begin_clock, prepare


@pytest.fixture
def demo_house(house: House) -> Iterator[House]:
    """A house whose clock stands just before the first chapter."""
    begin_clock(house.home)
    yield house
    clock.use_home(None)


@pytest.fixture
def told_demo(keeping: Keeping, tmp_path: Path) -> Iterator[House]:
    """A demo as it opens: its first chapter is told. The telling takes seconds, so it is told once and copied."""
    with keeping.copied(keeping.kept(_told), tmp_path) as house:
        begin_clock(house.home)
        yield house
    clock.use_home(None)


def _told(house: House) -> None:
    begin_clock(house.home)
    prepare(house)
    clock.use_home(None)
