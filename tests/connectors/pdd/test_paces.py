"""Our own pace: below the platform's, per shop and per application, and one shop never waits for another's bucket."""

import threading

import pytest

from zhanggui.connectors.pdd.paces import Limit, Limits, Paces, limits_in, usual_limits

METHOD = "pdd.refund.list.increment.get"


class Stopwatch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def paces(watch: Stopwatch, *limits: Limit, share: float = 1.0, burst: float = 0.5) -> Paces:
    return Paces(Limits(limits, share, burst), watch)


def taken(pace: Paces, shop: str = "a", most: int = 1000) -> int:
    """How many calls go at once."""
    return next((count for count in range(most) if pace.take(METHOD, "app", shop) > 0), most)


def test_it_lets_a_burst_through_and_then_says_how_long_to_wait() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 10, 10.0))

    assert taken(pace) == 5
    assert pace.take(METHOD, "app", "a") == pytest.approx(2.0)
    watch.now += 2.0
    assert taken(pace) == 1


def test_it_never_lets_more_through_than_the_platform_allows_in_any_stretch() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 100, 10.0), share=0.8, burst=0.25)

    times: list[float] = []
    for _ in range(4000):
        if pace.take(METHOD, "app", "a") <= 0:
            times.append(watch.now)
        watch.now += 0.01

    assert max(sum(1 for at in times if start <= at < start + 10) for start in times) <= 80


def test_it_keeps_the_shops_apart_and_the_application_together() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 4, 10.0), Limit(METHOD, "app", 6, 10.0))

    assert taken(pace, "a") == 2
    assert taken(pace, "b") == 1
    assert pace.take(METHOD, "other app", "b") == 0


def test_it_takes_nothing_from_one_bucket_when_another_is_empty() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 2, 10.0), Limit(METHOD, "app", 6, 10.0))

    assert taken(pace, "a") == 1
    assert [pace.take(METHOD, "app", "a") > 0 for _ in range(10)] == [True] * 10
    assert taken(pace, "b") == 1


def test_it_holds_a_bucket_that_the_platform_found_too_full() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 100, 1.0))

    pace.hold(METHOD, "app", "a", 3.0)

    assert pace.take(METHOD, "app", "a") == pytest.approx(3.0)
    assert pace.take(METHOD, "app", "b") == 0
    watch.now += 3.0
    assert pace.take(METHOD, "app", "a") == 0


def test_it_uses_the_general_limit_only_for_methods_without_their_own() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit("*", "shop", 2, 10.0), Limit(METHOD, "shop", 8, 10.0))

    assert taken(pace) == 4
    assert [pace.take("pdd.other", "app", "a") > 0 for _ in range(2)] == [False, True]
    assert pace.take("pdd.without.a.shop", "app", "") == 0


def test_it_counts_right_when_many_threads_take() -> None:
    watch = Stopwatch()
    pace = paces(watch, Limit(METHOD, "shop", 400, 10.0))
    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(sum(pace.take(METHOD, "app", "a") <= 0 for _ in range(100)))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(got) == 200


def test_it_knows_the_platform_s_figures() -> None:
    limits = usual_limits()

    assert Limit("pdd.refund.list.increment.get", "shop", 100, 10.0) in limits.limit
    assert {limit.per for limit in limits.limit} == {"shop", "app", "all"}
    assert 0 < limits.share <= 0.9


def test_it_refuses_limits_that_are_none() -> None:
    with pytest.raises(ValueError, match="limit"):
        limits_in("checked = 2026-11-21")
