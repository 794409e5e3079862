"""Reads what activities ask, how rewards for reviews are kept lawful, and who counts as coming back."""

from functools import cache
from importlib.resources import files

from zhanggui.core.activities.book import Activity, ActivityBook, Told, Unit
from zhanggui.rulebook.blocks import RuleRefused, decoded
from zhanggui.rulebook.versions import check_succession, check_version

NAME = "activities.toml"
COUNTED = frozenset({"paid_orders", "return_rate", "daily_sales"})
"""The figures that are counted from orders alone."""


@cache
def activity_book() -> ActivityBook:
    """The activities that come along. Raises RuleRefused."""
    return activity_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def activity_book_of(text: str) -> ActivityBook:
    """The activities told by a text of the shape of the one that comes along. Raises RuleRefused."""
    book = decoded(text, ActivityBook, NAME)
    for one in book.activity:
        _check(one)
    for name in {one.id for one in book.activity}:
        check_succession(NAME, [one for one in book.activity if one.id == name])
    return book


def _check(one: Activity) -> None:
    """A version says what it rests on, ends after it began, and asks for nothing twice."""
    check_version(NAME, one)
    if one.deposit_fen is not None and not one.has_deposit:
        raise RuleRefused(f"{NAME}: {one.cite}: deposit_fen without has_deposit")
    names = [(need.figure, need.days) for need in one.need]
    if len(set(names)) != len(names):
        raise RuleRefused(f"{NAME}: {one.cite}: it asks for the same figure twice")
    for need in one.need:
        _check_need(one, need.figure)


def _check_need(one: Activity, figure: str) -> None:
    for need in one.need:
        if need.figure != figure:
            continue
        if sum(text is not None for text in (need.at_least, need.above, need.at_most)) > 1:
            raise RuleRefused(f"{NAME}: {one.cite}: {figure}: one threshold at most")
        try:
            threshold = need.threshold
        except ValueError:
            raise RuleRefused(f"{NAME}: {one.cite}: {figure}: the threshold is no number") from None
        if threshold is None and need.told is not Told.TYPED:
            raise RuleRefused(f"{NAME}: {one.cite}: {figure}: what the house counts itself needs a threshold")
        if need.told is Told.COUNTED and figure not in COUNTED:
            raise RuleRefused(f"{NAME}: {one.cite}: {figure}: nothing counts that")
        if need.unit is Unit.RATE and threshold is not None and threshold > 1:
            raise RuleRefused(f"{NAME}: {one.cite}: {figure}: a rate is at most 1")
