"""Every measure of a shop as a row: what is counted, what the platform shows of it today, how it went, what leaves it, what it has to reach."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import FOR_A_PAGE, State, catch_up
from zhanggui.actions.measures.reading import counted, counted_all, series, series_all, shown_day
from zhanggui.actions.measures.told import kind_of
from zhanggui.actions.standing.seeing import READINGS_EACH, known_of
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.book import Unit as Told
from zhanggui.core.measures.marks import Counted, DaySum, window
from zhanggui.core.moments import shanghai_day
from zhanggui.core.standing.book import Better, Figure, StandingBook, Unit
from zhanggui.core.standing.comparing import Compared, compared
from zhanggui.core.standing.room import Room, room
from zhanggui.core.standing.standing import Known, Line, Reading, is_met
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ages
from zhanggui.records import standing as records
from zhanggui.records.db import Tx
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.standing import standing_book

TREND_DAYS = 30
LONG_TREND_DAYS = 90
LEAVING_DAYS = 7
_UNITS = {Told.RATE: Unit.PERCENT, Told.MEAN_HOURS: Unit.HOURS, Told.SCORE: Unit.SCORE, Told.COUNT: Unit.COUNT}


class TrendPoint(msgspec.Struct, frozen=True):
    """The measure as it stood on a day."""

    day: date
    num: int
    den: int
    value: Fraction | None


class MeasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """One measure."""

    formula: Formula
    figure: Figure
    now: Counted
    """Over the window that ended yesterday."""
    value: Fraction | None
    shown: Counted
    """Over the window that the platform shows today, by its lag."""
    shown_value: Fraction | None
    shown_until: date
    """The last day of that window."""
    trend: tuple[TrendPoint, ...]
    left_today: DaySum | None
    """What was in the window until the last midnight."""
    leaves_next: DaySum | None
    """What leaves at the next midnight."""
    target: Line | None
    met: bool | None
    room: Room | None
    compared: Compared | None
    """The newest figure of the back office beside ours of its days."""

    @property
    def is_hidden(self) -> bool:
        """Whether too few count for the platform to show it."""
        below = self.now.num if self.figure.unit is Unit.COUNT else self.now.den
        return below < self.formula.least


class MeasuresSeen(msgspec.Struct, frozen=True):
    """All measures of a shop, and how far counting has come."""

    day: date
    rows: tuple[MeasureRow, ...]
    state: State


def measures_seen(house: House, by: Person, shop_id: ShopId, now: datetime) -> MeasuresSeen:
    """Every measure in force today. What little waits to be counted is counted first."""
    by.need(Permission.ORDERS_READ, shop_id)
    state = catch_up(house, shop_id, now, most=FOR_A_PAGE)
    day, book = shanghai_day(now), standing_book()
    formulas = measure_book().in_force(day)
    with house.pool.connection() as tx:
        seeing = _Seeing(tx, house, shop_id, day, now, book)
        shown = shown_today(tx, shop_id, formulas, day)
        ways = seeing.ways(formulas, TREND_DAYS)
        rows = tuple(seeing.row(formula, shown[formula.id], ways[formula.id], TREND_DAYS) for formula in formulas)
    return MeasuresSeen(day, rows, state)


def compared_seen(house: House, by: Person, shop_id: ShopId, now: datetime) -> dict[str, Compared]:
    """The newest figure of the back office of every measure beside ours of its days, by measure."""
    by.need(Permission.ORDERS_READ, shop_id)
    day, book = shanghai_day(now), standing_book()
    with house.pool.connection() as tx:
        seeing = _Seeing(tx, house, shop_id, day, now, book)
        return {formula.id: told for formula in measure_book().in_force(day) if (told := seeing.newest(formula)) is not None}


def shown_today(tx: Tx, shop_id: ShopId, formulas: Sequence[Formula], today: date) -> dict[str, Counted]:
    """What the platform shows today of each, by its lag."""
    found: dict[str, Counted] = {}
    for lag in sorted({formula.lag_days for formula in formulas}):
        some = [formula for formula in formulas if formula.lag_days == lag]
        found |= counted_all(tx, shop_id, some, shown_day(some[0], today))
    return found


class _Seeing:
    """What all rows of one look have in common."""

    def __init__(self, tx: Tx, house: House, shop_id: ShopId, day: date, now: datetime, book: StandingBook) -> None:
        self._tx, self._shop_id, self._day, self._book = tx, shop_id, day, book
        self._known: Known = known_of(tx, house, shop_id, day, now=now)
        self._ages = {row.kind: row.as_of for row in ages.of_shops(tx, [int(shop_id)])}

    def ways(self, formulas: Sequence[Formula], days: int) -> dict[str, tuple[DaySum, ...]]:
        """What each day adds, up to yesterday: of the windows of so many days and of the day before them."""
        longest = max(formula.window_days for formula in formulas)
        return series_all(self._tx, self._shop_id, formulas, self._day - timedelta(days=longest + max(days, 1)), self._day - timedelta(days=1))

    def row(self, formula: Formula, shown: Counted, way: Sequence[DaySum], days: int) -> MeasureRow:
        """One measure, with so many days of its way."""
        figure = figure_of(formula, self._book)
        now = self._known.values.get(formula.id)
        told = Counted(0, 0) if now is None else Counted(now.num, now.den)
        is_told = now is not None and not formula.is_unknown
        trend, leaving = self._trend(formula, figure, way, days, is_told=is_told)
        target = self._known.targets.get(formula.id)
        value = figure.read(told.num, told.den) if is_told else None
        return MeasureRow(
            formula=formula,
            figure=figure,
            now=told,
            value=value,
            shown=told if now is None else shown,
            shown_value=figure.read(shown.num, shown.den) if is_told else None,
            shown_until=shown_day(formula, self._day) - timedelta(days=1),
            trend=trend,
            left_today=leaving[0] if leaving else None,
            leaves_next=leaving[1] if leaving else None,
            target=target,
            met=None if value is None or target is None else is_met(figure, value, target.value),
            room=None if target is None or not is_told else room(figure, told.num, told.den, target.value),
            compared=self.newest(formula),
        )

    def newest(self, formula: Formula) -> Compared | None:
        """The newest reading beside ours; None where there is none."""
        reading = self._known.reading(formula.id)
        return None if reading is None else self.compare(formula, figure_of(formula, self._book), reading)

    def compare(self, formula: Formula, figure: Figure, reading: Reading) -> Compared:
        """The reading beside what is counted of the same days."""
        ours = None if formula.is_unknown else counted(self._tx, self._shop_id, formula.id, reading.day + timedelta(days=1))
        as_of = self._ages.get(kind_of(formula).value)
        # whole days only: what is known up to some hour of a day does not tell of that day
        known_until = None if as_of is None else shanghai_day(as_of) - timedelta(days=1)
        return compared(figure, reading, ours, known_until)

    def _trend(
        self, formula: Formula, figure: Figure, sums: Sequence[DaySum], days: int, *, is_told: bool
    ) -> tuple[tuple[TrendPoint, ...], tuple[DaySum, DaySum] | None]:
        """The measure of each of the last days, and the two days that have just left the window and are about to."""
        if formula.is_unknown:
            return (), None
        points = []
        for back in range(days, -1, -1):
            end = len(sums) - back
            some = sums[end - formula.window_days : end]
            num, den = sum(one.num for one in some), sum(one.den for one in some)
            points.append(TrendPoint(self._day - timedelta(days=back), num, den, figure.read(num, den) if is_told else None))
        at = len(sums) - formula.window_days
        return tuple(points), (sums[at - 1], sums[at])


def figure_of(formula: Formula, book: StandingBook) -> Figure:
    """How the measure is shown: as the back office does, else in its own unit."""
    figure = book.figures.get(formula.id)
    if figure is not None and figure.ours:
        return figure
    better = Better.LOW if formula.better.value == "better_low" else Better.HIGH
    return Figure(id=formula.id, unit=_UNITS[formula.unit], better=better, label=(formula.title.zh,), source=formula.source)


class MeasureSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One measure with all that is known of it."""

    day: date
    row: MeasureRow
    versions: tuple[Formula, ...]
    """Every version of its formula, the newest first."""
    leaving: tuple[DaySum, ...]
    """What leaves at the next midnights, the first of them first."""
    compared: tuple[Compared, ...]
    """Figures of the back office beside ours, the newest first."""
    state: State


