"""Reads how the shop's measures are counted: the versions of their formulas."""

from functools import cache
from importlib.resources import files

from zhanggui.core.measures.book import Formula, MeasureBook, Unit
from zhanggui.rulebook.blocks import RuleRefused, decoded
from zhanggui.rulebook.versions import check_succession, check_version

NAME = "measures.toml"


@cache
def measure_book() -> MeasureBook:
    """The formulas that come along. Raises RuleRefused."""
    return measure_book_of((files("zhanggui.rulebook") / NAME).read_text("utf-8"))


def measure_book_of(text: str) -> MeasureBook:
    """The formulas told by a text of the shape of the one that comes along. Raises RuleRefused."""
    book = decoded(text, MeasureBook, NAME)
    if book.out_of_stock_hours < 0 or not 1 <= book.positive_stars <= 5:
        raise RuleRefused(f"{NAME}: out_of_stock_hours is not below 0, positive_stars lies between 1 and 5")
    for one in book.formula:
        _check(one)
    for measure in book.ids:
        check_succession(NAME, book.measure(measure).versions)
    return book


def _check(one: Formula) -> None:
    """A version can be counted by, says what it rests on, and ends after it began."""
    if one.window_days < 1 or one.lag_days < 1 or one.least < 0 or one.per_hit < 0:
        raise RuleRefused(f"{NAME}: {one.cite}: window_days and lag_days are at least 1, least and per_hit at least 0")
    check_version(NAME, one)
    needed = bool(one.numerator) and (one.unit is Unit.COUNT or bool(one.denominator))
    if needed is one.is_unknown or (one.unit is Unit.COUNT and one.denominator) or (one.sums_amounts and one.numerator != one.denominator):
        raise RuleRefused(
            f"{NAME}: {one.cite}: a rate names what stands above and below, a mean the same twice, a count what stands above, an unknown one nothing"
        )
