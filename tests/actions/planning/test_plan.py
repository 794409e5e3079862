"""The plan of a day over real orders: when to print, what is late all the same, until when an order may wait, and what a hand-over leaves behind."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.actions.dispatching.warehouse import START, Warehouse
from tests.actions.planning.shop import OVER, SOON, TOMORROW, TONIGHT, orders, past
from tests.cast import Cast
from zhanggui.actions.carrier_choice.learning import learn, learn_shop
from zhanggui.actions.carrier_choice.settling import name_carrier, set_visits
from zhanggui.actions.dispatching import destroyed, handed_over, recalled
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.house import House
from zhanggui.actions.journal import journal
from zhanggui.actions.planning import hand_over, latest_print, plan
from zhanggui.actions.planning.settling import plan_terms, set_plan_terms
from zhanggui.actions.refused import Refused
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.planning.hours import OpenHours
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.people.permissions import NotAllowed

PROMISED = "260301-100000000000008"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """The five orders, and a carrier that comes at 11:00 and 17:00 and scans within the hour."""
    made = orders(Warehouse(house, people))
    past(made, "圆通快递", 40, lag=timedelta(minutes=150))
    name_carrier(house, people.lin, people.shop_id, "圆通", made.now, is_used=True)
    set_visits(house, people.lin, people.shop_id, "圆通快递", "11:00, 17:00", "1234567", made.now)
    return made


def test_it_prints_once_for_the_pickup_that_is_early_enough_and_takes_along_what_is_expected(shop: Warehouse) -> None:
    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert [(each.orders, each.expected, each.print_at) for each in made.rounds] == [(4, 3, START + timedelta(hours=2))]
    assert made.rounds[0].because.slots["leaves_at"] == "17:00"
    assert (made.to_print, made.to_pack, made.kept, made.overdue, made.out) == (4, 0, 1, 1, 0)
    assert [(f"{visit.at:%H:%M}", visit.carrier, visit.orders, visit.is_assumed) for visit in made.visits] == [
        ("03:00", "YTO", 0, False),
        ("09:00", "YTO", 4, False),
    ]
    assert made.assumed == ()


def test_it_prints_now_where_waiting_is_dear(shop: Warehouse) -> None:
    set_plan_terms(shop.house, shop.by, shop.shop_id, PlanTerms(day_fen=Fen(2000)), shop.now)

    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert [(each.print_at, each.orders, each.expected) for each in made.rounds] == [(shop.now, 4, 0), (START + timedelta(hours=2), 0, 3)]
    assert made.rounds[0].because.slots["leaves_at"] == "11:00"


def test_it_names_what_is_late_all_the_same_and_leaves_out_what_is_lost_already(shop: Warehouse) -> None:
    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert [(each.order_no, each.chance.p, each.expected_loss, each.why.text) for each in made.late] == [
        (SOON, 0.0, 300, "The pickup it can be packed for comes at {at}, after its deadline.")
    ]
    assert 300 <= made.loss <= 310
    assert made.least <= made.loss <= made.most < made.nothing


def test_what_is_still_expected_lies_within_its_bounds_to_the_minute(shop: Warehouse) -> None:
    # orders come between 10 and 11, and half of that hour is left
    made = plan(shop.house, shop.by, shop.shop_id, START + timedelta(minutes=90))

    assert made.expected == 1
    assert made.expected_low <= made.expected <= made.expected_high


def test_after_closing_the_next_worked_day_is_planned_with_what_it_will_bring(shop: Warehouse) -> None:
    set_plan_terms(shop.house, shop.by, shop.shop_id, PlanTerms(hours=OpenHours(weekdays=(1, 3))), shop.now)

    made = plan(shop.house, shop.by, shop.shop_id, START + timedelta(hours=10))

    # Tuesday's orders are there when Wednesday is packed
    assert (made.day, made.expected) == (date(2026, 3, 4), 6)
    assert sum(each.expected for each in made.rounds) == made.expected


def test_what_is_printed_is_packed_first_and_what_is_packed_is_out(shop: Warehouse) -> None:
    shop.prints(TONIGHT)

    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert (made.to_print, made.to_pack) == (3, 1)


def test_what_lost_its_label_or_came_back_is_printed_again_and_what_has_to_be_destroyed_is_kept_back(shop: Warehouse) -> None:
    shop.prints(SOON, TONIGHT, TOMORROW)
    destroyed(shop.house, shop.by, shop.shop_id, [SOON], shop.now)
    handed_over(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)
    recalled(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)
    shop.asks_back(TOMORROW)

    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    # the overdue one was never printed; SOON is late all the same
    assert (made.to_print, made.to_pack, made.out, made.kept) == (3, 0, 0, 2)
    assert [each.order_no for each in made.late] == [SOON]
    assert hand_over(shop.house, shop.by, shop.shop_id, START + timedelta(hours=2), shop.now).of == 3


def test_who_wants_other_goods_keeps_nothing_back(shop: Warehouse) -> None:
    shop.asks_back(TOMORROW, kind=AftersaleKind.EXCHANGE)

    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert (made.to_print, made.kept) == (4, 1)


def test_a_printed_order_goes_with_the_carrier_on_its_label(shop: Warehouse, people: Cast) -> None:
    name_carrier(shop.house, people.lin, people.shop_id, "中通", shop.now, is_used=True)
    set_visits(shop.house, people.lin, people.shop_id, "中通快递", "12:00", "1234567", shop.now)
    shop.comes(PROMISED, ship_by=START + timedelta(hours=8), province="浙江省", city="杭州市", carrier="中通快递")
    shop.prints(PROMISED)

    made = plan(shop.house, shop.by, shop.shop_id, START + timedelta(hours=2, minutes=30))

    # the label is 圆通's, which comes at 17:00, when the order is due; 中通 would have come at noon
    assert [(each.carrier, each.leaves_at) for each in made.late if each.order_no == PROMISED] == [("YTO", START + timedelta(hours=8))]


def test_orders_without_goods_are_left_out_and_counted_apart(shop: Warehouse, people: Cast) -> None:
    shop.comes("260301-100000000000009", ship_by=START + timedelta(hours=40), sku_id="7001", goods_id="901", quantity=2)
    count_stock(shop.house, people.lin, shop.shop_id, [Count("7001", 1)], shop.now)

    made = plan(shop.house, shop.by, shop.shop_id, shop.now)

    assert (made.to_print, made.without_goods) == (4, 1)


def test_it_learns_from_the_visit_on_and_not_from_the_upload(shop: Warehouse) -> None:
    learnt = learn_shop(shop.house, shop.shop_id, shop.now)

    # uploaded at 15:00, scanned at 17:30: half an hour after the visit at 17:00
    assert [(lag.carrier, lag.hour, lag.minutes, lag.count) for lag in learnt.lags] == [("YTO", 17, 30, 40)]
    set_visits(shop.house, shop.by, shop.shop_id, "YTO", "", "", shop.now)
    assert [(lag.hour, lag.minutes) for lag in learn_shop(shop.house, shop.shop_id, shop.now).lags] == [(15, 150)]


def test_what_is_told_only_after_its_scan_teaches_no_wait(shop: Warehouse) -> None:
    past(shop, "中通快递", 40, lag=timedelta(hours=-4), first=60)

    learnt = learn_shop(shop.house, shop.shop_id, shop.now)

    assert learnt.parcels == 80
    assert {lag.carrier for lag in learnt.lags} == {"YTO"}


def test_an_order_may_wait_for_the_last_safe_pickup(shop: Warehouse) -> None:
    found = latest_print(shop.house, shop.by, shop.shop_id, [SOON, TONIGHT, TOMORROW, OVER, "no such"], shop.now)

    assert set(found) == {SOON, TONIGHT, TOMORROW, OVER}
    assert (found[SOON].at, found[OVER].at) == (None, None)
    at = found[TOMORROW].at
    assert at is not None
    assert found[TOMORROW].leaves_at == START + timedelta(days=1, hours=8)
    assert START + timedelta(days=1, hours=7, minutes=45) < at < START + timedelta(days=1, hours=8)
    assert found[TONIGHT].carrier == "YTO"


def test_a_hand_over_too_late_is_named_with_its_money(shop: Warehouse) -> None:
    early = hand_over(shop.house, shop.by, shop.shop_id, START + timedelta(hours=2), shop.now)
    late = hand_over(shop.house, shop.by, shop.shop_id, START + timedelta(hours=13), shop.now)

    assert [each.order_no for each in early.missing] == [SOON]
    assert [each.order_no for each in late.missing] == [SOON, TONIGHT]
    assert (late.loss, late.missing_count, late.ready, late.of) == (600, 2, 4, 4)


def test_a_shop_that_told_nothing_gets_a_plan_that_says_what_it_assumes(house: House, people: Cast) -> None:
    bare = orders(Warehouse(house, people))

    made = plan(house, people.mei, people.shop_id, bare.now)

    assert len(made.rounds) == 1
    assert [each.text.split(":")[0] for each in made.assumed] == [
        "No carrier is named and no parcel of the last two months is known",
        "No pickup scan of this shop is known yet",
        "Less than a week of orders is known, so few are expected, and that is uncertain.",
    ]
    assert all(visit.is_assumed for visit in made.visits)


def test_where_no_carrier_is_named_those_of_the_last_parcels_are_taken(house: House, people: Cast) -> None:
    bare = orders(Warehouse(house, people))
    past(bare, "中通", 8, lag=timedelta(hours=1))
    learn(house, bare.now)

    assert {each.carrier for each in latest_print(house, bare.by, bare.shop_id, [TONIGHT, TOMORROW], bare.now).values()} == {"ZTO"}


def test_the_figures_are_kept_and_journalled(shop: Warehouse, people: Cast) -> None:
    own = PlanTerms(hours=OpenHours("08:00", "20:00", (1, 2, 3)), people=5)

    set_plan_terms(shop.house, shop.by, shop.shop_id, own, shop.now)

    assert plan_terms(shop.house, people.mei, shop.shop_id) == own
    told = [entry.say.text for entry in journal(shop.house, people.lin, [shop.shop_id]).entries]
    assert "The hours and the pace that plans go by were changed." in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": 0},
        {"pack_seconds": 4000},
        {"safe_percent": 100},
        {"hours": OpenHours("18:00", "09:00")},
        {"hours": OpenHours("9", "18:00")},
        {"hours": OpenHours("09:00", "18:00", ())},
        {"hours": OpenHours("09:00", "18:00", (8,))},
    ],
)
def test_figures_no_shop_can_mean_are_refused(shop: Warehouse, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        set_plan_terms(shop.house, shop.by, shop.shop_id, msgspec.structs.replace(PlanTerms(), **wrong), shop.now)

    assert plan_terms(shop.house, shop.by, shop.shop_id) == PlanTerms()


def test_the_pace_is_measured_where_nobody_told_it(shop: Warehouse) -> None:
    with shop.house.pool.connection() as tx:
        tx.execute(
            "insert into dispatches (shop_id, order_no, state, packed_at, packed_by, moved_at)"
            " select %(shop)s, 'x' || n, 'packed', %(now)s - n * interval '40 seconds', 1, %(now)s from generate_series(1, 50) as n",
            {"shop": shop.shop_id, "now": shop.now},
        )

    learnt = learn_shop(shop.house, shop.shop_id, shop.now)

    assert learnt.pace is not None
    assert (learnt.pace.seconds, learnt.pace.seen) == (40, 49)
    made = plan(shop.house, shop.by, shop.shop_id, shop.now)
    assert (made.terms.pack_seconds, made.learned.pack_seconds) == (40, 40)
    set_plan_terms(shop.house, shop.by, shop.shop_id, PlanTerms(pack_seconds=60, tells_pace=True), shop.now)
    assert plan(shop.house, shop.by, shop.shop_id, shop.now).terms.pack_seconds == 60


def test_nobody_of_another_shop_sees_or_settles_anything(shop: Warehouse, people: Cast) -> None:
    for act in (
        lambda: plan(shop.house, people.zheng, shop.shop_id, shop.now),
        lambda: hand_over(shop.house, people.zheng, shop.shop_id, shop.now, shop.now),
        lambda: latest_print(shop.house, people.zheng, shop.shop_id, [SOON], shop.now),
        lambda: set_plan_terms(shop.house, people.zheng, shop.shop_id, PlanTerms(), shop.now),
        lambda: set_visits(shop.house, people.zheng, shop.shop_id, "YTO", "11:00", "", shop.now),
    ):
        with pytest.raises(NotAllowed):
            act()
