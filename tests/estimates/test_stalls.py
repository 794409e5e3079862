"""What is learnt of how parcels stall foresees what comes, says how surely, and is drawn towards the mean where little was seen."""

import gzip
import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.estimates.ways import BEGAN, emulated_legs, emulated_ways, parcel
from zhanggui import rulebook
from zhanggui.core.moments import from_shanghai
from zhanggui.core.parcels.legs import FIRST_HOP, TRANSIT, Leg, Limits, current_leg, legs_of, limits_of
from zhanggui.core.scantext import read_way
from zhanggui.estimates.stall_model import StallModel
from zhanggui.estimates.stalls import LEAST_LEGS, Report, learn, wilson

RULES = rulebook.load()


@pytest.fixture(scope="module")
def learnt() -> tuple[StallModel, Report]:
    """What 800 emulated parcels taught."""
    legs, limits, until = emulated_legs(800)
    made = learn(legs, limits, until)
    assert made is not None
    return made


def leg(carrier: str, province: str, waited: float = 0.0, step: str = TRANSIT, limit: float = 48.0) -> Leg:
    return Leg(step, carrier, province, BEGAN, 10, waited, False, limit)


def test_it_foresees_better_than_the_mean_and_is_calibrated(learnt: tuple[StallModel, Report]) -> None:
    report = learnt[1]

    assert report.tested > 1500
    assert report.brier is not None
    assert report.brier_plain is not None
    assert report.ece is not None
    assert report.brier < 0.9 * report.brier_plain
    assert report.ece < 0.015


def test_it_is_right_band_by_band_as_far_as_chance_allows(learnt: tuple[StallModel, Report]) -> None:
    bands = [band for band in learnt[1].bands if band.legs >= 30]

    # a fresh month of the same world: what was foreseen lies between the bounds of what came, with a little room for the months being two
    off = [band for band in bands if not band.low - 0.03 <= band.foreseen <= band.high + 0.03]

    assert len(bands) >= 4
    assert off == []


def test_it_tells_the_bad_route_from_the_good_ones(learnt: tuple[StallModel, Report]) -> None:
    model = learnt[0]

    bad, good = model.chance(leg("极兔速递", "新疆维吾尔自治区")), model.chance(leg("圆通快递", "广东省"))

    assert bad.low > good.p
    assert bad.p > 3 * good.p


def test_the_longer_a_parcel_is_silent_the_likelier_it_stalls(learnt: tuple[StallModel, Report]) -> None:
    chances = [learnt[0].chance(leg("圆通快递", "浙江省", waited)).p for waited in (0, 12, 16, 20, 30, 47)]

    assert chances[0] < 0.02
    assert chances[-1] > 0.6
    assert all(later >= earlier - 0.02 for earlier, later in itertools.pairwise(chances))
    assert learnt[0].chance(leg("圆通快递", "浙江省", 48.0)).p == 1.0


def test_a_carrier_nobody_knows_is_judged_as_all_are_and_less_surely(learnt: tuple[StallModel, Report]) -> None:
    model = learnt[0]

    known, unknown = model.chance(leg("圆通快递", "浙江省")), model.chance(leg("顺丰速运", "西藏自治区"))

    assert 0.3 * known.p < unknown.p < 6 * known.p
    assert unknown.high / unknown.low > known.high / known.low


def test_three_bad_parcels_condemn_nobody() -> None:
    legs, limits, until = emulated_legs(80)
    few = [Leg(TRANSIT, "安能物流", "浙江省", until - timedelta(days=9, hours=number), 10, 60.0, False, 48.0) for number in range(3)]
    made = learn([*legs, *few], limits, until)
    assert made is not None

    chance = made[0].chance(leg("安能物流", "浙江省"))

    assert chance.p < 0.2
    assert chance.low < 0.02


def test_asking_without_bounds_says_the_same(learnt: tuple[StallModel, Report]) -> None:
    one = leg("中通快递", "广东省", 7.5)

    assert learnt[0].likely(one) == pytest.approx(learnt[0].chance(one).p)


def test_it_is_the_same_after_it_was_stored(learnt: tuple[StallModel, Report]) -> None:
    model = learnt[0]

    again = msgspec.msgpack.decode(msgspec.msgpack.encode(model), type=StallModel)

    assert again.chance(leg("极兔速递", "浙江省", 9.0)) == model.chance(leg("极兔速递", "浙江省", 9.0))


