"""How far a shop is from the restriction, counted in whole parcels, and which carrier or route brings it there."""

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.parcels.rate import CategoryMean, Tally, reach, summed, to_stop


def restricted(tally: Tally, mean: CategoryMean, percent: int) -> bool:
    """The rule in its own words, by fractions alone: both above so many times the mean."""
    over_share = tally.abnormal * 100 * 1_000_000 > mean.share_ppm * percent * tally.parcels
    return over_share and (mean.orders is None or tally.abnormal * 100 > mean.orders * percent)


def test_two_of_a_hundred_are_eight_more_from_ten_percent() -> None:
    found = reach(Tally(100, 2), CategoryMean(20_000, None), 500)

    assert (found.left, found.is_restricted, found.limit_share, found.good_needed) == (9, False, 0.1, 0)


def test_at_the_very_limit_one_more_is_needed() -> None:
    assert reach(Tally(100, 10), CategoryMean(20_000, None), 500).left == 1


def test_the_number_must_lie_above_its_limit_too() -> None:
    found = reach(Tally(100, 20), CategoryMean(20_000, 6), 500)

    assert (found.left, found.is_restricted, found.limit_orders) == (11, False, 30)


def test_it_tells_how_many_sound_parcels_bring_the_share_back() -> None:
    found = reach(Tally(100, 20), CategoryMean(20_000, None), 500)

    assert (found.is_restricted, found.left, found.good_needed) == (True, 0, 100)


@given(st.integers(1, 3000), st.integers(0, 400), st.integers(1, 100_000), st.none() | st.integers(0, 60), st.sampled_from([300, 500, 750]))
def test_it_counts_as_trying_one_by_one_does(parcels: int, abnormal: int, share_ppm: int, orders: int | None, percent: int) -> None:
    tally, mean = Tally(parcels, min(abnormal, parcels)), CategoryMean(share_ppm, orders)

    found = reach(tally, mean, percent)

    more = 0
    while more < 4000 and not restricted(Tally(parcels, tally.abnormal + more), mean, percent):
        more += 1
    assert (found.left, found.is_restricted) == ((more, more == 0) if more < 4000 else (found.left, False))


@given(st.integers(1, 2000), st.integers(1, 300), st.integers(1, 50_000))
def test_the_sound_parcels_needed_are_just_enough(parcels: int, abnormal: int, share_ppm: int) -> None:
    tally, mean = Tally(parcels, min(abnormal, parcels)), CategoryMean(share_ppm, None)

    needed = reach(tally, mean, 500).good_needed

    assert not restricted(Tally(parcels + needed, tally.abnormal), mean, 500)
    assert needed == 0 or restricted(Tally(parcels + needed - 1, tally.abnormal), mean, 500)


def test_it_names_the_carrier_that_is_certainly_worse_and_what_the_shop_were_without_it() -> None:
    carriers = {"圆通": Tally(400, 8), "极兔": Tally(200, 30), "中通": Tally(300, 7)}

    stops = to_stop(summed(carriers.values()), {"carrier": carriers})

    assert [(stop.name, stop.rest) for stop in stops] == [("极兔", Tally(700, 15))]


def test_it_names_none_where_chance_may_have_done_it() -> None:
    carriers = {"圆通": Tally(40, 1), "极兔": Tally(20, 2)}

    assert to_stop(summed(carriers.values()), {"carrier": carriers}) == ()


def test_it_names_none_where_all_went_with_one() -> None:
    assert to_stop(Tally(100, 50), {"carrier": {"极兔": Tally(100, 50)}}) == ()
