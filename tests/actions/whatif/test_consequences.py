"""What is to be expected as whole orders, so that no threshold is crossed by rounding alone."""

from datetime import date

import pytest

from zhanggui.actions.whatif.consequences import whole
from zhanggui.core.measures.marks import Counted
from zhanggui.core.whatif.predicting import Figure
from zhanggui.rulebook.measures import measure_book

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("measure", "num", "den", "found"),
    [
        ("valid_ratings", 49.7, 1.0, Counted(49, 1)),
        ("valid_ratings", 50 - 1e-12, 1.0, Counted(50, 1)),
        ("shop_rating", 230.4, 49.9, Counted(226, 49)),
        ("quality_refund_rate", 2.96, 98.6, Counted(3, 98)),
        ("quality_refund_rate", 0.4, 0.3, Counted(0, 0)),
    ],
)
def test_what_is_not_wholly_there_has_not_come_and_the_share_stays(measure: str, num: float, den: float, found: Counted) -> None:
    formula = measure_book().measure(measure).in_force(DAY)
    assert formula is not None

    assert whole(formula, Figure(day=DAY, num=num, den=den, value=None)) == found
