"""The list of cases by their clocks, the page of one case with every answer and its cost, and the terms tried before they are kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.advice.findings import FoundOut, find_out
from zhanggui.actions.advice.learning import learn_in
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.advice.terms import set_terms, shop_terms
from zhanggui.actions.advice.trying import try_terms
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.advice.book import Aim
from zhanggui.core.advice.case import Fault
from zhanggui.people.permissions import NotAllowed, Person
from zhanggui.records import locks
from zhanggui.workbench.places import case_path

pytestmark = pytest.mark.usefixtures("stocked")
CASE = "88000001"


@pytest.fixture
def page(people: Cast) -> str:
    """The page of the story's case."""
    return f"/shops/{people.shop_id}/aftersales/{CASE}"


def test_it_lists_what_waits_with_the_next_step_and_its_cost(mei: Seat, page: str) -> None:
    text = mei.get("/aftersales").text

    assert page in text
    assert "取消发货并退款" in text or "不要发货" in text


def test_it_shows_every_answer_and_says_to_programs_which_is_first(mei: Seat, page: str) -> None:
    text = mei.get(page).text

    assert 'id="advice"' in text
    assert 'data-act="' in text
    assert "预计成本" in text
    assert "退款会计入品质退款率吗" in text


def test_it_weighs_again_what_a_person_found_out(house: House, people: Cast, mei: Seat, page: str) -> None:
    answer = mei.send_form(f"{page}/findings", {"fault": "seller", "goods_cost": "12.50", "in_stock": "yes"}, page=page)

    assert answer.status_code == 303
    seen = case_seen(house, people.mei, people.shop_id, CASE, NOW)
    assert (seen.found.fault, seen.found.goods_cost, seen.found.in_stock) == (Fault.SELLER, 1250, True)
    assert seen.facts.goods_cost == 1250


@pytest.mark.parametrize(
    "form", [{"fault": "nobody"}, {"trace": "lost_number"}, {"goods_cost": "1.234"}, {"goods_cost": "-3"}, {"missing_cost": "99999999999999"}]
)
def test_it_takes_no_finding_that_is_none(house: House, people: Cast, mei: Seat, page: str, form: dict[str, str]) -> None:
    before = case_seen(house, people.mei, people.shop_id, CASE, NOW).found

    answer = mei.send_form(f"{page}/findings", form, page=page)

    assert answer.status_code == 422
    assert case_seen(house, people.mei, people.shop_id, CASE, NOW).found == before


def test_it_keeps_that_the_buyer_was_asked(house: House, people: Cast, mei: Seat, page: str) -> None:
    mei.send_form(f"{page}/asked", {}, page=page)

    asked_at = case_seen(house, people.mei, people.shop_id, CASE, NOW).found.asked_at
    assert asked_at is not None
    assert NOW <= asked_at < NOW + timedelta(minutes=10)


def test_it_makes_no_step_of_an_answer_that_is_none(mei: Seat, page: str) -> None:
    assert mei.send_form(f"{page}/steps", {"act": "refuse"}, page=page).status_code == 422
    assert mei.send_form(f"{page}/steps", {"act": "pay_for_praise"}, page=page).status_code == 422


def test_it_tells_outsiders_nothing(at_desk: Callable[[Person], Seat], people: Cast, page: str) -> None:
    zheng = at_desk(people.zheng)

    assert zheng.get(page).status_code == 404
    assert zheng.get(f"/shops/{people.shop_id}/aftersales/terms").status_code == 404
    assert zheng.send_form(f"{page}/findings", {"fault": "seller"}, page="/today").status_code == 404
    assert zheng.send_form(f"{page}/asked", {}, page="/today").status_code == 404


