"""The formulas of measures: in order, and in step with the rules that stand elsewhere."""

from importlib.resources import files

import pytest

from zhanggui import rulebook
from zhanggui.core.advice.indicators import QUALITY
from zhanggui.rulebook.blocks import RuleRefused
from zhanggui.rulebook.measures import measure_book, measure_book_of
from zhanggui.rulebook.ratings import rating_book

TEXT = (files("zhanggui.rulebook") / "measures.toml").read_text("utf-8")


def test_the_rating_has_the_window_of_its_own_rule_and_quality_the_reasons_of_advice() -> None:
    rating = rating_book().rule[-1]
    of_quality = [one for one in rulebook.load().advice.metrics if one.id == QUALITY]

    assert [(one.window_days, one.least) for name in ("shop_rating", "valid_ratings") for one in measure_book().measure(name).versions] == [
        (rating.days, rating.least)
    ] * 2
    assert {one.reasons for one in of_quality} == {measure_book().quality}
    assert [one.effective_from for one in of_quality] == [one.effective_from for one in measure_book().measure("quality_refund_rate").versions]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("effective_until = 2018-08-30", "effective_until = 2018-08-31", "two versions at once"),
        ("effective_until = 2018-08-30", "effective_until = 2015-09-01", "ends before it begins"),
        ("lag_days = 1", "lag_days = 0", "at least 1"),
        ("positive_stars = 4", "positive_stars = 6", "between 1 and 5"),
        ("is_unknown = true", "", "what stands above and below"),
        ('numerator = ["rating_counted"]\ndenominator = ["rating_counted"]', 'numerator = ["rating_counted"]', "the same twice"),
        ('better = "better_low"', 'better = "lower"', "better"),
        ("per_hit = 100", "smoothing = 100", "smoothing"),
    ],
)
def test_it_refuses_what_is_not_in_order(before: str, after: str, said: str) -> None:
    assert before in TEXT

    with pytest.raises(RuleRefused, match=said):
        measure_book_of(TEXT.replace(before, after, 1))
