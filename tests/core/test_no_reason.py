"""The seven days without a reason count from the day after receipt, and not for products the law excepts."""

import pytest

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.cases.no_reason import NoReasonException, no_reason

RULES = rulebook.load()
RECEIVED = moment("2026-03-01 20:00:00")


@pytest.mark.parametrize(
    ("asked", "holds"),
    [("2026-03-01 20:00:00", True), ("2026-03-08 20:00:01", True), ("2026-03-08 23:59:59", True), ("2026-03-09 00:00:00", False)],
)
def test_the_days_count_from_the_midnight_after_receipt(asked: str, holds: bool) -> None:
    found = no_reason(moment(asked), RECEIVED, None, RULES)

    assert found is not None
    assert (found.holds, found.until, found.rule) == (holds, moment("2026-03-09 00:00:00"), "cn.law.no_reason_return@2014-03-15")


@pytest.mark.parametrize("exception", NoReasonException)
def test_no_excepted_product_may_be_sent_back_without_a_reason(exception: NoReasonException) -> None:
    found = no_reason(moment("2026-03-02 08:00:00"), RECEIVED, exception, RULES)

    assert found is not None
    assert (found.holds, found.until, found.exception) == (False, None, exception)


def test_nothing_is_said_where_the_receipt_or_the_law_is_not_known() -> None:
    assert no_reason(moment("2026-03-02 08:00:00"), None, None, RULES) is None
    assert no_reason(moment("2014-03-14 23:59:59"), RECEIVED, None, RULES) is None
