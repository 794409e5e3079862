"""Reads how the shop rating is counted: the versions of its rule."""

from functools import cache
from importlib.resources import files

from zhanggui.core.ratings.rules import RatingBook, RatingRule
from zhanggui.rulebook.blocks import RuleRefused, decoded
from zhanggui.rulebook.versions import check_succession, check_version

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
    check_succession(NAME, book.rule)
    return book


def _check(rule: RatingRule) -> None:
    """A version can be counted by, says what it rests on, and ends after it began."""
    if min(rule.days, rule.first_per_month) < 1 or rule.least < 0 or not 0 <= rule.decimals <= 6 or rule.lowest > rule.highest:
        raise RuleRefused(f"{NAME}: {rule.cite}: days and first_per_month are at least 1, least at least 0, decimals 0 to 6, lowest not above highest")
    check_version(NAME, rule)
