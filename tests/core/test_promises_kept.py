"""Whether a promise was kept: by the facts of its order, and before them by what a person said."""

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui import rulebook
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.promises import PromiseKind
from zhanggui.core.promises.keeping import PromiseFacts, PromiseSaid, PromiseState, promise_deadlines, promise_stands

GIVEN = datetime(2026, 3, 1, 8, tzinfo=UTC)
DUE = GIVEN + timedelta(hours=4)
HOUR = timedelta(hours=1)
OUT = (ScanStage.PICKED_UP, ScanStage.DELIVERED)
HOME = (ScanStage.RETURN_TO_SENDER, ScanStage.DELIVERED)


def promised(kind: PromiseKind = PromiseKind.SHIP, said: PromiseSaid = PromiseSaid.NOTHING, due_at: datetime | None = DUE) -> PromiseFacts:
    return PromiseFacts(promise_no=1, kind=kind, words="今天20点前发", rep="小美", promised_at=GIVEN, due_at=due_at, said=said, said_at=DUE if said else None)


def known(*cases: AftersaleFacts, scans: tuple[ScanFacts, ...] = (), **order: object) -> OrderKnowledge:
    return OrderKnowledge(order=OrderFacts(order_no="O1", **order), data_as_of=DUE + HOUR, cases=cases, scans=scans)  # type: ignore[arg-type]


def refunded(at: datetime | None) -> AftersaleFacts:
    return AftersaleFacts(case_no="S1", order_no="O1", state=AftersaleState.REFUNDED, updated_at=at)


def part() -> AftersaleFacts:
    """A case that paid back a part."""
    return AftersaleFacts(case_no="S1", order_no="O1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.REFUNDED, refund_amount=Fen(500))


def asked(kind: AftersaleKind = AftersaleKind.REFUND_ONLY) -> AftersaleFacts:
    return AftersaleFacts(case_no="S2", order_no="O1", kind=kind, state=AftersaleState.SELLER_TO_ANSWER)


def way(*stages: ScanStage) -> tuple[ScanFacts, ...]:
    """The events of the parcel, an hour apart from the promise on."""
    return tuple(ScanFacts(tracking_no="YT1", at=GIVEN + (place + 1) * HOUR, text="", stage=stage) for place, stage in enumerate(stages))


@pytest.mark.parametrize(
    ("promise", "order", "state"),
    [
        (promised(), None, PromiseState.OPEN),
        (promised(), known(stage=OrderStage.TO_SHIP), PromiseState.OPEN),
        (promised(), known(stage=OrderStage.SHIPPED, shipped_at=DUE), PromiseState.KEPT),
        (promised(), known(stage=OrderStage.SHIPPED, shipped_at=DUE + timedelta(seconds=1)), PromiseState.LATE),
        (promised(), known(stage=OrderStage.SHIPPED, shipped_at=GIVEN - HOUR), PromiseState.VOID),
        (promised(), known(stage=OrderStage.SHIPPED), PromiseState.KEPT),
        (promised(), known(stage=OrderStage.CANCELLED), PromiseState.VOID),
        (promised(due_at=None), known(stage=OrderStage.SHIPPED, shipped_at=DUE + HOUR), PromiseState.KEPT),
        (promised(PromiseKind.REFUND), known(refunded(DUE - HOUR)), PromiseState.KEPT),
        (promised(PromiseKind.REFUND), known(refunded(DUE + HOUR)), PromiseState.LATE),
        (promised(PromiseKind.REFUND), known(refund=RefundState.REFUNDED), PromiseState.KEPT),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), refunded(DUE - HOUR)), PromiseState.KEPT),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), refunded(DUE + HOUR)), PromiseState.LATE),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), refunded(None)), PromiseState.KEPT),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), asked()), PromiseState.OPEN),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), refund=RefundState.OPEN), PromiseState.OPEN),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR), asked(AftersaleKind.EXCHANGE)), PromiseState.VOID),
        (promised(PromiseKind.REFUND), known(refunded(GIVEN - HOUR)), PromiseState.VOID),
        (promised(PromiseKind.ARRIVE), known(received_at=DUE + HOUR), PromiseState.LATE),
        (promised(PromiseKind.ARRIVE), known(stage=OrderStage.SHIPPED), PromiseState.OPEN),
        (promised(PromiseKind.ARRIVE), known(tracking_no="YT1", scans=way(*OUT)), PromiseState.KEPT),
        (promised(PromiseKind.ARRIVE), known(tracking_no="YT1", scans=way(*OUT, *HOME)), PromiseState.KEPT),
        (promised(PromiseKind.ARRIVE), known(tracking_no="YT1", scans=way(ScanStage.REFUSED, *HOME)), PromiseState.OPEN),
        (promised(), known(refunded(DUE), stage=OrderStage.TO_SHIP), PromiseState.VOID),
        (promised(), known(stage=OrderStage.TO_SHIP, refund=RefundState.REFUNDING), PromiseState.VOID),
        (promised(PromiseKind.ARRIVE), known(refunded(DUE), stage=OrderStage.SHIPPED), PromiseState.VOID),
        (promised(PromiseKind.ARRIVE), known(part(), stage=OrderStage.SHIPPED, refund=RefundState.REFUNDED, pay_amount=Fen(10000)), PromiseState.OPEN),
        (promised(PromiseKind.ARRIVE), known(part(), stage=OrderStage.TO_SHIP, refund=RefundState.REFUNDED, pay_amount=Fen(10000)), PromiseState.VOID),
        (promised(PromiseKind.REPLY), known(stage=OrderStage.SHIPPED, shipped_at=DUE), PromiseState.OPEN),
        (promised(PromiseKind.REPLY, PromiseSaid.KEPT), None, PromiseState.KEPT),
        (promised(said=PromiseSaid.BROKEN), known(stage=OrderStage.SHIPPED, shipped_at=DUE), PromiseState.BROKEN),
        (promised(said=PromiseSaid.VOID), None, PromiseState.VOID),
    ],
)
def test_it_stands_where_the_facts_show_it(promise: PromiseFacts, order: OrderKnowledge | None, state: PromiseState) -> None:
    assert promise_stands(promise, order).state is state


def test_a_promise_without_a_moment_is_no_deadline() -> None:
    assert promise_deadlines(promised(due_at=None), None, rulebook.load()) == ()


def test_its_deadline_is_the_moment_that_was_named() -> None:
    (deadline,) = promise_deadlines(promised(), None, rulebook.load())

    assert (deadline.due_at, deadline.started_at, deadline.rule, deadline.at_risk) == (DUE, GIVEN, "house.keep_promise@2015-09-01", 0)
