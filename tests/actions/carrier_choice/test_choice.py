"""Carriers of a real shop: named, priced, tried, advised, chosen, and judged by what their parcels have shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.dispatching.warehouse import Warehouse
from tests.actions.planning.shop import ASKED, TOMORROW, TONIGHT, orders, past
from tests.cast import Cast
from zhanggui.actions.carrier_choice import carrier_code, carrier_for, carrier_name
from zhanggui.actions.carrier_choice.comparing import carriers_seen
from zhanggui.actions.carrier_choice.learning import learn_shop
from zhanggui.actions.carrier_choice.settling import begin_experiment, bring_prices, end_experiment, name_carrier, set_gap, set_visits
from zhanggui.actions.house import House
from zhanggui.actions.journal import journal
from zhanggui.actions.planning import plan
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.carriers import usual_carriers
from zhanggui.core.carriers.experiments import drawn
from zhanggui.core.moments import in_shanghai
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import carriers as records
from zhanggui.records import platform_carriers
from zhanggui.records.platform_carriers import CarrierRecord

PRICES = "快递,省份,首重(克),首重价,续重价\n圆通,浙江,1000,2.80,0.80\n圆通,其他,1000,4.20,1.50\n中通,全国,1000,3.00,1.00\n"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Orders to ship, two carriers with prices, and 中通 whose parcels stall."""
    made = orders(Warehouse(house, people))
    past(made, "圆通快递", 30, lag=timedelta(hours=1), stalled=1)
    past(made, "中通快递", 30, lag=timedelta(hours=1), stalled=12, first=40)
    for word in ("圆通", "中通快递"):
        name_carrier(house, people.lin, made.shop_id, word, made.now, is_used=True)
    bring_prices(house, people.lin, made.shop_id, PRICES, made.now)
    learn_shop(house, made.shop_id, made.now)
    return made


def ceases(shop: Warehouse, *codes: str) -> None:
    """The platform takes no parcels of these carriers any more."""
    told = [CarrierRecord(each.id, each.code, each.name, each.code not in codes) for each in usual_carriers().by_id.values()]
    with shop.house.pool.connection() as tx:
        platform_carriers.keep(tx, told, "https://gw", shop.now)


def test_it_advises_by_price_and_record_and_says_how_sure_it_is(shop: Warehouse) -> None:
    found = carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT, ASKED, "no such"], shop.now)

    assert set(found) == {TONIGHT, ASKED}
    advice = found[TONIGHT]
    assert (advice.carrier, advice.is_close, advice.experiment_no) == ("YTO", False, None)
    assert [(each.carrier, each.price) for each in advice.others] == [("YTO", 280), ("ZTO", 300)]
    assert advice.others[0].stalls.p < 0.15
    assert advice.others[1].stalls.p > 0.25
    assert all(each.low <= each.total <= each.high for each in advice.others)


def test_a_carrier_that_does_not_come_there_is_not_advised_until_it_does(shop: Warehouse) -> None:
    set_gap(shop.house, shop.by, shop.shop_id, "圆通", "浙江 杭州", shop.now, comes=False)
    assert carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)[TONIGHT].carrier == "ZTO"

    set_gap(shop.house, shop.by, shop.shop_id, "圆通", "浙江 杭州", shop.now, comes=True)

    assert carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)[TONIGHT].carrier == "YTO"


def test_a_carrier_of_which_nothing_is_known_is_not_taken_for_one_at_the_door(shop: Warehouse, people: Cast) -> None:
    name_carrier(shop.house, people.lin, shop.shop_id, "韵达", shop.now, is_used=True)

    def on_time() -> dict[str, float]:
        (advice,) = carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now).values()
        return {each.carrier: each.on_time.p for each in advice.others if each.on_time is not None}

    soon = on_time()
    gone_by = in_shanghai(shop.now) - timedelta(hours=1)
    set_visits(shop.house, shop.by, shop.shop_id, "圆通", f"{gone_by:%H:%M}", "", shop.now)
    then = on_time()

    assert soon["YUNDA"] > 0.5
    assert then["YUNDA"] == then["YTO"] == 0
    assert then["ZTO"] > 0.5, "its own parcels have shown how long it takes, the wait for it included"


