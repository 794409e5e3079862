"""What a step by hand gives away writes itself into the ledger of costs, exactly once, and is taken back with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells
from tests.actions.complaints import court
from tests.cast import Cast
from zhanggui.actions.advice.seeing import begin_by_hand
from zhanggui.actions.cases.guiding import GuidedStep, open_step, steps_of
from zhanggui.actions.cases.outcomes import record_outcome, take_outcome_back
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.money.costs import take_cost_back
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.adding import add_parcel, move_parcel
from zhanggui.core.cases.guided import Gift, Step, StepKind, StepOutcome
from zhanggui.core.facts import AftersaleState, OrderStage, ParcelKind
from zhanggui.core.ledger.costs import CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.core.renumbering.states import ExtraState
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import costs, journal

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PART = Gift(CostKind.PARTIAL_REFUND, CostCause.QUALITY, Fen(500))
OFFER = Step(kind=StepKind.NEGOTIATE, order_no=ORDER, case_no=CASE, title=say("Look it up"), form="…", amount=Fen(500), gives=(PART,))


@pytest.fixture
def asked(house: House, people: Cast) -> House:
    """A shipped order whose buyer asks for the money."""
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW)], NOW)
    return house


def opened(house: House, people: Cast, step: Step = OFFER) -> int:
    with house.pool.connection() as tx:
        return open_step(tx, people.mei, people.shop_id, step, NOW)


def given(house: House, people: Cast) -> list[tuple[str, str, int]]:
    """Kind, cause and sum of what stands in the ledger for the order."""
    with house.pool.connection() as tx:
        return [(row.kind, row.cause, row.fen) for row in costs.listed_of_order(tx, people.shop_id, ORDER) if row.void_at is None]


def seen(house: House, people: Cast) -> GuidedStep:
    with house.pool.connection() as tx:
        return steps_of(tx, people.shop_id, order_no=ORDER)[0]


def refunded(house: House, people: Cast, amount: int, hours: int, state: AftersaleState = AftersaleState.REFUNDED, code: int = 5) -> None:
    at = NOW + hours * HOUR
    platform_tells(house, people.shop_id, [case_told(at, applied_at=NOW, state=state, status_code=code, refund_amount=Fen(amount))], at)


def says(house: House, people: Cast, step_no: int, outcome: StepOutcome) -> None:
    record_outcome(house, people.mei, people.shop_id, step_no, outcome, "", NOW + HOUR)


WRITTEN = [("partial_refund", "cause_quality", 500)]


@pytest.mark.parametrize(
    ("outcome", "written"),
    [(StepOutcome.ACCEPTED, WRITTEN), (StepOutcome.ENTERED, []), (StepOutcome.DECLINED, []), (StepOutcome.IMPOSSIBLE, []), (StepOutcome.NEEDLESS, [])],
)
def test_only_what_was_agreed_to_is_written_down(asked: House, people: Cast, outcome: StepOutcome, written: list[tuple[str, str, int]]) -> None:
    says(asked, people, opened(asked, people), outcome)

    assert given(asked, people) == written


def test_the_answer_to_an_offer_comes_later(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)
    says(asked, people, step_no, StepOutcome.ENTERED)
    awaited = seen(asked, people).is_awaited

    says(asked, people, step_no, StepOutcome.ACCEPTED)

    assert (awaited, seen(asked, people).outcome, given(asked, people)) == (True, StepOutcome.ACCEPTED, WRITTEN)
    with pytest.raises(Refused):
        says(asked, people, step_no, StepOutcome.DECLINED)


def test_a_case_that_is_refunded_with_the_sum_offered_shows_that_it_was_taken(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people), StepOutcome.ENTERED)

    refunded(asked, people, 500, 2)
    once = given(asked, people)
    refunded(asked, people, 500, 3)

    assert (once, given(asked, people)) == (WRITTEN, WRITTEN)


def test_a_case_that_is_refunded_with_another_sum_shows_that_it_was_not(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people), StepOutcome.ENTERED)

    refunded(asked, people, 5990, 2)

    assert given(asked, people) == []


def test_what_the_case_no_longer_shows_is_taken_back_and_may_stand_again(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people), StepOutcome.ENTERED)
    refunded(asked, people, 500, 2)

    refunded(asked, people, 500, 3, AftersaleState.SELLER_TO_ANSWER, 2)
    between = given(asked, people)
    refunded(asked, people, 500, 4)

    assert (between, given(asked, people)) == ([], WRITTEN)


def test_a_mistaken_outcome_is_taken_back_with_its_costs(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)
    says(asked, people, step_no, StepOutcome.ACCEPTED)

    take_outcome_back(asked, people.mei, people.shop_id, step_no, NOW + 2 * HOUR)
    between = (seen(asked, people).is_open, given(asked, people))
    says(asked, people, step_no, StepOutcome.ACCEPTED)

    assert between == (True, [])
    assert given(asked, people) == WRITTEN
    with asked.pool.connection() as tx:
        kinds = [entry.kind for entry in journal.of_subject(tx, people.shop_id, "order", ORDER, 20)]
    assert (kinds.count("cost_noted"), kinds.count("cost_taken_back")) == (2, 1)


def test_an_outcome_cannot_be_taken_back_where_the_step_was_made_ready_anew_or_the_case_settled_it(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)
    says(asked, people, step_no, StepOutcome.DECLINED)
    newer = opened(asked, people)

    with pytest.raises(Refused):
        take_outcome_back(asked, people.mei, people.shop_id, step_no, NOW + HOUR)
    with pytest.raises(NotAllowed):
        take_outcome_back(asked, people.zheng, people.shop_id, step_no, NOW + HOUR)

    assert (seen(asked, people).step_no, seen(asked, people).is_open) == (newer, True)


def test_an_outcome_is_not_taken_back_while_the_same_is_just_made_ready_anew(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)
    says(asked, people, step_no, StepOutcome.DECLINED)

    with asked.pool.connection() as tx, ThreadPoolExecutor(1) as beside:
        open_step(tx, people.lin, people.shop_id, OFFER, NOW)
        taking_back = beside.submit(take_outcome_back, asked, people.mei, people.shop_id, step_no, NOW + HOUR)
        wait([taking_back], timeout=0.3)
        tx.commit()
        problem = taking_back.exception(timeout=30)

    assert isinstance(problem, Refused)


def test_an_answer_given_by_hand_says_what_it_will_cost(asked: House, people: Cast) -> None:
    at = NOW + 2 * HOUR
    told = case_told(at, applied_at=NOW, reason="质量问题", refund_amount=Fen(5990), pictures=2)
    platform_tells(asked, people.shop_id, [order_told(at, stage=OrderStage.RECEIVED, received_at=NOW), told], at)

    begin_by_hand(asked, people.mei, people.shop_id, CASE, Act.OFFER_PARTIAL, at)

    step = seen(asked, people)
    assert step.gives == (Gift(CostKind.PARTIAL_REFUND, CostCause.QUALITY, step.amount or Fen(0)),)


def test_a_parcel_sent_once_more_costs_its_freight_until_it_is_dropped(asked: House, people: Cast) -> None:
    extra_no = add_parcel(asked, people.mei, people.shop_id, ORDER, ParcelKind.RESEND, "圆通快递", "YT7600000000099", NOW, is_sure=True)
    between = given(asked, people)

    move_parcel(asked, people.mei, people.shop_id, extra_no, ExtraState.DROPPED, NOW)

    assert [(kind, cause) for kind, cause, _ in between] == [("extra_freight", "cause_other")]
    assert given(asked, people) == []


EXCHANGE = Step(
    kind=StepKind.AGREE_GOODS, order_no=ORDER, case_no=CASE, title=say("Look it up"), form="…", gives=(Gift(CostKind.FREIGHT, CostCause.WRONG_ITEM, Fen(350)),)
)
OF_STEP = ("extra_freight", "cause_wrong_item")
OF_PARCEL = ("extra_freight", "cause_other")


def freights(house: House, people: Cast) -> list[tuple[str, str]]:
    return [(kind, cause) for kind, cause, _ in given(house, people)]


def sent_again(house: House, people: Cast, number: str) -> int:
    return add_parcel(house, people.mei, people.shop_id, ORDER, ParcelKind.RESEND, "圆通快递", number, NOW, is_sure=True)


@pytest.mark.parametrize("is_sent_first", [True, False])
def test_goods_exchanged_by_hand_and_their_parcel_cost_one_freight(asked: House, people: Cast, is_sent_first: bool) -> None:
    step_no = opened(asked, people, EXCHANGE)
    doings: list[Callable[[], object]] = [lambda: sent_again(asked, people, "YT7600000000099"), lambda: says(asked, people, step_no, StepOutcome.ACCEPTED)]

    for doing in doings if is_sent_first else reversed(doings):
        doing()

    assert freights(asked, people) == [OF_STEP]


def test_a_second_parcel_of_an_exchange_costs_its_own_freight_until_the_first_is_dropped(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people, EXCHANGE), StepOutcome.ACCEPTED)
    first = sent_again(asked, people, "YT7600000000099")
    sent_again(asked, people, "YT7600000000098")
    two = freights(asked, people)

    move_parcel(asked, people.mei, people.shop_id, first, ExtraState.DROPPED, NOW)

    assert (sorted(two), freights(asked, people)) == ([OF_PARCEL, OF_STEP], [OF_STEP])


def test_the_parcel_of_an_exchange_that_was_none_costs_its_own_freight(asked: House, people: Cast) -> None:
    step_no = opened(asked, people, EXCHANGE)
    says(asked, people, step_no, StepOutcome.ACCEPTED)
    sent_again(asked, people, "YT7600000000099")

    take_outcome_back(asked, people.mei, people.shop_id, step_no, NOW + HOUR)

    assert freights(asked, people) == [OF_PARCEL]


def test_a_part_of_the_order_in_a_parcel_of_its_own_is_no_cost_of_after_sales(asked: House, people: Cast) -> None:
    add_parcel(asked, people.mei, people.shop_id, ORDER, ParcelKind.EXTRA, "圆通快递", "YT7600000000099", NOW, is_sure=True)

    assert given(asked, people) == []


def test_what_a_person_took_back_in_the_ledger_is_not_written_again_by_the_next_news_of_the_case(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people), StepOutcome.ENTERED)
    refunded(asked, people, 500, 2)
    with asked.pool.connection() as tx:
        (entry,) = costs.listed_of_order(tx, people.shop_id, ORDER)
    take_cost_back(asked, people.mei, people.shop_id, entry.cost_no, NOW + 3 * HOUR)

    refunded(asked, people, 500, 4)

    assert given(asked, people) == []


def test_news_of_a_case_is_stored_though_the_shop_does_not_know_its_order(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [case_told(NOW)], NOW)
    says(house, people, opened(house, people), StepOutcome.ENTERED)

    refunded(house, people, 500, 2)

    assert given(house, people) == WRITTEN


def test_an_offer_that_was_made_twice_is_taken_once(asked: House, people: Cast) -> None:
    for _ in range(2):
        says(asked, people, opened(asked, people), StepOutcome.ENTERED)

    refunded(asked, people, 500, 2)

    assert given(asked, people) == WRITTEN


def test_an_offer_that_somebody_said_was_accepted_is_not_taken_again_with_an_earlier_one(asked: House, people: Cast) -> None:
    says(asked, people, opened(asked, people), StepOutcome.ENTERED)
    says(asked, people, opened(asked, people), StepOutcome.ACCEPTED)

    refunded(asked, people, 500, 2)

    assert given(asked, people) == WRITTEN


def test_what_was_taken_by_a_case_that_is_gone_with_its_imports_is_taken_back(house: House, people: Cast, tmp_path: Path) -> None:
    court.in_court(house, people, tmp_path)
    after = court.NOW + HOUR
    told = (("待商家处理", court.NOW + HOUR / 2), ("退款成功", after))
    batches = [court.told(house, people, tmp_path, court.case_row("8802", court.B, state), at=at) for state, at in told]
    offer = msgspec.structs.replace(OFFER, order_no=court.B, case_no="8802", amount=Fen(2990), gives=(msgspec.structs.replace(PART, fen=Fen(2990)),))
    says(house, people, opened(house, people, offer), StepOutcome.ENTERED)
    with house.pool.connection() as tx:
        before = len(costs.listed_of_order(tx, people.shop_id, court.B))
    platform_tells(house, people.shop_id, [order_told(after, order_no=court.B)], after)
    for batch in batches:
        undo(house, people.lin, people.shop_id, batch, after + HOUR)

    with house.pool.connection() as tx:
        rows = costs.listed_of_order(tx, people.shop_id, court.B)
    assert (before, [row.void_at is None for row in rows]) == (0, [False])
