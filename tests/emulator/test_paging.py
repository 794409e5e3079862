"""Reading a list from its last page back to its first while the world goes on: nothing is lost, if the window ends in the past."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emulator.caller import START_SECONDS, quiet
from zhanggui.emulator.world.buying import group_formed, place_order
from zhanggui.emulator.world.making import make_world
from zhanggui.emulator.world.orders import codes_of
from zhanggui.emulator.world.updates import UpdateLog
from zhanggui.emulator.world.world import World

EVERY = codes_of(5, 5)
STEPS = st.lists(st.tuples(st.sampled_from(["come", "touch", "read"]), st.integers(0, 1000)), max_size=60)


def come(world: World) -> None:
    group_formed(world, place_order(world))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 40), st.integers(1, 7), STEPS)
def test_no_order_is_lost_paging_backwards_through_a_closed_window(many: int, size: int, steps: list[tuple[str, int]]) -> None:
    world, ends = opened(many)
    page, read = pages_of(world, ends, size), set[int]()

    for deed, number in [*steps, *[("read", 0)] * (page + 1)]:
        world.now += 1
        if deed == "come":
            come(world)
        elif deed == "touch" and len(world.orders):
            world.touch(number % len(world.orders))
        elif deed == "read" and page >= 1:
            read |= page_of(world, ends, page, size)
            page -= 1

    later = set(world.order_log.newest_first(world.order_log.window(ends + 1, world.now), EVERY, 0, 1000))
    assert set(range(many)) <= read | later


def test_an_order_is_lost_when_the_window_is_still_open() -> None:
    world, _ = opened(2)
    ends = world.now + 600
    pages = pages_of(world, ends, 1)

    last = page_of(world, ends, pages, 1)
    come(world)
    first = page_of(world, ends, 1, 1)

    assert (last, first) == ({0}, {2})


def opened(many: int) -> tuple[World, int]:
    """A world with so many orders, and the moment of the last of them."""
    world = make_world(quiet(), 1, START_SECONDS)
    for _ in range(many):
        world.now += 1
        come(world)
    return world, world.now


def pages_of(world: World, ends: int, size: int) -> int:
    """How many pages the window has at the moment."""
    total = world.order_log.count(world.order_log.window(0, ends), EVERY)
    return (total + size - 1) // size


def page_of(world: World, ends: int, page: int, size: int) -> set[int]:
    """The rows on one page, as the window is at the moment."""
    return set(world.order_log.newest_first(world.order_log.window(0, ends), EVERY, (page - 1) * size, size))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.sampled_from([9, 17, 25]))), st.integers(0, 40), st.integers(0, 40))
def test_the_log_answers_like_a_plain_list(changes: list[tuple[int, int, int]], begins: int, length: int) -> None:
    log, latest, now = UpdateLog(), dict[int, tuple[int, int, int]](), 0
    for place, (thing, wait, code) in enumerate(changes):
        now += wait
        log.note(thing, now, code)
        latest[thing] = (place, now, code)
    fitting = [(place, thing) for thing, (place, at, code) in latest.items() if begins <= at <= begins + length and code in (9, 25)]
    expected = [thing for _, thing in sorted(fitting, reverse=True)]

    stretch = log.window(begins, begins + length)

    assert log.count(stretch, bytes([9, 25])) == len(expected)
    assert log.newest_first(stretch, bytes([9, 25]), 0, 100) == expected
    assert log.newest_first(stretch, bytes([9, 25]), 1, 2) == expected[1:3]