def measure_seen(house: House, by: Person, shop_id: ShopId, measure: str, now: datetime) -> MeasureSeen | None:
    """One measure by its id. None where there is no such, or no version of it is in force."""
    by.need(Permission.ORDERS_READ, shop_id)
    day, book, formulas = shanghai_day(now), standing_book(), measure_book()
    if measure not in formulas.ids or (formula := formulas.measure(measure).in_force(day)) is None:
        return None
    state = catch_up(house, shop_id, now, most=FOR_A_PAGE)
    with house.pool.connection() as tx:
        seeing = _Seeing(tx, house, shop_id, day, now, book)
        way = seeing.ways((formula,), LONG_TREND_DAYS)[measure]
        row = seeing.row(formula, shown_today(tx, shop_id, (formula,), day)[measure], way, LONG_TREND_DAYS)
        first = window(formula, day)[0]
        leaving = () if formula.is_unknown else series(tx, shop_id, measure, first, first + timedelta(days=LEAVING_DAYS - 1))
        readings = records.readings_of(tx, shop_id, measure, day - timedelta(days=LONG_TREND_DAYS), day)[:READINGS_EACH]
        told = tuple(seeing.compare(formula, row.figure, reading) for reading in readings)
    versions = tuple(reversed(formulas.measure(measure).versions))
    return MeasureSeen(day=day, row=row, versions=versions, leaving=leaving, compared=told, state=state)
