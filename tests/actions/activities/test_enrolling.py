"""Enrolments: planned, paid for, left; their to-dos on Today, the deposit among the bound sums, and what came of them."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.activities.told import MEI, NOW, asked, bought, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.activities.enrolling import NewEnrolment, enrolments_of, plan_enrolment, reckon_enrolments, step_enrolment
from zhanggui.actions.activities.figures import put_read
from zhanggui.actions.activities.reading import read_shop_purchases
from zhanggui.actions.activities.seeing import activities_of
from zhanggui.actions.house import House
from zhanggui.actions.money.cash import cash_view, end_hold
from zhanggui.actions.refused import Refused
from zhanggui.core.activities.enrolment import EnrolmentStage, EnrolmentStep
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.ledger.cash import HoldState
from zhanggui.core.money import Fen
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines

STARTS = NOW + timedelta(days=5)
PLAN = NewEnrolment(activity="pdd.seckill", starts_at=STARTS, ends_at=STARTS + timedelta(days=1), goods_id="801", title="苹果秒杀", price=Fen(2500))


def todos(house: House, people: Cast) -> dict[str, datetime]:
    """What stands on the list of enrolments, and by when."""
    with house.pool.connection() as tx:
        rows = deadlines.of_subjects(tx, people.shop_id, SubjectKind.ENROLMENT.value, ["1"])
    return {row.kind: row.due_at for row in rows if row.band is not None}


def test_its_two_clocks_stand_on_today_until_they_are_over(house: House, people: Cast) -> None:
    no = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)
    before = todos(house, people)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.PAY_DEPOSIT, NOW, deposit=Fen(100_000))
    paid = todos(house, people)
    reckon_enrolments(house, NOW + timedelta(days=2, seconds=1))

    assert before == {"pay_deposit": datetime.fromisoformat("2026-11-26T15:00+08:00"), "withdraw_by": STARTS - timedelta(hours=72)}
    assert list(paid) == ["withdraw_by"]
    assert todos(house, people) == {}


def test_nothing_of_a_buyer_stays_clear_in_its_note(house: House, people: Cast) -> None:
    plan_enrolment(house, people.lin, people.shop_id, msgspec.structs.replace(PLAN, note="问过买家13812345678"), NOW)

    [row] = enrolments_of(house, people.lin, people.shop_id, NOW).rows

    assert "13812345678" not in row.row.note


def test_its_deposit_stands_among_the_bound_sums_once(house: House, people: Cast) -> None:
    no = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.PAY_DEPOSIT, NOW, deposit=Fen(100_000))

    with pytest.raises(Refused, match="paid before"):
        step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.PAY_DEPOSIT, NOW, deposit=Fen(100_000))

    seen = cash_view(house, people.lin, people.shop_id, NOW)
    assert (seen.held, seen.can_be_lost) == (100_000, 100_000)


def test_whoever_leaves_has_no_clock(house: House, people: Cast) -> None:
    no = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)

    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.WITHDRAW, NOW)

    [row] = enrolments_of(house, people.lin, people.shop_id, NOW).rows
    assert (row.stage, todos(house, people)) == (EnrolmentStage.WITHDRAWN, {})


def test_whoever_comes_back_pays_a_deposit_that_came_free_anew(house: House, people: Cast) -> None:
    no = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)
    for step in (EnrolmentStep.PAY_DEPOSIT, EnrolmentStep.WITHDRAW, EnrolmentStep.BACK):
        step_enrolment(house, people.lin, people.shop_id, no, step, NOW, deposit=Fen(100_000))
    still_bound = todos(house, people)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.TURN_DOWN, NOW)
    [hold] = cash_view(house, people.lin, people.shop_id, NOW).holds
    end_hold(house, people.lin, people.shop_id, hold.hold_no, HoldState.FREED, NOW)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.BACK, NOW)
    come_free = todos(house, people)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.PAY_DEPOSIT, NOW)

    assert (list(still_bound), sorted(come_free), list(todos(house, people))) == (["withdraw_by"], ["pay_deposit", "withdraw_by"], ["withdraw_by"])
    assert cash_view(house, people.lin, people.shop_id, NOW).held == 100_000


def test_nobody_comes_back_beside_another_enrolment_of_the_same(house: House, people: Cast) -> None:
    left = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)
    step_enrolment(house, people.lin, people.shop_id, left, EnrolmentStep.WITHDRAW, NOW)
    again = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)

    with pytest.raises(Refused, match="enrolled from that moment"):
        step_enrolment(house, people.lin, people.shop_id, left, EnrolmentStep.BACK, NOW)

    for step in (EnrolmentStep.SIGN_UP, EnrolmentStep.BACK):
        step_enrolment(house, people.lin, people.shop_id, again, step, NOW)
    stages = {each.row.enrolment_no: each.stage for each in enrolments_of(house, people.lin, people.shop_id, NOW).rows}
    assert stages == {left: EnrolmentStage.WITHDRAWN, again: EnrolmentStage.PLANNED}


def test_what_it_sold_stands_beside_the_days_before(house: House, people: Cast, tmp_path: Path) -> None:
    during = [bought(no, 1 + no / 100, **MEI) for no in range(1, 5)]
    shop(house, people, tmp_path, *during, bought(9, 2.5), bought(10, 1.5, goods_id="999"))
    read_shop_purchases(house, people.shop_id, NOW)
    plan = NewEnrolment(activity="pdd.flash_sale", starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(hours=12), goods_id="801")

    no = plan_enrolment(house, people.lin, people.shop_id, plan, NOW)
    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.SIGN_UP, NOW)

    [row] = enrolments_of(house, people.lin, people.shop_id, NOW).rows
    assert row.stage is EnrolmentStage.OVER
    assert row.during is not None
    assert row.before is not None
    assert ((row.during.orders, row.during.paid), (row.before.orders, row.before.paid)) == ((4, 12000), (1, 3000))


def test_what_cannot_be_is_refused(house: House, people: Cast) -> None:
    cover = msgspec.structs.replace(PLAN, activity="pdd.return_freight_cover")
    backwards = msgspec.structs.replace(PLAN, ends_at=STARTS)
    far = msgspec.structs.replace(PLAN, starts_at=NOW + timedelta(days=900), ends_at=NOW + timedelta(days=901))
    for odd in (cover, backwards, far):
        with pytest.raises(Refused):
            plan_enrolment(house, people.lin, people.shop_id, odd, NOW)
    for person in (people.mei, people.zheng):
        with pytest.raises(NotAllowed):
            plan_enrolment(house, person, people.shop_id, PLAN, NOW)
    assert enrolments_of(house, people.lin, people.shop_id, NOW).rows == ()


def test_figures_of_the_back_office_open_an_activity(house: House, people: Cast, tmp_path: Path) -> None:
    told = [reviewed(1, 0.5, 1.02, 5), asked(1, 0.5, 1.02)]
    shop(house, people, tmp_path, *(bought(no, 1 + no / 50, **MEI) for no in range(1, 25)), *told)
    read_shop_purchases(house, people.shop_id, NOW)
    put_read(house, people.lin, people.shop_id, "", "navigator_rank", "82.5%", NOW)
    put_read(house, people.lin, people.shop_id, "pdd.flash_sale", "navigator_rank", "80", NOW)

    seen = {each.activity.id: each for each in activities_of(house, people.lin, people.shop_id, NOW).seen}

    flash, cover, june = seen["pdd.flash_sale"], seen["pdd.return_freight_cover"], seen["pdd.618"]
    assert [(each.now.is_met, each.now.is_own) for each in flash.needs] == [(False, False), (True, True)]
    assert [(each.now.value and each.now.value.num, each.now.is_met) for each in cover.needs] == [(24, True), (24, False), (0, True)]
    assert (june.goods_id, june.needs[0].now.value and june.needs[0].now.value.num) == ("801", 24 * 3000)


def test_what_is_no_number_is_refused(house: House, people: Cast) -> None:
    for typed in ("many", "120%", "-4", "4.56789", "１２"):
        with pytest.raises(Refused):
            put_read(house, people.lin, people.shop_id, "", "navigator_rank", typed, NOW)
    with pytest.raises(Refused, match="No activity"):
        put_read(house, people.lin, people.shop_id, "", "valid_ratings", "60", NOW)


def test_the_same_form_sent_twice_enrols_once_and_whoever_left_may_come_again(house: House, people: Cast) -> None:
    no = plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)
    with pytest.raises(Refused, match="enrolled from that moment"):
        plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW)

    step_enrolment(house, people.lin, people.shop_id, no, EnrolmentStep.WITHDRAW, NOW)

    assert plan_enrolment(house, people.lin, people.shop_id, PLAN, NOW) > no