def test_the_weight_of_the_goods_counts_where_it_is_known(shop: Warehouse) -> None:
    with shop.house.pool.connection() as tx:
        tx.execute("delete from order_goods where shop_id = %s and order_no = %s", (shop.shop_id, TONIGHT))
        tx.execute(
            "insert into items (shop_id, sku, weight_g, packing_g, made_at) values (%s, 'a', 1200, 100, %s)",
            (shop.shop_id, shop.now),
        )
        tx.execute("insert into order_goods (shop_id, order_no, sku, quantity, state) values (%s, %s, 'a', 3, 'reserved')", (shop.shop_id, TONIGHT))

    advice = carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT, TOMORROW], shop.now)

    # 3.7 kg: three kilograms begun beyond the first
    assert [each.price for each in sorted(advice[TONIGHT].others, key=lambda each: each.carrier)] == [520, 600]
    assert [each.price for each in sorted(advice[TOMORROW].others, key=lambda each: each.carrier)] == [280, 300]


def test_an_experiment_is_applied_while_it_runs(shop: Warehouse, people: Cast) -> None:
    number = begin_experiment(shop.house, people.lin, shop.shop_id, "中通再试", {"中通": 100}, ["浙江省"], shop.now)

    advice = carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)

    assert (advice[TONIGHT].carrier, advice[TONIGHT].experiment_no) == ("ZTO", number)
    end_experiment(shop.house, people.lin, shop.shop_id, number, shop.now)
    assert carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now)[TONIGHT].carrier == "YTO"
    with pytest.raises(Refused):
        end_experiment(shop.house, people.lin, shop.shop_id, number, shop.now)


def test_an_experiment_is_judged_by_the_parcels_that_drew_it_and_went_with_it(shop: Warehouse, people: Cast) -> None:
    begin_experiment(shop.house, people.lin, shop.shop_id, "全发圆通", {"圆通": 100}, [], shop.now - timedelta(days=30))
    learn_shop(shop.house, shop.shop_id, shop.now)

    (view,) = carriers_seen(shop.house, shop.by, shop.shop_id, shop.now).experiments

    assert [(arm.carrier, arm.share, arm.parcels, arm.otherwise) for arm in view.arms] == [("YTO", 100, 30, 30)]
    assert view.verdict.text.startswith("Too early")


def test_experiments_tell_who_stalls_less_once_it_is_beyond_doubt(house: House, people: Cast) -> None:
    shop = Warehouse(house, people)
    number = begin_experiment(house, people.lin, shop.shop_id, "对半", {"圆通": 50, "中通": 50}, [], shop.now - timedelta(days=30))
    with house.pool.connection() as tx:
        (trial,) = records.experiments(tx, shop.shop_id)
    for first in range(60):
        carrier = drawn(trial, shop.shop_id, f"2602{first:02d}-{first:015d}")
        past(shop, carrier_name(str(carrier), usual_carriers()), 1, lag=timedelta(hours=1), stalled=int(carrier == "ZTO" and first % 2), first=first)
    learn_shop(house, shop.shop_id, shop.now)

    (view,) = carriers_seen(house, shop.by, shop.shop_id, shop.now).experiments

    assert view.experiment.experiment_no == number
    assert sum(arm.parcels for arm in view.arms) == 60
    assert view.verdict.slots == {"carrier": "圆通快递"}


def test_the_page_of_carriers_shows_what_each_has_shown(shop: Warehouse) -> None:
    seen = carriers_seen(shop.house, shop.by, shop.shop_id, shop.now, province="浙江", weight_g=800, place_of="ZTO")

    assert [(row.code, row.is_used, row.transit_seen, row.prices) for row in seen.rows] == [("YTO", True, 30, 4), ("ZTO", True, 30, 2)]
    assert [(place.province, place.parcels, place.price) for place in seen.places] == [("浙江", 30, 300)]
    assert (seen.advice.carrier, seen.parcels, seen.unseen) == ("YTO", 60, 0)


def test_a_carrier_that_the_platform_takes_no_parcels_of_is_not_advised(shop: Warehouse) -> None:
    ceases(shop, "YTO")

    seen = carriers_seen(shop.house, shop.by, shop.shop_id, shop.now, province="浙江", weight_g=800)

    assert seen.advice.carrier == "ZTO"
    assert [(row.name, row.is_used, row.is_ceased) for row in seen.rows] == [("中通快递", True, False), ("圆通快递", False, True)]


def test_where_the_platform_takes_no_parcels_of_any_carrier_of_the_shop_that_is_said(shop: Warehouse, people: Cast) -> None:
    ceases(shop, "YTO", "ZTO")

    (advice,) = carrier_for(shop.house, shop.by, shop.shop_id, [TONIGHT], shop.now).values()
    made = plan(shop.house, people.mei, shop.shop_id, shop.now)

    assert (advice.carrier, advice.because.text) == (None, "The platform takes no parcels of {carriers} any more. Name others under Carriers.")
    assert set(str(advice.because.slots["carriers"]).split("、")) == {"圆通快递", "中通快递"}
    assert any(each.text.startswith("The platform takes no parcels of {carriers} any more") for each in made.assumed)


