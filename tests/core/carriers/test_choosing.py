"""The carrier that costs least in all, who comes before it, and how sure that is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.carriers.choosing import CarrierAdvice, Parcel, Record, Worth, advise
from zhanggui.core.carriers.coverage import Coverage, OutOfRange
from zhanggui.core.carriers.experiments import WHOLE, Experiment, drawn
from zhanggui.core.carriers.prices import PriceBand, PriceTable, short_province
from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PRICES = PriceTable(
    [
        PriceBand("YTO", "浙江", 0, Fen(280)),
        PriceBand("YTO", "浙江", 1000, Fen(280), 1000, Fen(80)),
        PriceBand("YTO", "", 0, Fen(420)),
        PriceBand("ZTO", "", 0, Fen(300)),
        PriceBand("JTSD", "", 0, Fen(200)),
    ]
)
STALLS = {"YTO": Chance(0.02, 0.01, 0.03, 200), "ZTO": Chance(0.02, 0.01, 0.03, 200), "JTSD": Chance(0.5, 0.4, 0.6, 50)}
COVERAGE = Coverage([OutOfRange("JTSD", "四川", "甘孜藏族自治州"), OutOfRange("ZTO", "西藏自治区"), OutOfRange("YTO", "西藏")])


def known(carrier: str, parcel: Parcel) -> Record:
    return Record(STALLS[carrier], 2880, Chance(0.9, 0.8, 0.95, 40) if carrier == "ZTO" else Chance(1.0, 1.0, 1.0))


def parcel(**told: object) -> Parcel:
    return Parcel(**({"order_no": "A", "province": "浙江省", "weight_g": 500} | told))  # type: ignore[arg-type]  # the fields of a parcel


def advised(parcel: Parcel, *carriers: str, experiments: tuple[Experiment, ...] = ()) -> CarrierAdvice:
    return advise(
        parcel,
        1,
        carriers or ("YTO", "ZTO", "JTSD"),
        prices=PRICES,
        coverage=COVERAGE,
        known=known,
        worth=Worth(Fen(500), Fen(100)),
        experiments=experiments,
        now=NOW,
    )


def trial(**told: object) -> Experiment:
    plain = {"experiment_no": 4, "name": "试试", "shares": {"JTSD": WHOLE}, "started_at": NOW - timedelta(days=1)}
    return Experiment(**(plain | told))  # type: ignore[arg-type]  # the fields of an experiment


def test_it_takes_the_one_that_costs_least_in_all() -> None:
    found = advised(parcel(at_risk=Fen(300)))

    assert found.carrier == "YTO"
    assert [(each.carrier, each.price, each.stall_loss, each.late_loss, each.days_worth, each.total) for each in found.others] == [
        ("YTO", 280, 10, 0, 200, 490),
        ("ZTO", 300, 10, 30, 200, 540),
        ("JTSD", 200, 250, 0, 200, 650),
    ]
    assert not found.is_close


def test_a_second_kilogram_and_another_province_change_the_answer() -> None:
    assert advised(parcel(weight_g=1001), "YTO", "ZTO").carrier == "ZTO"
    assert advised(parcel(province="广东"), "YTO", "ZTO").carrier == "ZTO"
    assert advised(parcel(weight_g=1000), "YTO", "ZTO").carrier == "YTO"


def test_one_whose_bounds_reach_into_anothers_is_close() -> None:
    STALLS["STO"] = Chance(0.04, 0.0, 0.2, 3)
    table = PriceTable([PriceBand("YTO", "", 0, Fen(280)), PriceBand("STO", "", 0, Fen(281))])

    found = advise(parcel(), 1, ("YTO", "STO"), prices=table, coverage=COVERAGE, known=known, worth=Worth(Fen(500), Fen(0)), now=NOW)

    assert (found.carrier, found.is_close) == ("YTO", True)
    assert "too close to be sure" in found.because.text


def test_it_leaves_out_who_does_not_come_there() -> None:
    assert advised(parcel(province="四川省", city="甘孜州")).carrier == "ZTO"
    there = advised(parcel(province="四川", city="甘孜藏族自治州", district="石渠县"), "JTSD")
    assert (there.carrier, there.because.slots) == (None, {"place": "四川 甘孜藏族自治州 石渠县"})
    assert advised(parcel(province="西藏自治区")).carrier == "JTSD"


@pytest.mark.parametrize(
    ("said", "city"),
    [
        ("甘孜", "甘孜藏族自治州"),
        ("大理", "大理白族自治州"),
        ("伊犁", "伊犁哈萨克自治州"),
        ("红河州", "红河哈尼族彝族自治州"),
        ("黔东南苗族侗族自治州", "黔东南州"),
    ],
)
def test_a_place_is_the_same_with_and_without_the_people_it_belongs_to(said: str, city: str) -> None:
    coverage = Coverage([OutOfRange("YTO", "某省", said)])

    assert coverage.gap("YTO", "某省", city, "") is not None
    assert coverage.gap("YTO", "某省", "昆明市", "") is None


@pytest.mark.parametrize(
    ("said", "district"), [("东乡", "东乡族自治县"), ("鄂温克族", "鄂温克族自治旗"), ("积石山", "积石山保安族东乡族撒拉族自治县"), ("三江县", "三江侗族自治县")]
)
def test_so_is_a_district(said: str, district: str) -> None:
    assert Coverage([OutOfRange("YTO", "某省", "某市", said)]).gap("YTO", "某省", "某市", district) is not None


def test_a_known_price_goes_before_an_unknown_one() -> None:
    STALLS["SF"] = Chance(0.0, 0.0, 0.1, 9)

    assert advised(parcel(), "SF", "JTSD").carrier == "JTSD"
    assert advised(parcel(), "SF").carrier == "SF"


def test_what_was_promised_to_the_buyer_goes_before_everything() -> None:
    found = advised(parcel(promised="JTSD"), experiments=(trial(shares={"ZTO": WHOLE}),))

    assert (found.carrier, found.experiment_no) == ("JTSD", None)


def test_an_experiment_goes_before_the_recommendation_where_it_runs() -> None:
    assert (advised(parcel(), experiments=(trial(),)).carrier, advised(parcel(), experiments=(trial(),)).experiment_no) == ("JTSD", 4)
    assert advised(parcel(), experiments=(trial(provinces=("广东",)),)).carrier == "YTO"
    assert advised(parcel(), experiments=(trial(ended_at=NOW),)).carrier == "YTO"
    assert advised(parcel(province="四川", city="甘孜藏族自治州"), experiments=(trial(),)).carrier == "ZTO"


def test_without_carriers_it_says_what_to_do() -> None:
    found = advise(parcel(), 1, (), prices=PRICES, coverage=COVERAGE, known=known, worth=Worth(Fen(0), Fen(0)), now=NOW)

    assert (found.carrier, found.because.text) == (None, "No carrier is named for this shop. Name those it works with under Carriers.")


@pytest.mark.parametrize(("weight_g", "fen"), [(1, 280), (1000, 280), (1001, 360), (2000, 360), (2001, 440), (12_500, 1240)])
def test_each_kilogram_begun_costs(weight_g: int, fen: int) -> None:
    assert PRICES.price("YTO", "浙江省", weight_g) == fen


def test_a_price_for_everywhere_stands_in() -> None:
    assert PRICES.price("YTO", "广东省", 500) == 420
    assert PRICES.price("YTO", None, 500) == 420
    assert PRICES.price("SF", "广东省", 500) is None


@pytest.mark.parametrize(
    ("name", "short"), [("浙江省", "浙江"), ("新疆维吾尔自治区", "新疆"), ("北京市", "北京"), ("内蒙古自治区", "内蒙古"), ("上海", "上海"), (" 西藏 ", "西藏")]
)
def test_a_province_is_one_however_it_is_written(name: str, short: str) -> None:
    assert short_province(name) == short


@given(st.text(min_size=1, max_size=20))
def test_an_order_always_draws_the_same(order_no: str) -> None:
    shared = trial(shares={"YTO": 3000, "ZTO": 3000})

    assert drawn(shared, 1, order_no) == drawn(shared, 1, order_no)
    assert drawn(shared, 1, order_no) in {"YTO", "ZTO", None}


def test_shares_come_out_as_they_were_given() -> None:
    shared = trial(shares={"YTO": 3000, "ZTO": 1000})

    drew = [drawn(shared, 1, f"260301-{number:015d}") for number in range(10_000)]

    assert 2850 < drew.count("YTO") < 3150
    assert 900 < drew.count("ZTO") < 1100
    assert 5800 < drew.count(None) < 6200
