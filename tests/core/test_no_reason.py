"""The seven days without a reason count from the day after receipt, and not for products the law excepts."""

import pytest

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.cases.no_reason import NoReasonException, no_reason
from zhanggui.core.clocks import case_deadlines
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.decide import verdict
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

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


@pytest.mark.parametrize(
    ("asked", "told"), [("2026-03-08 23:59:59", "It was asked within seven days"), ("2026-03-09 00:00:00", "It was asked more than seven")]
)
def test_the_verdict_counts_the_days_in_the_same_way(asked: str, told: str) -> None:
    case = AftersaleFacts(
        case_no="A1",
        order_no="1",
        kind=AftersaleKind.RETURN_AND_REFUND,
        state=AftersaleState.SELLER_TO_ANSWER,
        applied_at=moment(asked),
        refund_amount=Fen(5990),
    )
    known = OrderKnowledge(order=OrderFacts(order_no="1", stage=OrderStage.RECEIVED, received_at=RECEIVED), data_as_of=moment(asked))
    [deadline] = [each for each in case_deadlines(case, known, RULES) if each.kind is DeadlineKind.ANSWER_REFUND]

    found = verdict(deadline, order=known, case=case, messages=(), review=None, now=moment(asked), rulebook=RULES, scripts=rulebook.scripts())

    assert any(each.text.startswith(told) for each in found.because)
