"""How long the house waits: for whoever asks for a number, and before an answer that was lost is asked for again."""

from datetime import timedelta

LEASE = timedelta(seconds=90)
"""Longer than one call can take. Whoever holds a number for longer is taken for dead."""
FIRST_WAIT = timedelta(seconds=20)
"""The call whose answer was lost may still be under way at the platform: the same object is not asked for again before it is over."""
LONGEST_WAIT = timedelta(minutes=10)
MOST_TRIES = 40
"""After so many askings without an answer, some six hours, a number counts as lost and a person looks into the account."""


def backed_off(tries: int) -> timedelta:
    """How long to wait after so many tries that brought nothing."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(tries, 8), LONGEST_WAIT)
    return wait
