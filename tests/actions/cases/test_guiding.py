"""What the doors do not take is made ready for a person, shown on the order, and settled by that person or by what the case shows."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells
from tests.cast import Cast
from zhanggui.actions.cases.guiding import GuidedStep, open_step, steps_of
from zhanggui.actions.cases.outcomes import record_outcome
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import Step, StepKind, StepOutcome, StepState
from zhanggui.core.facts import AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import journal

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
REFUSE = Step(
    kind=StepKind.REFUSE,
    order_no=ORDER,
    case_no=CASE,
    title=say("Look it up"),
    because=(say("The parcel was refused at the door at {at}.", at=NOW),),
    form="已核实，商品完好，签收后第 9 天申请。",
    message="您好",
    amount=Fen(5990),
    due_at=NOW + 20 * HOUR,
    due_rule="pdd.answer_case.refund_only_shipped@2015-09-01",
)


@pytest.fixture
def asked(house: House, people: Cast) -> House:
    """A shipped order whose buyer asks for the money."""
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW)], NOW)
    return house


def opened(house: House, people: Cast, step: Step = REFUSE) -> int:
    with house.pool.connection() as tx:
        return open_step(tx, people.mei, people.shop_id, step, NOW)


def seen(house: House, people: Cast) -> tuple[GuidedStep, ...]:
    with house.pool.connection() as tx:
        return steps_of(tx, people.shop_id, order_no=ORDER)


def test_it_makes_a_step_ready_with_its_texts_its_link_and_its_clock(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)

    (step,) = seen(asked, people)

    assert (step.step_no, step.kind, step.state, step.form, step.amount) == (step_no, StepKind.REFUSE, StepState.OPEN, REFUSE.form, 5990)
    assert (step.due_at, step.because, step.opened_by_name) == (REFUSE.due_at, REFUSE.because, "小美")
    assert step.link == f"https://mms.pinduoduo.com/aftersales-ssr/detail?id={CASE}&orderSn={ORDER}"


def test_it_keeps_one_open_step_of_a_kind_and_takes_the_newer_text(asked: House, people: Cast) -> None:
    first = opened(asked, people)
    second = opened(asked, people, Step(kind=StepKind.REFUSE, order_no=ORDER, case_no=CASE, title=say("Look it up"), form="新的说明"))

    assert first == second
    assert [step.form for step in seen(asked, people)] == ["新的说明"]


def test_it_names_the_files_in_the_order_in_which_they_are_handed_in(asked: House, people: Cast) -> None:
    for name in ("秤.jpg", "面单.jpg"):
        add_file(asked, people.mei, people.shop_id, ORDER, NewFile(name=name, media_type="image/jpeg", content=name.encode()), NOW)

    opened(asked, people, Step(kind=StepKind.COUNTER_EVIDENCE, order_no=ORDER, case_no=CASE, title=say("Hand it in"), form="…", files=(2, 1, 77)))

    assert [(file.seq, file.name) for file in seen(asked, people)[0].files] == [(2, "面单.jpg"), (1, "秤.jpg")]


def test_it_keeps_the_outcome_once_and_tells_who(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)

    record_outcome(asked, people.mei, people.shop_id, step_no, StepOutcome.DECLINED, " 平台未采纳 ", NOW + HOUR)
    with pytest.raises(Refused):
        record_outcome(asked, people.mei, people.shop_id, step_no, StepOutcome.ACCEPTED, "", NOW + HOUR)

    (step,) = seen(asked, people)
    assert (step.state, step.outcome, step.note, step.done_by_name, step.done_at) == (
        StepState.DONE,
        StepOutcome.DECLINED,
        "平台未采纳",
        "小美",
        NOW + HOUR,
    )
    with asked.pool.connection() as tx:
        kinds = [entry.kind for entry in journal.of_subject(tx, people.shop_id, "order", ORDER, 10)]
    assert kinds.count("guided_step_moved") == 2


@pytest.mark.parametrize(
    ("state", "code", "outcome"),
    [(AftersaleState.REJECTED, 6, StepOutcome.ENTERED), (AftersaleState.CLOSED, 11, StepOutcome.NEEDLESS), (AftersaleState.REFUNDED, 5, StepOutcome.NEEDLESS)],
)
def test_it_settles_a_step_by_what_the_case_shows(asked: House, people: Cast, state: AftersaleState, code: int, outcome: StepOutcome) -> None:
    opened(asked, people)

    later = NOW + 3 * HOUR
    platform_tells(asked, people.shop_id, [case_told(later, applied_at=NOW, state=state, status_code=code)], later)

    (step,) = seen(asked, people)
    assert (step.is_open, step.outcome, step.done_by_name, step.done_at) == (False, outcome, None, later)


def test_it_leaves_a_complaint_open_when_the_case_is_over(asked: House, people: Cast) -> None:
    opened(asked, people, Step(kind=StepKind.COMPLAIN, order_no=ORDER, case_no=CASE, title=say("Complain"), form="…", ref="complaint:1"))

    platform_tells(asked, people.shop_id, [case_told(NOW + HOUR, applied_at=NOW, state=AftersaleState.CLOSED, status_code=11)], NOW + HOUR)

    assert seen(asked, people)[0].is_open


def test_it_is_nobody_else_s_to_settle(asked: House, people: Cast) -> None:
    step_no = opened(asked, people)

    for person, shop_id in ((people.zheng, people.shop_id), (people.zheng, people.other_shop_id), (people.zhou, people.shop_id)):
        with pytest.raises(NotAllowed):
            record_outcome(asked, person, shop_id, step_no, StepOutcome.ENTERED, "", NOW)

    assert seen(asked, people)[0].is_open
