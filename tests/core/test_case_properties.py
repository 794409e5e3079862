"""What holds for every after-sales case, and for the verdicts on everything that is open."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.core.golden import moment
from tests.core.test_deadline_properties import KNOWN, MAYBE, MOMENTS
from zhanggui import rulebook
from zhanggui.core.clocks import case_deadlines, order_deadlines
from zhanggui.core.clocks.cases import inspect_due
from zhanggui.core.deadlines import Deadline, DeadlineState
from zhanggui.core.decide import verdict
from zhanggui.core.explain import explain_case
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict

RULES, SCRIPTS = rulebook.load(), rulebook.scripts()
NOW = datetime(2026, 3, 5, tzinfo=UTC)
CASES = st.builds(
    AftersaleFacts,
    case_no=st.just("A1"),
    order_no=st.none() | st.just("O1"),
    kind=st.none() | st.sampled_from(AftersaleKind),
    state=st.none() | st.sampled_from(AftersaleState),
    shipped=st.none() | st.booleans(),
    applied_at=MAYBE,
    agreed_at=MAYBE,
    updated_at=MAYBE,
    expire_at=MAYBE,
    return_sent_at=MAYBE,
    return_delivered_at=MAYBE,
    refund_amount=st.none() | st.integers(0, 1_000_000).map(Fen),
)


@given(CASES, st.none() | KNOWN)
def test_it_never_ends_before_it_begins(case: AftersaleFacts, known: OrderKnowledge | None) -> None:
    assert all(deadline.started_at <= deadline.due_at for deadline in case_deadlines(case, known, RULES))


@given(CASES, MOMENTS)
def test_it_never_gives_more_time_because_the_return_came(case: AftersaleFacts, sent_at: datetime) -> None:
    if case.kind is AftersaleKind.EXCHANGE or case.expire_at is not None or case.return_delivered_at is None:
        return
    sent = AftersaleFacts(case_no="A1", kind=case.kind, state=AftersaleState.SELLER_TO_RECEIVE, return_sent_at=sent_at)
    delivered = AftersaleFacts(case_no="A1", kind=case.kind, state=sent.state, return_sent_at=sent_at, return_delivered_at=case.return_delivered_at)

    before, after = inspect_due(sent, None, RULES), inspect_due(delivered, None, RULES)

    assert before is not None
    assert after is not None
    assert after.due_at == min(before.due_at, case.return_delivered_at + timedelta(hours=24))


@given(KNOWN, CASES)
def test_it_gives_every_open_deadline_a_verdict_with_reasons_and_a_message(known: OrderKnowledge, case: AftersaleFacts) -> None:
    for deadline in (*order_deadlines(known, RULES), *case_deadlines(case, known, RULES)):
        found = _verdict(deadline, known, case)
        if deadline.state in (DeadlineState.OPEN, DeadlineState.UNVERIFIED):
            assert found.because
            assert found.cites[0] == deadline.rule
            assert found.message is not None
            assert "{" not in found.message.zh + found.message.en
            assert "None" not in found.message.zh + found.message.en
        else:
            assert found.act is Act.LOOK


def _verdict(deadline: Deadline, known: OrderKnowledge, case: AftersaleFacts) -> Verdict:
    return verdict(deadline, order=known, case=case, messages=(), review=None, now=NOW, rulebook=RULES, scripts=SCRIPTS)


def test_it_tells_the_age_of_the_case_and_not_of_its_order() -> None:
    case = AftersaleFacts(case_no="A1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.REFUNDED, shipped=False, applied_at=moment("2026-03-05 08:00:00"))
    old, new = moment("2026-03-06 07:00:00"), moment("2026-03-06 09:00:00")
    known = OrderKnowledge(order=OrderFacts(order_no="O1"), data_as_of=old, cases=(case,), cases_as_of={"A1": new})

    told = explain_case(case, known, rulebook.load(), new)

    assert told[0].deadline.because == say("Answered, but no file says when; it is not counted as late.")
    assert told[0].steps[-1].say == say("The facts are from {as_of}, just now.", as_of=new)
