"""Waiting for what other threads and processes do, with a limit."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it became so in that time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(0.02)
    return is_so()
