"""When the platform may refund at once, by which rule, and what keeps it from doing so."""

from datetime import timedelta

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.cases.instant import InstantRisk, InstantSign, instant_risk
from zhanggui.core.explain import explain_case
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, InstantRefund, OrderFacts, OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge

RULES = rulebook.load()
FORMED = moment("2026-03-02 10:00:00")
HOUR = timedelta(hours=1)


def case(hours: float, **fields: object) -> AftersaleFacts:
    told = {"kind": AftersaleKind.REFUND_ONLY, "state": AftersaleState.SELLER_TO_ANSWER, "applied_at": FORMED + hours * HOUR, **fields}
    return AftersaleFacts(case_no="A1", order_no="O1", **told)  # type: ignore[arg-type]  # any of its fields


def order(*scans: ScanFacts, **fields: object) -> OrderKnowledge:
    facts = OrderFacts(order_no="O1", group_formed_at=FORMED, tracking_no="YT1", **fields)  # type: ignore[arg-type]  # any of its fields
    return OrderKnowledge(order=facts, data_as_of=FORMED, scans=scans)


def risk(asked: AftersaleFacts, known: OrderKnowledge, hours: float, *, is_reported: bool = False) -> InstantRisk | None:
    return instant_risk(asked, known, RULES, FORMED + hours * HOUR, is_reported=is_reported)


def test_what_is_asked_within_two_hours_is_agreed_by_itself_whatever_was_printed() -> None:
    for hours in (0, 1, 2):
        found = risk(case(hours), order(), hours, is_reported=True)
        assert found is not None
        assert (found.sign, found.rule) == (InstantSign.FRESH, "pdd.instant_refund.fresh@2024-10-01")


def test_later_a_reported_print_keeps_the_platform_from_it() -> None:
    found = risk(case(2.01), order(), 3)

    assert found is not None
    assert (found.sign, found.prevent is None) == (InstantSign.PROGRESS, False)
    assert risk(case(2.01), order(), 3, is_reported=True) is None


def test_a_shipped_parcel_may_be_refunded_once_it_was_refused_or_is_silent_for_three_days() -> None:
    shipped = {"shipped_at": FORMED + HOUR, "stage": OrderStage.SHIPPED}
    moved = ScanFacts(tracking_no="YT1", at=FORMED + 10 * HOUR, text="", stage=ScanStage.IN_TRANSIT)
    refused = ScanFacts(tracking_no="YT1", at=FORMED + 20 * HOUR, text="", stage=ScanStage.REFUSED)

    assert risk(case(30, shipped=True), order(moved, **shipped), 81.99) is None
    silent = risk(case(30, shipped=True), order(moved, **shipped), 82)
    turned = risk(case(30, shipped=True), order(moved, refused, **shipped), 31)

    assert silent is not None
    assert turned is not None
    assert (silent.sign, silent.since) == (InstantSign.SILENT, FORMED + 82 * HOUR)
    assert turned.since == FORMED + 20 * HOUR


def test_nothing_is_said_of_other_cases() -> None:
    assert risk(case(1, kind=AftersaleKind.RETURN_AND_REFUND), order(), 1) is None
    assert risk(case(1, instant_refund=InstantRefund.FAILED), order(), 1) is None
    assert risk(case(1), order(stage=OrderStage.RECEIVED), 1) is None


def test_it_stands_among_the_steps_of_the_request_s_deadline() -> None:
    explained = explain_case(case(1), order(stage=OrderStage.TO_SHIP), RULES, FORMED + 2 * HOUR)

    assert "pdd.instant_refund.fresh@2024-10-01" in {step.cites for step in explained[0].steps}
