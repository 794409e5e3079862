"""A person asks for more time to receive a return, or pays a small sum beside the case, step by step."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells
from tests.cast import Cast
from zhanggui.actions.cases.choosing import GOODWILL_CAUSES, begin_extension, begin_goodwill
from zhanggui.actions.cases.guiding import GuidedStep, steps_of
from zhanggui.actions.cases.outcomes import record_outcome, take_outcome_back
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import StepKind, StepOutcome
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.ledger.costs import CostCause
from zhanggui.core.money import Fen
from zhanggui.core.speech import check
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import costs
from zhanggui.rulebook.speech import speech_book

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
RETURN = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "status_code": 3, "return_tracking_no": "YT7600000000055"}


@pytest.fixture
def asked(house: House, people: Cast) -> House:
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW)], NOW)
    return house


def last_step(house: House, people: Cast) -> GuidedStep:
    with house.pool.connection() as tx:
        return steps_of(tx, people.shop_id, case_no=CASE)[0]


def given(house: House, people: Cast) -> list[tuple[str, str, int]]:
    with house.pool.connection() as tx:
        return [(row.kind, row.cause, row.fen) for row in costs.listed_of_order(tx, people.shop_id, ORDER) if row.void_at is None]


def test_more_time_is_asked_for_while_the_return_is_on_its_way(asked: House, people: Cast) -> None:
    with pytest.raises(Refused):
        begin_extension(asked, people.mei, people.shop_id, CASE, NOW)
    platform_tells(asked, people.shop_id, [case_told(LATER, applied_at=NOW, expire_at=LATER + timedelta(days=1), **RETURN)], LATER)

    step_no = begin_extension(asked, people.mei, people.shop_id, CASE, LATER)

    step = last_step(asked, people)
    assert (step.step_no, step.kind, step.due_at, step.amount) == (step_no, StepKind.EXTEND, LATER + timedelta(days=1), None)


def test_a_small_payment_is_a_cost_as_soon_as_it_was_made_and_stays_one_whatever_the_case_shows(asked: House, people: Cast) -> None:
    step_no = begin_goodwill(asked, people.mei, people.shop_id, CASE, Fen(500), CostCause.DAMAGED, NOW)
    before = given(asked, people)

    record_outcome(asked, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", NOW)
    platform_tells(asked, people.shop_id, [case_told(LATER, applied_at=NOW, state=AftersaleState.CLOSED, status_code=11)], LATER)
    after = given(asked, people)
    take_outcome_back(asked, people.mei, people.shop_id, step_no, LATER)

    assert (before, after, given(asked, people)) == ([], [("goodwill_payment", "cause_damaged", 500)], [])
    assert last_step(asked, people).form == "小额打款 5.00 元，原因：商品破损"


@pytest.mark.parametrize(("fen", "cause"), [(0, CostCause.QUALITY), (-1, CostCause.QUALITY), (5991, CostCause.QUALITY), (500, CostCause.NOT_WANTED)])
def test_it_pays_nothing_beyond_the_order_or_for_no_reason(asked: House, people: Cast, fen: int, cause: CostCause) -> None:
    with pytest.raises(Refused):
        begin_goodwill(asked, people.mei, people.shop_id, CASE, Fen(fen), cause, NOW)

    with asked.pool.connection() as tx:
        assert steps_of(tx, people.shop_id, case_no=CASE) == ()


def test_its_words_are_fit_for_buyers_and_strangers_learn_nothing(asked: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        begin_goodwill(asked, people.zheng, people.shop_id, CASE, Fen(500), CostCause.QUALITY, NOW)
    said = []
    for cause in GOODWILL_CAUSES:
        begin_goodwill(asked, people.mei, people.shop_id, CASE, Fen(500), cause, NOW)
        said += [last_step(asked, people).form, last_step(asked, people).message]

    assert [check(text, speech_book(), NOW) for text in said] == [()] * len(said)
