"""A deduction for lateness is called wrong only where the order's own term is known."""

import pytest

from tests.core.golden import facts
from zhanggui import rulebook
from zhanggui.core.bill.judging import LOOK_UP_TERM, Deduction, Judgment, judge_order
from zhanggui.core.facts import OrderFacts
from zhanggui.core.knowledge import OrderKnowledge, PromisedHours
from zhanggui.core.money import Fen

PUNCTUAL = {
    "order_no": "O1",
    "stage": "shipped",
    "group_formed_at": "2026-03-01 10:00:00",
    "shipped_at": "2026-03-02 18:00:00",
    "picked_up_at": "2026-03-02 20:00:00",
    "tracking_no": "YT1",
    "receive_amount": 12000,
}
INFERRED = (Judgment.CANNOT_TELL, (LOOK_UP_TERM,))


@pytest.mark.parametrize(
    ("told", "promised", "judged"),
    [
        ({"ship_by": "2026-03-03 10:00:00"}, None, (Judgment.WRONG, ())),
        ({}, PromisedHours(48, "entered"), (Judgment.WRONG, ())),
        ({"shipping_kind": "spot"}, None, (Judgment.WRONG, ())),
        ({}, None, INFERRED),
        ({"shipping_kind": "spot"}, PromisedHours(48, "learnt"), INFERRED),
    ],
    ids=["the platform's", "the shop's", "the rulebook's", "assumed", "learnt"],
)
def test_it_calls_nothing_wrong_by_a_term_that_may_have_been_shorter(told: dict[str, str], promised: PromisedHours | None, judged: object) -> None:
    order = facts({**PUNCTUAL, **told}, OrderFacts)
    assert order.shipped_at is not None
    known = OrderKnowledge(order=order, data_as_of=order.shipped_at, promised=promised)

    [found] = judge_order([Deduction("b1", "late_shipment", Fen(300), order.shipped_at)], known, rulebook.load())

    assert (found.judgment, found.check) == judged