def test_a_viewer_finds_nothing_out(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        find_out(house, people.zhou, people.shop_id, CASE, FoundOut(fault=Fault.SELLER), NOW)


def test_it_tries_terms_without_keeping_them_and_keeps_what_differs(house: House, people: Cast, lin: Seat) -> None:
    path = f"/shops/{people.shop_id}/aftersales/terms"
    before = shop_terms(house, people.lin, people.shop_id, NOW)

    tried = lin.send_form(path, {"small_sum": "25", "act": "try"}, page=path)
    after_trying = shop_terms(house, people.lin, people.shop_id, NOW)
    kept = lin.send_form(path, {"small_sum": "25", "give_away_up_to": "20.00", "act": "keep"}, page=path)

    assert tried.status_code in (200, 201)
    assert "最近三十天" in tried.text
    assert after_trying == before
    assert kept.status_code == 303
    now = shop_terms(house, people.lin, people.shop_id, NOW + timedelta(minutes=10))
    assert (now.small_sum, now.give_away_up_to) == (2500, before.give_away_up_to)
    assert "small_sum" in lin.get(path).text


@pytest.mark.parametrize("own", [{"small_sum": -1}, {"cost_percent": 101}, {"chances": 3}, {"repeat_refunds": 0}])
def test_it_keeps_no_terms_that_no_shop_can_mean(house: House, people: Cast, own: dict[str, int]) -> None:
    before = shop_terms(house, people.lin, people.shop_id, NOW)

    with pytest.raises(Refused):
        set_terms(house, people.lin, people.shop_id, own, NOW)

    assert shop_terms(house, people.lin, people.shop_id, NOW) == before


def test_a_rep_sets_no_terms(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_terms(house, people.mei, people.shop_id, {"small_sum": 1}, NOW)


def test_it_weighs_last_month_by_both_terms(house: House, people: Cast) -> None:
    trial = try_terms(house, people.lin, people.shop_id, {"small_sum": 2500}, NOW)

    assert trial.cases == 1
    assert (trial.now.cost, trial.changed) == (trial.then.cost, 0)


def test_terms_are_tried_one_at_a_time_and_by_whoever_may_change_them(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        assert locks.try_trial(tx, people.shop_id)
        with pytest.raises(Refused, match="being tried"):
            try_terms(house, people.lin, people.shop_id, {"small_sum": 2500}, NOW)

    assert try_terms(house, people.lin, people.shop_id, {"small_sum": 2500}, NOW).cases == 1
    with pytest.raises(NotAllowed):
        try_terms(house, people.mei, people.shop_id, {"small_sum": 2500}, NOW)


def test_a_shop_may_go_by_bare_money(house: House, people: Cast, lin: Seat) -> None:
    path = f"/shops/{people.shop_id}/aftersales/terms"

    kept = lin.send_form(path, {"aim": "money", "act": "keep"}, page=path)
    refused = lin.send_form(path, {"aim": "fame", "act": "keep"}, page=path)

    assert (kept.status_code, refused.status_code) == (303, 422)
    assert shop_terms(house, people.lin, people.shop_id, NOW + timedelta(minutes=10)).aim is Aim.MONEY
    assert "只看钱" in lin.get(path).text
    trial = try_terms(house, people.lin, people.shop_id, {"aim": "indicators"}, NOW + timedelta(minutes=10))
    assert (trial.now.cost, trial.now.money) == (trial.then.cost, trial.then.money)


def test_it_counts_the_last_thirty_days(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        standing = learn_in(tx, house, people.shop_id, NOW)

    assert (standing.formed, standing.quality, standing.disputes) == (5, 0, 0)
    assert case_seen(house, people.mei, people.shop_id, CASE, NOW).facts.standing == standing


def test_it_says_the_same_on_today_on_the_list_and_on_the_page(house: House, people: Cast, mei: Seat, page: str) -> None:
    seen = case_seen(house, people.mei, people.shop_id, CASE, NOW)

    assert seen.todo is not None
    assert seen.todo.verdict == seen.verdict
    assert f'data-act="{seen.verdict.act.value}"' in mei.get(page).text


def test_a_case_that_is_none_is_not_found(mei: Seat, people: Cast) -> None:
    assert mei.get(f"/shops/{people.shop_id}/aftersales/nothing").status_code == 404


def test_the_address_of_a_case_keeps_a_slash_in_its_number(people: Cast) -> None:
    assert case_path(people.shop_id, "A/1~2") == f"/shops/{people.shop_id}/aftersales/A~11~02"
