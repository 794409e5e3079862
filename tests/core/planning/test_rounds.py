"""The rounds found are the best there are: held against every plan there is, each followed order by order."""

from collections.abc import Sequence
from itertools import combinations, permutations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhanggui.core.planning.rounds import Chosen, Lot, Rounds, Shop, Slot, cost_of_packing

steps = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)), max_size=4).map(
    lambda pairs: tuple(zip(sorted({at for at, _ in pairs}), sorted(cost for _, cost in pairs), strict=False))
)


@st.composite
def lots(draw: st.DrawFn) -> Lot:
    own = draw(steps)
    left = max([draw(st.integers(0, 40)), *(cost for _, cost in own)])
    safe = draw(st.sampled_from([None, *(until for until, _ in own)]))
    return Lot(draw(st.integers(0, 40)), draw(st.integers(1, 4)), own, left, safe)


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[Lot], list[Slot], Shop, int]:
    places = sorted(draw(st.sets(st.integers(0, 50), min_size=1, max_size=6)))
    slots = [Slot(at, 0 if at < 25 else 1) for at in places]
    shop = Shop(draw(st.integers(0, 6)), draw(st.integers(1, 5)), draw(st.integers(0, 8)), draw(st.integers(1, 3)))
    return draw(st.lists(lots(), max_size=6)), slots, shop, draw(st.integers(0, 20))


@given(shops())
@settings(max_examples=150, deadline=None)
@example(([Lot(0, 1, (), 0, None)], [Slot(0, 0)], Shop(0, 1, 0, 1), 0))
def test_no_other_plan_costs_less(case: tuple[list[Lot], list[Slot], Shop, int]) -> None:
    every, slots, shop, busy = case

    found = Rounds(every, slots, shop, busy).best()

    assert found.cost == min(told(every, slots, shop, busy, plan) for plan in plans(slots, shop))
    assert found.cost == told(every, slots, shop, busy, found.slots)


@given(shops())
@settings(max_examples=60, deadline=None)
def test_it_counts_what_given_rounds_cost_as_following_each_order_does(case: tuple[list[Lot], list[Slot], Shop, int]) -> None:
    every, slots, shop, busy = case

    search = Rounds(every, slots, shop, busy)

    assert [search.cost_of(plan) for plan in plans(slots, shop)] == [told(every, slots, shop, busy, plan, empty=True) for plan in plans(slots, shop)]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_no_other_order_of_packing_saves_more(deadlines: list[int], each: int) -> None:
    alone = [Lot(0, 1, ((until, 0),), 1, until) for until in deadlines]

    late = cost_of_packing(sorted(alone, key=lambda lot: lot.safe_until or 0), 0, each)

    assert late == min(sum((number + 1) * each > until for number, until in enumerate(order)) for order in permutations(deadlines))


def test_it_prints_once_where_a_second_round_saves_less_than_it_costs() -> None:
    early, late = Lot(0, 5, ((30, 0),), 10, 30), Lot(10, 1, ((40, 0),), 10, 40)

    dear = Rounds([early, late], [Slot(0, 0), Slot(12, 0)], Shop(2, 1, 11, 4), 0).best()
    cheap = Rounds([early, late], [Slot(0, 0), Slot(12, 0)], Shop(2, 1, 9, 4), 0).best()

    assert dear == Chosen((1,), 11)
    assert cheap == Chosen((1,), 9)


def test_it_prints_twice_where_the_first_pickup_comes_before_the_second_orders() -> None:
    early, late = Lot(0, 5, ((10, 0),), 10, 10), Lot(12, 5, ((40, 0),), 10, 40)

    assert Rounds([early, late], [Slot(0, 0), Slot(12, 0)], Shop(2, 1, 11, 4), 0).best() == Chosen((0, 1), 22)


def test_it_prints_nothing_where_nothing_is_gained() -> None:
    assert Rounds([Lot(0, 3, ((5, 7),), 7, None)], [Slot(0, 0)], Shop(2, 1, 1, 4), 0).best() == Chosen((), 21)


def plans(slots: Sequence[Slot], shop: Shop) -> list[tuple[int, ...]]:
    """Every set of rounds that keeps to the most a day."""
    every = [plan for size in range(len(slots) + 1) for plan in combinations(range(len(slots)), size)]
    return [plan for plan in every if all(sum(slots[number].day == day for number in plan) <= shop.most_a_day for day in (0, 1))]


def told(every: Sequence[Lot], slots: Sequence[Slot], shop: Shop, busy: int, plan: Sequence[int], *, empty: bool = False) -> int:
    """What a plan costs, each order followed by itself. A round that prints nothing is no round, unless it is asked for."""
    orders = [(lot, number) for lot in every for number in range(lot.count)]
    cost, at = 0, busy
    for slot in plan:
        printed = [order for order in orders if order[0].ready <= slots[slot].at]
        orders = [order for order in orders if order[0].ready > slots[slot].at]
        if not printed and not empty:
            return 10**9
        at = max(at, slots[slot].at) + shop.setup
        cost += shop.round_cost
        waiting = sorted(printed, key=lambda order: (order[0].safe_until is None, order[0].safe_until or 0, -order[0].left))
        late = []
        for lot, _ in waiting:
            if lot.safe_until is not None and at + shop.each <= lot.safe_until:
                at += shop.each
                cost += lot.cost(at)
            else:
                late.append(lot)
        for lot in late:
            at += shop.each
            cost += lot.cost(at)
    return cost + sum(lot.left for lot, _ in orders)
