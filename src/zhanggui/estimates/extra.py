"""What the extra `statistics` brings along, loaded when something is learnt: it is 130 MB, and whoever only asks for a chance never needs it."""

from importlib import import_module
from typing import Any

from zhanggui.core.say import say

MISSING = say("To learn from your own parcels the extra is needed that computes: pip install '.[statistics]'.")


class StatisticsMissing(Exception):
    """The extra `statistics` is not installed."""


def needed(name: str) -> Any:
    """The module of that name. Raises StatisticsMissing."""
    try:
        return import_module(name)
    except ImportError:
        raise StatisticsMissing from None


def is_there() -> bool:
    """Whether something can be learnt here."""
    try:
        needed("sklearn")
    except StatisticsMissing:
        return False
    return True
