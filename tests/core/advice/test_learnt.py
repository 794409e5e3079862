"""An assumed chance and the shop's own history: nothing moves without cases, more wins move it up, and few cases move it little."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import ReturnGrade, Tried
from zhanggui.core.advice.learnt import CALLS, Level, calls_learnt, level_of, moved, name_of_rulings, resold, rulings_on, wins_learnt
from zhanggui.core.disputes.needs import ClaimType

BOOK = rulebook.load().advice
TERMS = BOOK.terms
chances = st.floats(0.05, 0.95)
counts = st.integers(0, 200).flatmap(lambda tried: st.builds(Tried, st.just(tried), st.integers(0, tried)))
pasts = st.dictionaries(st.sampled_from([name_of_rulings(claim, is_shown=shown) for claim in ClaimType for shown in (False, True)]), counts, max_size=6)


@settings(max_examples=60, deadline=None)
@given(chance=chances, assumed=chances)
def test_nothing_moves_without_cases(chance: float, assumed: float) -> None:
    assert moved(chance, [Level(Tried(0, 0), assumed)], TERMS.prior_weight) == chance
    assert calls_learnt(chance, Grievance.QUALITY, {}, BOOK, TERMS) == chance
    assert wins_learnt(chance, ClaimType.QUALITY, is_shown=True, past={}, book=BOOK, terms=TERMS) == chance


@settings(max_examples=60, deadline=None)
@given(chance=chances, assumed=chances, own=counts)
def test_it_moves_the_way_the_cases_went_and_stays_a_chance(chance: float, assumed: float, own: Tried) -> None:
    found = moved(chance, [Level(own, assumed)], TERMS.prior_weight)

    assert 0 < found < 1
    if own.tried and own.well / own.tried > assumed:
        assert found >= chance
    if own.tried and own.well / own.tried < assumed:
        assert found <= chance


@settings(max_examples=60, deadline=None)
@given(chance=chances, past=pasts, claim=st.sampled_from(ClaimType), shown=st.booleans())
def test_one_more_ruling_won_never_lowers_the_chance(chance: float, past: dict[str, Tried], claim: ClaimType, shown: bool) -> None:
    name = name_of_rulings(claim, is_shown=shown)
    before = past.get(name, Tried(0, 0))

    lost, won = (past | {name: Tried(before.tried + 1, before.well + well)} for well in (0, 1))

    chances_then = [wins_learnt(chance, claim, is_shown=shown, past=each, book=BOOK, terms=TERMS) for each in (lost, won)]
    assert chances_then[0] <= chances_then[1] + 1e-12


def test_many_cases_of_its_own_make_a_usual_case_what_they_were() -> None:
    own = Tried(10_000, 2_000)

    found = moved(0.6, [Level(own, 0.6)], TERMS.prior_weight)

    assert round(found, 2) == 0.2


def test_rulings_about_something_else_move_it_less_than_those_about_the_same() -> None:
    elsewhere = {name_of_rulings(ClaimType.DAMAGED, is_shown=True): Tried(20, 0)}
    here = {name_of_rulings(ClaimType.QUALITY, is_shown=True): Tried(20, 0)}

    found = [wins_learnt(0.5, ClaimType.QUALITY, is_shown=True, past=past, book=BOOK, terms=TERMS) for past in ({}, elsewhere, here)]

    assert found[0] > found[1] > found[2] > 0


def test_what_one_did_not_see_does_not_count() -> None:
    past = {"calls.quality": Tried(4, 1), "keeps_refused": Tried(9, 9)}

    assert level_of(past, [("calls.quality", 0.3), ("calls.fake", 0.9)]) == Level(Tried(4, 1), 0.3)
    assert calls_learnt(0.3, Grievance.QUALITY, {"keeps_refused": Tried(9, 9)}, BOOK, TERMS) == 0.3
    assert rulings_on(ClaimType.QUALITY, past) == Tried(0, 0)
    assert CALLS == "calls"


def test_goods_that_come_back_worn_are_worth_less() -> None:
    none = resold(80.0, {}, TERMS)
    few = resold(80.0, {ReturnGrade.WORN: 10}, TERMS)
    many = resold(80.0, {ReturnGrade.WORN: 990}, TERMS)

    assert (none, few, many) == (80.0, 60.0, 40.4)


def test_a_chance_that_is_never_or_always_stays_so() -> None:
    never = msgspec.structs.replace(TERMS, chances={**TERMS.chances, "escalates_true": 0.0, "escalates_false": 0.0})

    assert calls_learnt(0.0, Grievance.QUALITY, {"calls.quality": Tried(10, 5)}, BOOK, never) == 0.0
    assert moved(1.0, [Level(Tried(10, 0), 0.9)], 10.0) == 1.0
