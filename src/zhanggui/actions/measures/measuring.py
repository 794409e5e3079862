"""The shop's measures as a program reads them: those of the platform over their windows, and three over all imported history."""

from datetime import date, datetime

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import catch_up
from zhanggui.actions.measures.reading import counted_all
from zhanggui.actions.views import Measure
from zhanggui.core.measures.book import Formula
from zhanggui.core.measures.marks import Counted, window
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records.measures import history
from zhanggui.rulebook.measures import measure_book

DEFINED = "2026-11-21"
"""The day from which the measures over all history hold; a changed definition gets a new day."""


def measures(house: House, by: Person, shop_id: ShopId, at: datetime) -> dict[str, Measure]:
    """Each measure by its id. What waits to be counted is counted first.

    on_time_shipment_rate: one count per order that has both a hand-over moment and a ship-by (its latest line's; its own where no line has one), in every
    state, over all history up to `at`; a hand-over at the very moment is on time. on_time_delivery_rate: likewise, received against promised. mean_score:
    each review row counts. All others cover whole days, the last of them the day before that of `at`, by today's knowledge.
    """
    by.need(Permission.ORDERS_READ, shop_id)
    catch_up(house, shop_id, at)
    day = shanghai_day(at)
    formulas = measure_book().in_force(day)
    with house.pool.connection() as tx:
        old = {
            "on_time_shipment_rate": history.on_time_shipment(tx, shop_id, at),
            "on_time_delivery_rate": history.on_time_delivery(tx, shop_id, at),
            "mean_score": history.mean_score(tx, shop_id, at),
        }
        found = counted_all(tx, shop_id, formulas, day)
    plain = {
        name: Measure(numerator, denominator, numerator / denominator if denominator else None, f"zhanggui.{name}@{DEFINED}")
        for name, (numerator, denominator) in old.items()
    }
    return plain | {formula.id: _measure(found[formula.id], formula, day) for formula in formulas}


def _measure(counted: Counted, formula: Formula, day: date) -> Measure:
    first, last = window(formula, day)
    if formula.is_unknown:
        return Measure(0, 0, None, formula.cite, formula.unit.value, first, last, formula.lag_days)
    return Measure(counted.num, counted.den, counted.value(formula.unit), formula.cite, formula.unit.value, first, last, formula.lag_days)
