"""Where a shop stands by now: what the house counts and what the back office showed, judged together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import FOR_A_PAGE, catch_up
from zhanggui.actions.measures.reading import counted, counted_all
from zhanggui.actions.measures.told import is_told, kinds_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.complaints.states import ComplaintState
from zhanggui.core.moments import shanghai_day
from zhanggui.core.parcels.rate import factor_of
from zhanggui.core.rules import Question
from zhanggui.core.standing.book import Signal, StandingBook
from zhanggui.core.standing.comparing import Why, compared
from zhanggui.core.standing.standing import HasCounted, Known, Line, Reading, Standing, standing
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import category_means, complaints
from zhanggui.records import standing as records
from zhanggui.records.db import Tx
from zhanggui.records.standing import Penalty
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.standing import standing_book

ANOMALY_RULE = "pdd.anomaly_rate.restriction"
READINGS_EACH = 40
PENALTIES_SHOWN = 60
LATELY = 7
"""For so many days what the back office showed holds over what we count, where they differ."""
_UNDER_WAY = (ComplaintState.TO_FILE.value, ComplaintState.FILED.value)


class StandingSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Where the shop stands, and what it was judged by."""

    day: date
    standing: Standing
    known: Known
    book: StandingBook
    penalties: tuple[Penalty, ...]
    """All that were entered, the newest first."""
    complaints: int
    """How many complaints and appeals of the shop are to be filed, or await the platform's answer."""

    @property
    def in_force(self) -> tuple[Penalty, ...]:
        """The penalties that hold today."""
        return tuple(penalty for penalty in self.penalties if penalty.is_in_force(self.day))

    @property
    def signals(self) -> tuple[Signal, ...]:
        """What search ranking weighs."""
        return self.book.signal


def standing_of(house: House, by: Person, shop_id: ShopId, now: datetime, *, is_counted: bool = False) -> StandingSeen:
    """Where the shop stands by now. What little waits to be counted is counted first, unless it just was."""
    by.need(Permission.ORDERS_READ, shop_id)
    if not is_counted:
        catch_up(house, shop_id, now, most=FOR_A_PAGE)
    day, book = shanghai_day(now), standing_book()
    with house.pool.connection() as tx:
        known = known_of(tx, house, shop_id, day, now=now)
        penalties = tuple(records.penalties(tx, shop_id, PENALTIES_SHOWN))
        under_way = complaints.count(tx, shop_id, _UNDER_WAY)
    return StandingSeen(day=day, standing=standing(known, book, day), known=known, book=book, penalties=penalties, complaints=under_way)


def known_of(tx: Tx, house: House, shop_id: ShopId, day: date, *, now: datetime, values: Mapping[str, HasCounted] | None = None) -> Known:
    """What standing on the day is judged by. `values` stand in for what is counted, such as what a decision would make of it.

    Measures of facts that nobody has told are left out, so that it is said of them that they cannot be told.
    """
    told = _told(tx, shop_id, day) if values is None else values
    readings = records.readings(tx, shop_id, day, READINGS_EACH)
    limits = records.lines(tx, shop_id, records.LIMIT, day)
    by_mean = _limit_by_mean(tx, house, shop_id, day, now)
    return Known(
        values=told,
        readings=readings,
        targets=records.lines(tx, shop_id, records.TARGET, day),
        limits=limits if by_mean is None else {**limits, ANOMALY_RULE: by_mean},
        differs=frozenset() if values is not None else frozenset(_differing(tx, shop_id, day, readings)),
    )


def _told(tx: Tx, shop_id: ShopId, day: date) -> dict[str, HasCounted]:
    formulas, known = measure_book().in_force(day), kinds_known(tx, shop_id)
    found = counted_all(tx, shop_id, formulas, day)
    return {formula.id: found[formula.id] for formula in formulas if is_told(formula, found[formula.id], known)}


def _differing(tx: Tx, shop_id: ShopId, day: date, readings: Mapping[str, Sequence[Reading]]) -> Iterable[str]:
    """The figures of which the back office has lately shown something else than is counted of the same days."""
    book = standing_book()
    for name, (newest, *_) in readings.items():
        figure = book.figures.get(name)
        if figure is None or not figure.ours or (day - newest.day).days > LATELY:
            continue
        ours = counted(tx, shop_id, name, newest.day + timedelta(days=1))
        if compared(figure, newest, ours, None).why is not Why.SAME:
            yield name


def _limit_by_mean(tx: Tx, house: House, shop_id: ShopId, day: date, now: datetime) -> Line | None:
    """The limit that is a multiple of the category's mean, where the shop has entered that. None else."""
    rule = rulebook_in(tx, house, shop_id).in_force(Question.ANOMALY_RATE, at=now)
    mean = category_means.in_force(tx, shop_id, day)
    if rule is None or mean is None or not (percent := factor_of(rule)):
        return None
    orders = None if mean.orders is None else mean.orders * percent // 100
    return Line(Fraction(mean.share_ppm * percent, 100 * 10_000), mean.from_day, mean.source, orders)
