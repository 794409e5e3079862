"""Reads how the shop rating is counted: the versions of its rule."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from zhanggui.core.ratings.rules import RatingBook, RatingRule
from zhanggui.rulebook.blocks import RuleRefused, decoded

NAME = "ratings.toml"


@cache
def rating_book() -> RatingBook:
    """The versions that come along. Raises RuleRefused."""
    return rating_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def rating_book_of(text: str) -> RatingBook:
    """The versions told by a text of the shape of the one that comes along. Raises RuleRefused."""
    book = decoded(text, RatingBook, NAME)
    for one in book.rule:
        _check(one)
    ordered = sorted(book.rule, key=lambda rule: rule.effective_from)
    for earlier, later in pairwise(ordered):
        if earlier.effective_until is None or later.effective_from < earlier.effective_until:
            raise RuleRefused(f"{NAME}: {later.cite}: two versions at once")
    return book


def _check(rule: RatingRule) -> None:
    """A version can be counted by, says what it rests on, and ends after it began."""
    if min(rule.days, rule.first_per_month) < 1 or rule.least < 0 or not 0 <= rule.decimals <= 6 or rule.lowest > rule.highest:
        raise RuleRefused(f"{NAME}: {rule.cite}: days and first_per_month are at least 1, least at least 0, decimals 0 to 6, lowest not above highest")
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        raise RuleRefused(f"{NAME}: {rule.cite}: it ends before it begins")
    if not (rule.source.strip() and rule.title.zh and rule.title.en):
        raise RuleRefused(f"{NAME}: {rule.cite}: a title in both languages and a source are needed")
