"""Reads when reviews raise a product: the versions of the rule."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from zhanggui.core.products.book import AlarmBook, AlarmRule
from zhanggui.rulebook.blocks import RuleRefused, decoded

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
    ordered = sorted(book.rule, key=lambda rule: rule.effective_from)
    for earlier, later in pairwise(ordered):
        if earlier.effective_until is None or later.effective_from < earlier.effective_until:
            raise RuleRefused(f"{NAME}: {later.cite}: two versions at once")
    return book


def _check(rule: AlarmRule) -> None:
    """A version can be counted by, says what it rests on, and ends after it began."""
    if min(rule.one_star_more_than, rule.one_star_days, rule.bad_upto, rule.watch_reviews) < 1 or rule.odds_times <= 1 or not 0 < rule.false_share < 1:
        raise RuleRefused(f"{NAME}: {rule.cite}: counts are at least 1, odds_times is above 1, false_share between 0 and 1")
    if rule.watch_reviews > 200:
        raise RuleRefused(f"{NAME}: {rule.cite}: a watch has at most 200 reviews")
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        raise RuleRefused(f"{NAME}: {rule.cite}: it ends before it begins")
    if not (rule.source.strip() and rule.title.zh and rule.title.en):
        raise RuleRefused(f"{NAME}: {rule.cite}: a title in both languages and a source are needed")