def test_a_way_is_likelier_to_stall_than_any_of_its_steps(learnt: tuple[StallModel, Report]) -> None:
    model = learnt[0]
    steps = [(leg("极兔速递", "广东省"), 4.0), (leg("极兔速递", "广东省", step=FIRST_HOP, limit=24.0), 1.0)]

    whole = model.at_any(steps)

    assert whole.low < whole.p < whole.high
    assert whole.p == pytest.approx(1 - (1 - model.chance(steps[0][0]).p) ** 4 * (1 - model.chance(steps[1][0]).p))


def test_it_does_not_learn_from_too_little() -> None:
    legs, limits, until = emulated_legs(6)

    assert len(legs) < LEAST_LEGS
    assert learn(legs, limits, until) is None


def test_it_learns_where_nothing_ever_stalled() -> None:
    legs, limits, until = emulated_legs(80)
    made = learn([one for one in legs if one.stalled is False], limits, until)
    assert made is not None

    assert made[0].chance(leg("圆通快递", "浙江省")).p < 0.02


def test_it_does_not_take_the_quick_ones_of_the_last_days_for_all() -> None:
    limits = Limits((("in_transit", 48.0),), 24.0)
    until = BEGAN + timedelta(days=30)
    old = [Leg(TRANSIT, "圆通", "浙江", BEGAN + timedelta(hours=number), 10, 10.0 if number % 5 else 60.0, bool(number % 5), 48.0) for number in range(400)]
    young = [Leg(TRANSIT, "圆通", "浙江", until - timedelta(hours=12), 10, 10.0, True, 48.0) for _ in range(400)]
    made = learn([*old, *young], limits, until)
    assert made is not None

    assert made[1].legs == 400
    assert 0.15 < made[0].chance(leg("圆通", "浙江")).p < 0.25


def test_the_legs_of_real_parcels_are_those_a_person_counts(data: Path) -> None:
    with gzip.open(data / "parcel_traces.jsonl.gz", "rt", encoding="utf-8") as lines:
        told = {one["trace_id"]: one for one in map(json.loads, lines)}
    limits = limits_of(RULES, BEGAN)
    ways = {name: read_way([(from_shanghai(datetime.fromisoformat(event["time"])), event["text"]) for event in one["events"]]) for name, one in told.items()}
    legs = {
        name: list(
            legs_of(
                parcel(name, told[name]["carrier"], "", way[0].at), [(event.at, event.stage) for event in way if event.stage != "unknown"], limits, way[-1].at
            )
        )
        for name, way in ways.items()
    }

    stalled = {name: [(one.step, round(one.waited)) for one in found if one.stalled] for name, found in legs.items()}

    # T02: picked up, then eight legs until the pickup point, where none runs; T04 seven
    assert (len(legs["T02"]), len(legs["T04"])) == (8, 7)
    # silent for a day and more, as the data's own notes tell; none beyond the limit of two days
    assert {name: found for name, found in stalled.items() if found} == {}
    long = {name: max(int(one.waited) for one in found) for name, found in legs.items() if any(one.waited > 25 for one in found)}
    assert long == {"T03": 34, "T16": 28, "T19": 29, "T23": 27, "T24": 25, "T26": 31, "T27": 33, "T28": 30, "T30": 29}


def test_a_parcel_that_waits_for_its_buyer_is_on_no_leg() -> None:
    way = next(way for way in emulated_ways(40, BEGAN, BEGAN + timedelta(days=30)) if any(stage.value == "ready_for_pickup" for _, stage, _ in way.told))
    told = [(at, stage) for at, stage, _ in way.told]
    waits = next(place for place, (_, stage) in enumerate(told) if stage.value == "ready_for_pickup")
    one, limits = parcel("1", way.carrier, way.province, way.shipped_at), limits_of(RULES, BEGAN)

    before, after = told[:waits], told[: waits + 1]

    assert current_leg(one, after, limits, told[waits][0] + timedelta(hours=1)) is None
    on = current_leg(one, before, limits, before[-1][0] + timedelta(hours=1))
    assert on is not None
    assert (on.waited, on.is_followed) == (1.0, False)


def test_the_bounds_of_a_share_are_those_of_the_books() -> None:
    low, high = wilson(5, 50)

    assert (round(low, 4), round(high, 4)) == (0.0435, 0.2136)
