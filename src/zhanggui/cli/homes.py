"""How a command opens a home folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.lines import line_at
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.rulebook import load as load_rulebook
from zhanggui.server import embedded


@contextmanager
def opened(home: Path) -> Iterator[House]:
    """The house of a home folder: its server started or joined, its tables brought up to date."""
    home.mkdir(parents=True, exist_ok=True)
    clock.use_home(home)
    line = line_at(home)
    with embedded(home) as conninfo:
        migrate(conninfo)
        with open_pool(conninfo, min_size=1, max_size=2) as pool:
            yield House(pool=pool, home=home, rulebook=load_rulebook(), line=line)
