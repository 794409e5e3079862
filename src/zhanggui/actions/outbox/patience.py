"""How long the door waits: for whoever holds an act, and between two tries."""

from datetime import timedelta

LEASE = timedelta(seconds=90)
"""Longer than a call can take. Whoever holds an act for longer is taken for dead."""
LONGEST_WAIT = timedelta(minutes=10)
FIRST_WAIT = timedelta(seconds=5)


def backed_off(tries: int) -> timedelta:
    """How long to wait after so many tries that brought nothing."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    return wait
