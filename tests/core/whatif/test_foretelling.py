"""Figures foretold: what is past is exact, what is to come lies between bounds, a decision adds what may follow and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.measures.marks import DaySum
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.whatif.deciding import Branch, Decision, Do, Every, Target, as_asked, branches_of, had_left_in_time, left_late, usual_of
from zhanggui.core.whatif.predicting import Course, Effect, Past, effect_of, foretold, known_on, then
from zhanggui.core.whatif.terms import Ends
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.whatif import whatif_terms

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BOOK, TERMS = measure_book(), whatif_terms()
QUALITY = BOOK.measure("quality_refund_rate").in_force(TODAY)


def test_a_window_loses_its_oldest_day_and_keeps_the_rest() -> None:
    held = _past({back: (back, 100) for back in range(1, 31)})

    assert [(one.num, one.den) for one in (known_on(held, TODAY), known_on(held, TODAY + timedelta(days=1)))] == [(465, 3000), (435, 2900)]


def test_a_shop_that_is_always_alike_is_foretold_exactly() -> None:
    figure = foretold(_past(dict.fromkeys(range(1, 31), (2, 100))), TODAY, 7, (), TERMS)

    assert figure is not None
    assert (figure.value, figure.low, figure.high) == (0.02, 0.02, 0.02)
    assert (figure.num, figure.den) == (60, 3000)


def test_no_rate_is_foretold_beyond_all_or_below_none() -> None:
    at = ("quality_refund_rate", TODAY)
    more, less = (Effect((Course(1.0, {at: (above, 1.0)}),), {at: (usual, 1.0)}) for above, usual in ((1.0, 0.9), (0.0, 0.1)))
    all_of_them, none = _past(dict.fromkeys(range(1, 31), (100, 100))), _past(dict.fromkeys(range(1, 31), (0, 100)))

    high, low = foretold(all_of_them, TODAY, 7, [more], TERMS), foretold(none, TODAY, 7, [less], TERMS)

    assert high is not None
    assert low is not None
    assert [(each.low, each.value, each.high) for each in (high, low)] == [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]
    assert then(all_of_them, TODAY, [Effect((Course(1.0, {("quality_refund_rate", TODAY - timedelta(days=3)): (1.0, 0.0)}),), {})]).value == 1.0


def test_the_same_question_gives_the_same_answer() -> None:
    held = _past({back: (back % 5, 90 + back) for back in range(1, 31)})

    first, second = (foretold(held, TODAY, 7, (), TERMS) for _ in range(2))

    assert first == second
    assert first is not None
    assert first.low < first.value < first.high  # type: ignore[operator]  # all three are told


def test_with_less_than_a_week_of_history_nothing_is_foretold() -> None:
    held = Past(QUALITY, {TODAY - timedelta(days=1): DaySum(TODAY - timedelta(days=1), 1, 10)}, TODAY - timedelta(days=6))  # type: ignore[arg-type]

    assert foretold(held, TODAY, 1, (), TERMS) is None


def test_agreeing_to_a_refund_for_quality_adds_one_above_and_nothing_below() -> None:
    target = _target()

    effect = _effect(Do.AGREE, target, usual=(Branch(1.0, target.seen),))

    assert effect.expected()["quality_refund_rate", TODAY] == (1, 0)
    assert not effect.touches("intervention_rate", TODAY + timedelta(days=9))


def test_refusing_adds_interventions_by_chance_and_lost_rulings_by_chance_of_chance() -> None:
    target = _target(calls=0.5, loses=0.4)

    found = _effect(Do.REFUSE, target, usual=(Branch(1.0, target.seen),)).expected()

    assert _sum(found, "intervention_rate") == pytest.approx(0.5)
    assert _sum(found, "dispute_refund_rate") == pytest.approx(0.2)
    assert _sum(found, "quality_refund_rate") == pytest.approx(0.2)


def test_a_win_takes_the_reason_off_a_refund_that_was_paid() -> None:
    paid = _target(refunded_at=NOW - timedelta(days=3), is_ruled=True, state=AftersaleState.REFUNDED)

    found = _effect(Do.WIN, paid, usual=(Branch(1.0, paid.seen),)).expected()

    assert (_sum(found, "quality_refund_rate"), _sum(found, "dispute_refund_rate")) == (-1, -1)


def test_a_case_replayed_as_it_was_decided_changes_nothing() -> None:
    paid = _target(refunded_at=NOW - timedelta(days=3), state=AftersaleState.REFUNDED)
    held = _past(dict.fromkeys(range(1, 31), (1, 50)))
    stands = Branch(1.0, paid.seen)

    again = effect_of(branches_of(Do.AGREE, as_asked(paid), NOW - timedelta(days=3), TERMS), (stands,), stands, BOOK)

    assert then(held, TODAY, [again]).value == pytest.approx(known_on(held, TODAY).value())


def test_an_order_left_until_it_is_late_counts_late_and_one_that_ships_in_time_does_not() -> None:
    seen = OrderSeen(order_no="1", formed_at=NOW - timedelta(hours=20), ship_due=NOW + timedelta(hours=20))
    target = Target(seen=seen)

    ship, leave = (_effect(do, target, usual=()).expected() for do in (Do.SHIP, Do.LEAVE))

    assert _sum(ship, "pdd_on_time_shipment_rate") == pytest.approx(1)
    assert leave == {}


def test_an_order_that_left_late_counts_in_time_had_it_left_in_time_and_once_as_before() -> None:
    due = NOW - timedelta(days=9)
    late = OrderSeen(order_no="1", formed_at=due - timedelta(days=2), ship_due=due, ship_state=DeadlineState.MISSED, shipped_at=due + timedelta(days=1))
    stands = Branch(1.0, late)

    found = effect_of(had_left_in_time(Target(seen=late), TERMS), (stands,), stands, BOOK).expected()

    of_shipment = [each for (name, _), each in found.items() if name == "pdd_on_time_shipment_rate"]
    assert (sum(above for above, _ in of_shipment), sum(below for _, below in of_shipment)) == pytest.approx((1, 0))


@pytest.mark.parametrize(
    ("state", "shipped_after", "is_late"),
    [(DeadlineState.WAIVED, None, False), (DeadlineState.OPEN, None, True), (DeadlineState.MISSED, 20, True), (DeadlineState.MET, None, False)],
)
def test_what_owed_nothing_when_its_term_ended_was_not_late(state: DeadlineState, shipped_after: int | None, is_late: bool) -> None:
    due = NOW - timedelta(days=3)
    shipped_at = None if shipped_after is None else due + timedelta(hours=shipped_after)

    assert left_late(OrderSeen(order_no="1", ship_due=due, ship_state=state, shipped_at=shipped_at), NOW) is is_late


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(Do)),
    st.sampled_from(list(AftersaleKind)),
    st.sampled_from(list(AftersaleState)),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
)
def test_whatever_may_follow_adds_up_to_one(do: Do, kind: AftersaleKind, state: AftersaleState, calls: float, loses: float, back: float, has: bool) -> None:
    target = Target(seen=_seen(kind), case_no="c", state=state, kind=kind, has_return=has, calls=calls, loses=loses, sends_back=back, due_at=NOW)

    courses = branches_of(do, target, NOW, TERMS)
    usual = usual_of(target, NOW, Ends(3, 1, 2), TERMS)

    assert sum(each.chance for each in courses) == pytest.approx(1)
    assert sum(each.chance for each in usual) == pytest.approx(1)
    assert all(each.chance >= -1e-12 for each in (*courses, *usual))


@pytest.mark.parametrize(
    ("decision", "is_whole"),
    [
        (Decision(do=Do.AGREE, case="1"), True),
        (Decision(do=Do.AGREE, every=Every.CASES), True),
        (Decision(do=Do.SHIP, order="1"), True),
        (Decision(do=Do.SHIP, case="1"), False),
        (Decision(do=Do.REFUSE, order="1"), False),
        (Decision(do=Do.AGREE), False),
        (Decision(do=Do.AGREE, case="1", every=Every.CASES), False),
    ],
)
def test_a_decision_names_one_thing_that_its_act_is_about(decision: Decision, is_whole: bool) -> None:
    assert decision.is_whole is is_whole


def _past(days: dict[int, tuple[int, int]]) -> Past:
    told = {TODAY - timedelta(days=back): DaySum(TODAY - timedelta(days=back), *pair) for back, pair in days.items()}
    assert QUALITY is not None
    return Past(QUALITY, told, TODAY - timedelta(days=60))


def _seen(kind: AftersaleKind, **case: object) -> OrderSeen:
    told = CaseSeen(case_no="c", grievance=Grievance.QUALITY, kind=kind, was_shipped=True, applied_at=NOW - timedelta(hours=5), **case)  # type: ignore[arg-type]
    formed = NOW - timedelta(days=9)
    return OrderSeen(order_no="1", formed_at=formed, shipped_at=formed + timedelta(hours=9), signed_at=formed + timedelta(days=3), cases=(told,))


def _target(calls: float = 0.0, loses: float = 0.0, state: AftersaleState = AftersaleState.SELLER_TO_ANSWER, **case: object) -> Target:
    kind = AftersaleKind.REFUND_ONLY
    return Target(seen=_seen(kind, **case), case_no="c", state=state, kind=kind, calls=calls, loses=loses)


def _effect(do: Do, target: Target, usual: tuple[Branch, ...]) -> Effect:
    return effect_of(branches_of(do, target, NOW, TERMS), usual, Branch(1.0, target.seen), BOOK)


def _sum(adds: object, measure: str) -> float:
    return sum(above for (name, _), (above, _below) in adds.items() if name == measure)  # type: ignore[attr-defined]
