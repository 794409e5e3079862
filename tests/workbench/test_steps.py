"""The order page shows what is to be done by hand, and takes its outcome."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM
from zhanggui.actions.cases.guiding import open_step
from zhanggui.actions.house import House
from zhanggui.core.cases.guided import Step, StepKind
from zhanggui.core.say import say
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")
FORM = "已核实：签收后第 9 天申请，商品完好。"


@pytest.fixture
def step_no(house: House, people: Cast) -> int:
    step = Step(kind=StepKind.REFUSE, order_no=CALM, case_no="9000001", title=say("Look it up"), form=FORM, message="您好，<b>核实</b>了", due_at=NOW)
    with house.pool.connection() as tx:
        return open_step(tx, people.mei, people.shop_id, step, NOW)


def test_it_shows_the_texts_the_numbers_and_the_page_of_the_back_office(mei: Seat, people: Cast, step_no: int) -> None:
    text = mei.get(f"/shops/{people.shop_id}/orders/{CALM}").text

    assert FORM in text
    assert "您好，&lt;b&gt;核实&lt;/b&gt;了" in text
    assert "https://mms.pinduoduo.com/aftersales-ssr/detail?id=9000001&amp;orderSn=" in text
    assert f"/shops/{people.shop_id}/steps/{step_no}/outcome" in text


def test_it_keeps_the_outcome_and_comes_back_to_the_step(mei: Seat, people: Cast, step_no: int) -> None:
    page = f"/shops/{people.shop_id}/orders/{CALM}"

    answer = mei.send_form(f"/shops/{people.shop_id}/steps/{step_no}/outcome", {"outcome": "outcome_entered", "back": f"{page}#step-{step_no}"}, page=page)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#step-{step_no}")
    assert "已在后台提交" in mei.get(page).text


@pytest.mark.parametrize("outcome", ["", "outcome_won", "step_open"])
def test_it_takes_no_outcome_it_does_not_know(mei: Seat, people: Cast, step_no: int, outcome: str) -> None:
    page = f"/shops/{people.shop_id}/orders/{CALM}"

    answer = mei.send_form(f"/shops/{people.shop_id}/steps/{step_no}/outcome", {"outcome": outcome}, page=page)

    assert answer.status_code == 422
    assert "已在后台提交</span>" not in mei.get(page).text


def test_it_tells_outsiders_nothing(at_desk: Callable[[Person], Seat], people: Cast, step_no: int) -> None:
    zheng = at_desk(people.zheng)

    answer = zheng.send_form(f"/shops/{people.shop_id}/steps/{step_no}/outcome", {"outcome": "outcome_entered"}, page="/today")

    assert answer.status_code == 404


def test_a_small_payment_is_made_ready_on_the_page_of_the_case(mei: Seat, people: Cast, house: House) -> None:
    with house.pool.connection() as tx:
        case_no = tx.execute(
            "select case_no from aftersales where shop_id = %s and facts ->> 'order_no' is not null order by case_no", [people.shop_id]
        ).fetchall()[0][0]
    page = f"/shops/{people.shop_id}/aftersales/{case_no}"

    answer = mei.send_form(f"{page}/goodwill", {"yuan": "1.50", "cause": "cause_damaged"}, page=page)

    assert (answer.status_code, answer.headers["location"].split("#")[0]) == (303, page)
    assert "小额打款 1.50 元，原因：商品破损" in mei.get(page).text
