"""How long to wait before something that failed is tried again."""

import random
from datetime import timedelta

_MOST_DOUBLINGS = 20


def wait_after(failures: int, first: timedelta, longest: timedelta) -> timedelta:
    """The wait after so many failures in a row: twice as long each time up to the longest, a quarter of it left to chance, so that many do not come at once."""
    full: timedelta = min(first * 2 ** min(max(failures - 1, 0), _MOST_DOUBLINGS), longest)
    return full * random.uniform(0.75, 1.0)  # noqa: S311 - spreads load, guards nothing
