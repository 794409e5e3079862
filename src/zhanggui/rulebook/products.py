"""Reads when reviews raise a product: the versions of the rule."""

from functools import cache
from importlib.resources import files

from zhanggui.core.products.book import AlarmBook, AlarmRule
from zhanggui.rulebook.blocks import RuleRefused, decoded
from zhanggui.rulebook.versions import check_succession, check_version

NAME = "products.toml"


@cache
def alarm_book() -> AlarmBook:
    """The versions that come along. Raises RuleRefused."""
    return alarm_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def alarm_book_of(text: str) -> AlarmBook:
    """The versions told by a text of the shape of the one that comes along. Raises RuleRefused."""
    book = decoded(text, AlarmBook, NAME)
    for one in book.rule:
        _check(one)
    check_succession(NAME, book.rule)
    return book


def _check(rule: AlarmRule) -> None:
    """A version can be counted by, says what it rests on, and ends after it began."""
    if min(rule.one_star_more_than, rule.one_star_days, rule.bad_upto, rule.watch_reviews) < 1 or rule.odds_times <= 1 or not 0 < rule.false_share < 1:
        raise RuleRefused(f"{NAME}: {rule.cite}: counts are at least 1, odds_times is above 1, false_share between 0 and 1")
    if rule.watch_reviews > 200:
        raise RuleRefused(f"{NAME}: {rule.cite}: a watch has at most 200 reviews")
    check_version(NAME, rule)
