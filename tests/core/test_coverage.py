"""Planned and read windows always cover what is to be covered, in whatever order and with whatever cut off; and no hole survives."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.coverage import SECOND, Reading, Span, cut, halves, holes, merged, parted, plan, settled_to, stretch_from

GOAL = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LONGEST, SETTLE, MARGIN = timedelta(minutes=30), timedelta(minutes=10), timedelta(minutes=3)


def span(begins: int, ends: int) -> Span:
    return Span(GOAL + begins * SECOND, GOAL + ends * SECOND)


SPANS = st.tuples(st.integers(-5000, 20000), st.integers(1, 6000)).map(lambda told: span(told[0], told[0] + told[1]))


def test_it_makes_touching_stretches_one() -> None:
    assert merged([span(5, 9), span(0, 3), span(3, 5), span(20, 30)]) == (span(0, 9), span(20, 30))


def test_it_finds_the_holes_between_what_is_covered() -> None:
    assert holes(span(0, 100), [span(-10, 10), span(40, 60), span(50, 70)]) == (span(10, 40), span(70, 100))
    assert holes(span(0, 100), [span(0, 100)]) == ()
    assert holes(span(0, 100), []) == (span(0, 100),)


def test_it_cuts_into_equal_pieces_that_touch() -> None:
    assert cut(span(0, 3700), LONGEST) == (span(0, 1233), span(1233, 2466), span(2466, 3700))
    assert cut(span(0, 1800), LONGEST) == (span(0, 1800),)


def test_it_relies_on_a_reading_only_where_the_read_side_had_caught_up() -> None:
    read_at = GOAL + timedelta(hours=1)
    late = Span(GOAL + timedelta(minutes=40), GOAL + timedelta(minutes=57))

    assert settled_to(Reading(Span(GOAL, GOAL + LONGEST), read_at, is_one_page=False), SETTLE) == GOAL + LONGEST
    assert settled_to(Reading(late, read_at, is_one_page=True), SETTLE) == GOAL + timedelta(minutes=50)
    assert settled_to(Reading(late, read_at, is_one_page=False), SETTLE) == late.begins


@given(st.lists(SPANS, max_size=12), st.lists(SPANS, max_size=6), SPANS)
def test_what_is_planned_fills_exactly_what_is_missing(settled: list[Span], pending: list[Span], target: Span) -> None:
    planned = plan(target, settled, pending, LONGEST)

    assert holes(target, (*settled, *pending, *planned)) == ()
    assert all(piece.length <= LONGEST and target.begins <= piece.begins and piece.ends <= target.ends for piece in planned)
    assert plan(target, settled, (*pending, *planned), LONGEST) == ()
    held = merged([*settled, *pending])
    assert not any(one.begins < piece.ends and piece.begins < one.ends for one in held for piece in planned)


@given(SPANS, st.integers(-100, 7000))
def test_parts_of_a_window_leave_no_second_of_it_out(window: Span, at: int) -> None:
    for parts in (halves(window), parted(window, window.begins + at * SECOND), cut(window, timedelta(seconds=7))):
        assert merged(parts) == (window,)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["waits", "plans", "reads", "splits", "dies", "fails", "sleeps"]), st.integers(0, 10_000), st.booleans()), max_size=60
)


@given(DEEDS)
def test_no_hole_survives_whatever_is_read_in_whatever_order_and_whoever_dies(deeds: list[tuple[str, int, bool]]) -> None:
    ledger = Ledger()

    for deed, number, flag in deeds:
        ledger.does(deed, number, flag=flag)
        assert holes(Span(GOAL, max(GOAL, ledger.planned_to)), (*ledger.settled, *ledger.doubtful, *ledger.pending)) == ()
    ledger.now += timedelta(hours=1)
    ledger.reads_everything()

    assert stretch_from(ledger.settled, GOAL) == ledger.now - SETTLE
    assert ledger.truly_read(GOAL, ledger.now - SETTLE)


class Ledger:
    """The ledger as the database keeps it, in memory: what is settled, what is pending, and every reading with when it was made."""

    def __init__(self) -> None:
        self.now = GOAL + timedelta(minutes=1)
        self.planned_to = GOAL
        self.pending: list[Span] = []
        self.settled: list[Span] = []
        self.doubtful: list[Span] = []
        self.readings: list[tuple[Span, datetime]] = []

    def does(self, deed: str, number: int, *, flag: bool) -> None:
        """One thing happens. Who dies, or fails, in the middle of a window leaves it pending: nothing of it was written."""
        match deed:
            case "waits":
                self.now += timedelta(seconds=number % 900)
            case "sleeps":
                self.now += timedelta(seconds=number * 60)
            case "plans":
                self.plan()
            case "reads" if self.pending:
                self.read(self.pending.pop(number % len(self.pending)), is_one_page=flag)
            case "splits" if self.pending:
                self.pending += halves(self.pending.pop(number % len(self.pending)))
            case _:
                pass

    def plan(self) -> None:
        """Windows for what is missing."""
        self.planned_to = max(self.planned_to, self.now - MARGIN)
        self.pending += plan(Span(GOAL, self.planned_to), self.settled, self.pending, LONGEST)
        self.doubtful = []

    def read(self, window: Span, *, is_one_page: bool) -> None:
        """A window is read whole and stored."""
        self.readings.append((window, self.now))
        until = settled_to(Reading(window, self.now, is_one_page), SETTLE)
        if until > window.begins:
            self.settled.append(Span(window.begins, until))
        if until < window.ends:
            self.doubtful.append(Span(until, window.ends))

    def reads_everything(self) -> None:
        """Somebody comes back and works the ledger off."""
        self.plan()
        while self.pending:
            self.read(self.pending.pop(), is_one_page=True)

    def truly_read(self, begins: datetime, ends: datetime) -> bool:
        """Whether each moment was read at a time when the read side had caught up with it."""
        sure = [Span(window.begins, min(window.ends, at - SETTLE)) for window, at in self.readings if at - SETTLE > window.begins]
        return holes(Span(begins, ends), sure) == ()
