"""How long an order still lies: as those of its age did, and where few of them are known as is assumed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.measures.marks import order_marks
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.whatif.deciding import Branch, Do, Target, branches_of, usual_of
from zhanggui.core.whatif.leaving import Lain, leaves_of, middle, own_spread, together
from zhanggui.core.whatif.terms import Ends
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.whatif import whatif_terms

TERMS = whatif_terms()
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LAIN = [Lain(-24.0, has_left=True)] * 90 + [Lain(5.0, has_left=True)] * 10 + [Lain(300.0, has_left=False)] * 20


def test_a_new_order_leaves_as_most_did_and_one_that_nearly_all_left_before_stays() -> None:
    fresh, lying = leaves_of(LAIN, -40, 0.9, TERMS), leaves_of(LAIN, 200, 0.9, TERMS)

    assert sum(share for hours, share in fresh if hours == pytest.approx(16)) == pytest.approx(0.75 * 120 / 125)
    assert lying == ((None, 1.0),)


def test_what_is_not_known_to_have_left_yet_leaves_as_those_that_lay_longer() -> None:
    lain = [Lain(-30.0, has_left=False)] * 50 + [Lain(-10.0, has_left=True)] * 50

    leaves = leaves_of(lain, -40, 1.0, TERMS)

    assert sum(share for hours, share in leaves if hours == pytest.approx(30)) == pytest.approx(100 / 105)
    assert all(hours is not None for hours, _ in leaves)


def test_without_history_it_leaves_half_way_to_the_end_of_its_term_or_a_little_after_it() -> None:
    before, after, long_after = (leaves_of([], hours, 0.8, TERMS) for hours in (-10, 2, 400))

    assert [hours for hours, _ in before] == [5, 16, 24]
    assert [share for _, share in before] == pytest.approx([0.8, 0.1, 0.1])
    assert after == ((4, 0.5), (12, 0.5))
    assert long_after == ((None, 1.0),)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Lain, st.floats(-60, 500), st.booleans()), max_size=60), st.floats(-60, 500), st.floats(0, 1))
def test_chances_to_leave_add_up_to_one_and_lie_ahead(lain: list[Lain], hours: float, in_time: float) -> None:
    leaves = leaves_of(lain, hours, in_time, TERMS)

    assert sum(share for _, share in leaves) == pytest.approx(1)
    assert all(share > 0 and (at is None or at >= -1e-9) for at, share in leaves)


@settings(max_examples=60, deadline=None)
@given(*(st.lists(st.tuples(st.floats(0, 99), st.floats(0.1, 99)), min_size=1, max_size=6).map(tuple) for _ in range(2)))
def test_two_spreads_together_keep_what_each_is_by_itself(one: tuple[tuple[float, float], ...], other: tuple[tuple[float, float], ...]) -> None:
    both = together(one, other)

    for place, spread in enumerate((one, other)):
        mean = sum(hours * share for hours, share in spread) / sum(share for _, share in spread)
        assert sum(each[place] * each[2] for each in both) == pytest.approx(mean, abs=1e-5)
    assert min(one)[0] <= middle(one)[0][0] <= max(one)[0]


def test_few_of_its_own_are_no_habit_and_what_never_came_about_counts_when_nobody_looks() -> None:
    assumed = ((1.0, 100.0),)

    assert own_spread([5.0] * 19, 3, assumed, TERMS) == assumed
    assert own_spread([5.0] * 20, 5, assumed, TERMS)[-1] == (720.0, 5.0)


def test_an_order_that_is_refunded_before_it_left_owes_nothing_and_one_that_is_not_leaves_by_habit() -> None:
    target = _unshipped()

    agreed, refused = (branches_of(do, target, NOW, TERMS) for do in (Do.AGREE, Do.REFUSE))

    assert {each.seen.ship_state for each in agreed} == {DeadlineState.WAIVED}
    assert _late(agreed) == 0
    assert all(each.seen.shipped_at == NOW + timedelta(hours=30) for each in refused)
    assert _late(refused) == pytest.approx(1)


def test_a_part_paid_back_leaves_the_rest_to_be_shipped() -> None:
    target = _unshipped(gives_all=False)

    agreed = branches_of(Do.AGREE, target, NOW, TERMS)

    assert _late(agreed) == pytest.approx(1)


def test_by_habit_whoever_is_paid_gets_nothing_and_the_others_get_their_order() -> None:
    usual = usual_of(_unshipped(), NOW, Ends(3, 0, 1), TERMS)

    assert _late(usual) == pytest.approx(0.25)


def _unshipped(*, gives_all: bool = True) -> Target:
    case = CaseSeen(case_no="c", grievance=Grievance.NOT_WANTED, kind=AftersaleKind.REFUND_ONLY, was_shipped=False, applied_at=NOW - timedelta(hours=5))
    due = NOW + timedelta(hours=20)
    seen = OrderSeen(order_no="1", formed_at=NOW - timedelta(hours=28), ship_due=due, ship_state=DeadlineState.OPEN, cases=(case,))
    kind = AftersaleKind.REFUND_ONLY
    return Target(seen=seen, case_no="c", state=AftersaleState.SELLER_TO_ANSWER, kind=kind, gives_all=gives_all, leaves=((30.0, 1.0),))


def _late(branches: tuple[Branch, ...]) -> float:
    """How many of them count as late for the platform's rate of on-time shipment."""
    book = measure_book()
    marks = [(each.chance, mark) for each in branches for mark in order_marks(each.seen, book)]
    return sum(chance * (mark.den - mark.num) for chance, mark in marks if mark.measure == "pdd_on_time_shipment_rate")
