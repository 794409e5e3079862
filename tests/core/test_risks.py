"""What a finding costs is remembered for orders of which nothing particular is asked, and for no others."""

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui import rulebook
from zhanggui.core.facts import OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.risks import finding_risk
from zhanggui.core.rules import Rulebook

PLAIN = OrderFacts(order_no="1", pay_amount=Fen(10_000), receive_amount=Fen(9_000))
PARTICULAR = {
    "delay_allowed": OrderFacts(order_no="2", pay_amount=Fen(10_000), delay_allowed=True),
    "under_review": OrderFacts(order_no="3", pay_amount=Fen(10_000), under_review=True),
    "on_hold": OrderFacts(order_no="4", pay_amount=Fen(10_000), on_hold=True),
    "dear": OrderFacts(order_no="5", receive_amount=Fen(900_000)),
    "no sum": OrderFacts(order_no="6"),
}
MOMENTS = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=61 * step) for step in range(24)]


@pytest.mark.parametrize("finding", ["late_shipment", "false_shipment", "out_of_stock"])
def test_an_order_is_judged_alone_whatever_was_judged_before(finding: str) -> None:
    used = _fresh()
    for at in MOMENTS:
        finding_risk(finding, PLAIN, at, used)

    told = {name: [finding_risk(finding, order, at, used) for at in MOMENTS] for name, order in PARTICULAR.items()}

    for name, order in PARTICULAR.items():
        unused = _fresh()
        assert told[name] == [finding_risk(finding, order, at, unused) for at in MOMENTS]


def test_an_exempt_order_costs_nothing_after_one_that_does() -> None:
    used = _fresh()
    at = datetime(2024, 6, 1, tzinfo=UTC)

    costs = [finding_risk("late_shipment", order, at, used).fen for order in (PLAIN, PARTICULAR["delay_allowed"], PLAIN)]

    assert costs == [300, 0, 300]


def _fresh() -> Rulebook:
    """The rulebook without anything remembered."""
    kept = rulebook.load()
    return Rulebook(kept.all, kept.weights, kept.calendar, kept.advice)
