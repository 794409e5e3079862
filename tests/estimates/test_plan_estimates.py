"""What plans and carrier choice learn: spans with what has not ended yet, thin data that lean on wider ones, orders to be expected."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.estimates.arrivals import learn_arrivals
from zhanggui.estimates.carriers import Route, RouteBook
from zhanggui.estimates.pickup_lag import Lag, LagBook, binned
from zhanggui.estimates.product_limit import Sample, interval, leaning, product_limit

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_it_gives_the_textbook_curve() -> None:
    # remission of leukaemia under 6-MP (Freireich 1963), the example every textbook of survival analysis works through
    ended, censored = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)

    curve = product_limit([Sample(each) for each in ended] + [Sample(each, happened=False) for each in censored], 21)

    assert [round(over, 3) for over in curve.over] == [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    assert (curve.quantile(0.5), curve.quantile(0.6), curve.weight) == (23, None, 21)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)), min_size=1, max_size=20))
def test_without_open_ends_it_is_the_share_seen(pairs: list[tuple[int, int]]) -> None:
    curve = product_limit([Sample(minutes, float(count)) for minutes, count in pairs], 1)
    whole = sum(count for _, count in pairs)

    for minutes, _ in pairs:
        assert curve.within(minutes).p == pytest.approx(sum(count for each, count in pairs if each <= minutes) / whole)


@given(st.floats(0, 1), st.floats(1, 1000))
def test_bounds_hold_the_share_and_narrow_with_more(p: float, weight: float) -> None:
    low, high = interval(p, weight)
    narrower = interval(p, weight * 4)

    assert 0 <= low <= p + 1e-9
    assert p - 1e-9 <= high <= 1
    assert narrower[1] - narrower[0] < high - low


def test_the_bounds_hold_as_often_as_they_say() -> None:
    dice, held = Random(3), 0
    for _ in range(2_000):
        seen = sum(dice.random() < 0.9 for _ in range(40))
        low, high = interval(seen / 40, 40)
        held += low <= 0.9 <= high

    assert 0.86 < held / 2_000 < 0.95


def test_few_samples_lean_on_wider_ones_and_many_do_not() -> None:
    wide = [Sample(600, 100.0)]

    few, many = leaning([Sample(60, 1.0)], (wide, 9.0)), leaning([Sample(60, 991.0)], (wide, 9.0))

    assert (round(few.within(60).p, 3), round(many.within(60).p, 3)) == (0.1, 0.991)
    assert (few.seen, many.seen) == (1, 991)
    assert (few.weight, many.weight) == (10.0, 1000.0)


def test_lags_are_put_together_by_the_hour_of_the_visit() -> None:
    made = binned(
        [
            ("YTO", NOON, NOON + timedelta(minutes=31), NOON),
            ("YTO", NOON, NOON + timedelta(minutes=45), NOON),
            ("YTO", NOON, NOON - timedelta(minutes=9), NOON),
            ("YTO", NOON, None, NOON + timedelta(hours=2)),
        ]
    )

    assert made == (Lag("YTO", 12, 0, True, 1), Lag("YTO", 12, 45, True, 2), Lag("YTO", 12, 120, False, 1))


def test_an_hour_of_many_parcels_stands_for_itself_and_a_strange_carrier_is_only_assumed() -> None:
    book = LagBook([Lag("YTO", 12, 60, True, 500), Lag("YTO", 18, 900, True, 500)])

    assert book.chance("YTO", NOON, NOON + timedelta(hours=1)).p > 0.96
    assert book.chance("YTO", NOON + timedelta(hours=6), NOON + timedelta(hours=7)).p < 0.03
    strange = book.chance("SF", NOON, NOON + timedelta(hours=24))
    assert strange.seen == 0
    assert strange.high - strange.low > 0.2


def test_without_any_parcel_half_are_scanned_within_three_hours_and_nothing_is_certain() -> None:
    curve = LagBook([]).curve("YTO", 12)

    assert curve.quantile(0.5) == 180
    assert [round(curve.within(hours * 60).p, 2) for hours in (12, 24, 48)] == [0.95, 0.98, 0.98]


def test_a_province_of_few_parcels_leans_on_the_carrier() -> None:
    book = RouteBook([Route("YTO", "浙江", 400, 8, ((2880, True, 400),)), Route("YTO", "西藏", 2, 2, ((8640, True, 2),))])

    few, many = book.stalls("YTO", "西藏"), book.stalls("YTO", "浙江")

    assert 0.1 < few.p < 0.2
    assert many.p == pytest.approx(0.02, abs=0.003)
    assert few.low <= few.p <= few.high
    assert (few.seen, many.seen) == (2, 400)
    assert few.high - few.low > many.high - many.low
    assert (book.transit("YTO", "浙江").quantile(0.5), book.transit("YTO", "广东").quantile(0.5)) == (2880, 2880)


def test_a_carrier_nobody_has_seen_is_only_assumed() -> None:
    assert RouteBook([]).stalls("YTO", "浙江").p == pytest.approx(0.03)
    assert RouteBook([]).stalls("YTO", "浙江").seen == 0


def test_orders_are_expected_by_weekday_and_hour() -> None:
    first, today = date(2026, 2, 2), date(2026, 3, 2)  # Mondays
    counts = {(first + timedelta(days=number), 20): 30 if number % 7 == 5 else 10 for number in range(28)}

    learnt = learn_arrivals(counts, first, today)

    saturday, monday = learnt.at(date(2026, 3, 7), 20), learnt.at(today, 20)
    assert 20 < saturday.mean < 30
    assert 10 <= monday.mean < 13
    assert monday.low < 10 < monday.high
    assert learnt.at(today, 3).mean == 0
    assert learnt.together([monday.mean, 0.0]) == monday
    assert learnt.days == 28


@given(st.dictionaries(st.tuples(st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.integers(0, 23)), st.integers(0, 200), max_size=30))
@settings(max_examples=30)
def test_nothing_is_expected_below_nothing(counts: dict[tuple[date, int], int]) -> None:
    learnt = learn_arrivals(counts, date(2026, 1, 1), date(2026, 2, 2))

    for hour in range(24):
        found = learnt.at(date(2026, 2, 2), hour)
        assert 0 <= found.low <= found.mean <= found.high


def test_a_new_shop_expects_nothing() -> None:
    learnt = learn_arrivals({}, date(2026, 3, 2), date(2026, 3, 2))

    assert (learnt.at(date(2026, 3, 2), 20).mean, learnt.days) == (0.0, 0)
