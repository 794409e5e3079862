"""The plan of a day in moments and money, held against a shop that is followed order by order, closed hours, visits and all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance
from zhanggui.core.planning.hours import OpenHours, WorkLine, on_day
from zhanggui.core.planning.latest import Latest, Queue, latest
from zhanggui.core.planning.missing import Why, missing_at
from zhanggui.core.planning.plan import Proposal, propose
from zhanggui.core.planning.rounds import MILLI
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.planning.work import Ground, ToShip, stairs

DAY = date(2026, 3, 2)
NOW = on_day(DAY, "09:00")
TERMS = PlanTerms(
    hours=OpenHours("09:00", "12:00"), people=1, pack_seconds=600, print_seconds=1, setup_minutes=20, round_fen=Fen(50), day_fen=Fen(24), slot_minutes=60
)
VISITS = {"YTO": [on_day(DAY + timedelta(days=number), clock) for number in range(4) for clock in ("10:30", "12:30")]}


def scanned(carrier: str, at: datetime, due_at: datetime) -> Chance:
    """Half of what is taken is scanned at once, four in five within six hours, all within a day."""
    waits = due_at - at
    p = 0.0 if waits < timedelta(0) else 0.5 if waits < timedelta(hours=6) else 0.8 if waits < timedelta(hours=24) else 1.0
    return Chance(p, max(0.0, p - 0.1), min(1.0, p + 0.1), 30)


def order(no: str, due: datetime, *, ready: datetime = NOW, risk: int = 300, count: int = 1, needs_pickup: bool = True) -> ToShip:
    return ToShip(order_no=no, ready_at=ready, due_at=due, at_risk=Fen(risk), carrier="YTO", count=count, needs_pickup=needs_pickup)


def planned(*orders: ToShip, now: datetime = NOW, busy: int = 0, terms: PlanTerms = TERMS) -> Proposal:
    made = propose(orders, VISITS, scanned, terms, now, busy=busy)
    assert made is not None
    return made


def ground(now: datetime = NOW) -> Ground:
    return Ground(WorkLine([(max(start, now), end) for start, end in TERMS.hours.windows(DAY, 4)]), VISITS, scanned, TERMS, now)


orders = st.lists(
    st.builds(
        lambda due, ready, risk, needs: (due, ready, risk, needs),
        st.integers(0, 60),
        st.sampled_from([0, 0, 0, 70, 130]),
        st.sampled_from([0, 300, 500]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(orders, st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_no_other_times_of_printing_lose_less(told: list[tuple[int, int, int, bool]], busy: int) -> None:
    listed = [
        order(str(number), NOW + timedelta(hours=due), ready=NOW + timedelta(minutes=ready), risk=risk, needs_pickup=needs)
        for number, (due, ready, risk, needs) in enumerate(told)
    ]

    made = planned(*listed, busy=busy)

    plans = [plan for size in range(4) for plan in combinations(made.slots, size)]
    chosen = tuple(each.print_at for each in made.rounds)
    assert followed(listed, chosen, busy) == min(followed(listed, plan, busy) for plan in plans)


@given(orders)
@settings(max_examples=40, deadline=None)
def test_packing_an_order_later_never_costs_less(told: list[tuple[int, int, int, bool]]) -> None:
    for due, ready, risk, needs in told:
        own = stairs(order("1", NOW + timedelta(hours=due), ready=NOW + timedelta(minutes=ready), risk=risk, needs_pickup=needs), ground())

        costs = [each.cost for each in own.leavings]
        assert costs == sorted(costs)
        assert not costs or costs[-1] <= own.left


def followed(listed: Sequence[ToShip], plan: Sequence[datetime], busy: int) -> float:
    """What a plan costs in fen, each order packed, waiting for its best visit, and scanned or not, in moments alone."""
    free = worked_on(NOW, busy * timedelta(minutes=10))
    waiting, cost = list(listed), 0.0
    for print_at in plan:
        printed = [each for each in waiting if each.ready_at <= print_at]
        waiting = [each for each in waiting if each.ready_at > print_at]
        if not printed:
            return 1e9
        cost += TERMS.round_fen
        free = worked_on(max(free, print_at), timedelta(minutes=20))
        rest = []
        for each in sorted(printed, key=lambda one: (safe_until(one) is None, safe_until(one) or NOW, -left_cost(one))):
            packed, last = worked_on(free, timedelta(minutes=10)), safe_until(each)
            if last is not None and packed <= last:
                cost, free = cost + costs_at(each, packed), packed
            else:
                rest.append(each)
        for each in rest:
            free = worked_on(free, timedelta(minutes=10))
            cost += costs_at(each, free)
    return round(cost + sum(left_cost(each) for each in waiting), 2)


def worked_on(at: datetime, length: timedelta) -> datetime:
    """The moment at which so much working time has passed."""
    day = at.astimezone(NOW.tzinfo).date()
    while True:
        opens, closes = on_day(day, "09:00"), on_day(day, "12:00")
        begins = max(at, opens)
        if length <= timedelta(0):
            return at
        if begins < closes and begins + length <= closes:
            return begins + length
        length -= max(timedelta(0), closes - begins)
        day += timedelta(days=1)


END = on_day(DAY + timedelta(days=1), "12:00")
BEYOND = on_day(DAY + timedelta(days=1), "12:30")


def chance(each: ToShip, at: datetime) -> float:
    if at > each.due_at:
        return 0.0
    return scanned("YTO", at, each.due_at).p if each.needs_pickup else 1.0


def money(each: ToShip, at: datetime) -> float:
    waits = (at - max(NOW, each.ready_at)) // timedelta(minutes=1)
    return each.at_risk * (1 - chance(each, at)) + (TERMS.day_fen * MILLI * waits // 1440) / MILLI


def left_cost(each: ToShip) -> float:
    return money(each, BEYOND)


def reachable(each: ToShip) -> list[datetime]:
    return [at for at in VISITS["YTO"] if max(NOW, each.ready_at) <= at <= END]


def safe_until(each: ToShip) -> datetime | None:
    return max((at for at in reachable(each) if chance(each, at) >= TERMS.safe), default=None)


def costs_at(each: ToShip, packed: datetime) -> float:
    return min([money(each, at) for at in reachable(each) if at >= packed] + [left_cost(each)])


def test_it_prints_in_time_for_the_pickup_whose_scan_comes_in_time() -> None:
    made = planned(order("A", on_day(DAY + timedelta(days=1), "11:00")))

    assert [(each.print_at, each.orders, each.done_at) for each in made.rounds] == [(NOW, 1, on_day(DAY, "09:30"))]
    assert [(fate.leaves_at, fate.chance.p) for fate in made.fates] == [(on_day(DAY, "10:30"), 1.0)]
    assert (made.loss, made.least, made.most, made.nothing) == (0, 0, 30, 300)


def test_it_counts_what_is_printed_and_not_packed_as_work_before_the_first_round() -> None:
    made = planned(order("A", on_day(DAY + timedelta(days=1), "11:00")), busy=8)

    assert [fate.leaves_at for fate in made.fates] == [on_day(DAY, "12:30")]


def test_expected_orders_take_room_and_are_not_counted_as_money_of_today() -> None:
    coming = order("", on_day(DAY + timedelta(days=1), "11:00"), count=4)

    made = planned(coming)

    assert [(each.orders, each.expected) for each in made.rounds] == [(0, 4)]
    assert (made.loss, made.nothing) == (0, 0)


def test_where_nobody_works_there_is_no_plan() -> None:
    assert propose([], {}, scanned, PlanTerms(hours=OpenHours(weekdays=())), NOW) is None


def told_latest(*counts: tuple[datetime, int], due: datetime, now: datetime = NOW) -> Latest:
    here = ground(now)
    queue: dict[int, int] = {}
    for at, count in counts:
        queue[here.line.place(at)] = queue.get(here.line.place(at), 0) + count
    return latest(order("A", due), here, Queue(queue, TERMS.shop))


def test_the_latest_safe_moment_leaves_time_to_set_up_and_pack() -> None:
    found = told_latest(due=on_day(DAY + timedelta(days=1), "11:00"))

    assert (found.at, found.leaves_at) == (on_day(DAY, "10:00"), on_day(DAY, "10:30"))


def test_others_that_are_due_as_early_bring_it_forward() -> None:
    due, visit = on_day(DAY + timedelta(days=1), "11:00"), on_day(DAY, "10:30")

    assert told_latest((visit, 4), due=due).at == on_day(DAY, "09:30")
    assert told_latest((visit, 1), (on_day(DAY, "12:30"), 10), due=due).at == on_day(DAY, "09:50")


def test_it_says_now_where_more_is_due_than_can_be_packed() -> None:
    found = told_latest((on_day(DAY, "10:30"), 40), due=on_day(DAY + timedelta(days=1), "11:00"))

    assert found.at == NOW
    assert "already takes longer" in found.because.text


def test_it_says_that_no_moment_is_safe_any_more() -> None:
    found = told_latest(due=on_day(DAY, "13:00"))

    assert (found.at, found.leaves_at, found.chance) == (None, on_day(DAY, "12:30"), Chance(0.5, 0.4, 0.6, 30))
    assert told_latest(due=on_day(DAY, "09:30")).leaves_at is None


def test_a_hand_over_leaves_behind_what_cannot_be_packed_or_is_scanned_too_late() -> None:
    tonight, tomorrow = order("A", on_day(DAY, "20:00")), order("B", on_day(DAY + timedelta(days=1), "11:00"))

    found = missing_at([tomorrow, tonight], on_day(DAY, "09:30"), ground())

    assert found.ready == 1
    assert [(each.number, each.why, each.chance.p, each.expected_loss) for each in found.missing] == [(1, Why.SCAN_TOO_LATE, 0.8, 60)]
    late = missing_at([tomorrow, tonight], on_day(DAY, "10:31"), ground(), busy=7)
    assert [(each.number, each.why) for each in late.missing] == [(1, Why.NOT_PACKED), (0, Why.NOT_PACKED)]