def test_a_carrier_that_the_platform_takes_no_parcels_of_is_neither_named_nor_tried(shop: Warehouse, people: Cast) -> None:
    ceases(shop, "YTO")

    with pytest.raises(Refused, match="no parcels"):
        name_carrier(shop.house, people.lin, shop.shop_id, "圆通", shop.now, is_used=True)
    with pytest.raises(Refused, match="no parcels"):
        begin_experiment(shop.house, people.lin, shop.shop_id, "x", {"圆通": 10}, [], shop.now)
    name_carrier(shop.house, people.lin, shop.shop_id, "圆通", shop.now, is_used=False)


def test_prices_of_a_carrier_take_the_place_of_those_it_had(shop: Warehouse, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("快递,省份,价格\n圆通,全国,9.9\n", "utf-8")

    bring_prices(shop.house, people.lin, shop.shop_id, path, shop.now)

    with shop.house.pool.connection() as tx:
        bands = records.prices(tx, shop.shop_id)
    assert [(band.carrier, band.province, band.fen) for band in bands] == [("YTO", "", 990), ("ZTO", "", 300), ("ZTO", "", 300)]
    with pytest.raises(Refused):
        bring_prices(shop.house, people.lin, shop.shop_id, "快递,价格\n某某,3\n", shop.now)


@pytest.mark.parametrize("times", ["25:00", "noon", "11:60", " ".join(f"{hour:02}:{minute:02}" for hour in range(7) for minute in (0, 30))])
def test_times_nobody_can_mean_are_refused(shop: Warehouse, times: str) -> None:
    with pytest.raises(Refused):
        set_visits(shop.house, shop.by, shop.shop_id, "圆通", times, "", shop.now)


def test_words_that_mean_no_carrier_and_shares_that_do_not_add_up_are_refused(shop: Warehouse, people: Cast) -> None:
    for act in (
        lambda: name_carrier(shop.house, people.lin, shop.shop_id, "某某", shop.now, is_used=True),
        lambda: begin_experiment(shop.house, people.lin, shop.shop_id, "", {"圆通": 10}, [], shop.now),
        lambda: begin_experiment(shop.house, people.lin, shop.shop_id, "x", {"圆通": 60, "中通": 60}, [], shop.now),
        lambda: begin_experiment(shop.house, people.lin, shop.shop_id, "x", {}, [], shop.now),
        lambda: set_gap(shop.house, people.lin, shop.shop_id, "圆通", "a b c d", shop.now, comes=False),
    ):
        with pytest.raises(Refused):
            act()


def test_carriers_are_the_owners_to_name_and_the_journal_tells(shop: Warehouse, people: Cast) -> None:
    for act in (
        lambda: name_carrier(shop.house, shop.by, shop.shop_id, "圆通", shop.now, is_used=False),
        lambda: bring_prices(shop.house, shop.by, shop.shop_id, PRICES, shop.now),
        lambda: begin_experiment(shop.house, shop.by, shop.shop_id, "x", {"圆通": 10}, [], shop.now),
        lambda: carriers_seen(shop.house, people.zheng, shop.shop_id, shop.now),
        lambda: carrier_for(shop.house, people.zheng, shop.shop_id, [TONIGHT], shop.now),
    ):
        with pytest.raises(NotAllowed):
            act()
    name_carrier(shop.house, people.lin, shop.shop_id, "圆通", shop.now, is_used=False)
    told = [entry.say.text for entry in journal(shop.house, people.lin, [shop.shop_id]).entries]
    assert {
        "The shop no longer works with {carrier}.",
        "The shop works with {carrier} from now on.",
        "A price table of {lines} lines was kept for {carriers}.",
    } <= set(told)


@pytest.mark.parametrize(
    ("word", "code", "name"),
    [("圆通快递", "YTO", "圆通快递"), ("85", "YTO", "圆通快递"), ("圆通", "YTO", "圆通快递"), ("yto", "YTO", "圆通快递"), ("火星", "火星", "火星")],
)
def test_a_carrier_is_one_whatever_it_is_called(word: str, code: str, name: str) -> None:
    known = usual_carriers()

    assert (carrier_code(word, known), carrier_name(carrier_code(word, known), known)) == (code, name)
