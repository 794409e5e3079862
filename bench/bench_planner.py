"""The plan of a day for 10,000 orders to ship: the search for the rounds alone, and the whole action with its reads.

The orders formed over the last two days, most of them in the evening; three carriers come two to three times a day; lags were learned from 5,000 parcels. The
same search is also measured with far too few hands, which is when the most plans have to be told apart.
"""

import random
import statistics
import time
from datetime import UTC, datetime, timedelta

from bench.planting import planted
from bench.support import QUICK, fresh_database, passing_home, report
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.planning import latest_print, plan
from zhanggui.core.money import Fen
from zhanggui.core.planning.calling import visits_from
from zhanggui.core.planning.plan import propose
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.planning.work import ToShip
from zhanggui.estimates.pickup_lag import LagBook, binned
from zhanggui.people.permissions import operator
from zhanggui.records.carriers import Visit
from zhanggui.records.db import connect, open_pool

NOW = datetime(2026, 3, 2, 2, 20, tzinfo=UTC)
CARRIERS = ("YTO", "ZTO", "JTSD")
SIZE = 1_000 if QUICK else 10_000
TIMES = 2 if QUICK else 5


def main() -> None:
    """Print the figures as JSON lines."""
    for people, name in ((6, "with enough hands"), (1, "with far too few hands")):
        seconds = statistics.median(searched(people) for _ in range(TIMES))
        report(f"rounds found for {SIZE:,} orders, {name}", value=seconds * 1000, unit="ms", target="<= 5000", ok=seconds <= 5 or QUICK)
    whole, latest = acted()
    report(f"the whole plan of {SIZE:,} orders from the database", value=whole * 1000, unit="ms", target="<= 5000", ok=whole <= 5 or QUICK)
    report(f"latest safe print moment of 100 orders among {SIZE:,}", value=latest * 1000, unit="ms")


def searched(people: int) -> float:
    """Seconds of one search."""
    dice = random.Random(5)
    lags = LagBook(binned(_parcels(dice)))
    visits = {carrier: visits_from([Visit(carrier, minute, "1234567") for minute in minutes], NOW, 16) for carrier, minutes in _VISITS.items()}
    orders = [_order(dice) for _ in range(SIZE)]
    terms = PlanTerms(people=people, pack_seconds=25)
    began = time.perf_counter()
    assert propose(orders, visits, lags.chance, terms, NOW) is not None
    return time.perf_counter() - began


def acted() -> tuple[float, float]:
    """Seconds of the plan, and of the latest moments of a page of orders."""
    with fresh_database() as conninfo:
        with connect(conninfo) as tx:
            shop_id = planted(tx, SIZE, NOW)
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        with open_pool(conninfo) as pool:
            house = House(pool=pool, home=passing_home(), rulebook=rulebook.load())
            whole = statistics.median(_timed(lambda: plan(house, operator(), shop_id, NOW)) for _ in range(TIMES))
            with pool.connection() as tx:
                nos = [no for (no,) in tx.execute("select order_no from orders where shop_id = %s limit 100", (shop_id,))]
            latest = statistics.median(_timed(lambda: latest_print(house, operator(), shop_id, nos, NOW)) for _ in range(TIMES))
    return whole, latest


_VISITS = {"YTO": (11 * 60, 15 * 60, 18 * 60), "ZTO": (12 * 60, 17 * 60 + 30), "JTSD": (16 * 60, 19 * 60)}


def _order(dice: random.Random) -> ToShip:
    formed = NOW - timedelta(minutes=dice.triangular(0, 46 * 60, 14 * 60))
    return ToShip(
        order_no=str(dice.random()),
        ready_at=NOW,
        due_at=formed + timedelta(hours=dice.choice((24, 48, 48, 48))),
        at_risk=Fen(300),
        carrier=dice.choice(CARRIERS),
    )


def _parcels(dice: random.Random) -> list[tuple[str, datetime, datetime | None, datetime]]:
    made: list[tuple[str, datetime, datetime | None, datetime]] = []
    for _ in range(5_000):
        there = NOW - timedelta(minutes=dice.randrange(60 * 24 * 30))
        made.append((dice.choice(CARRIERS), there, there + timedelta(minutes=dice.lognormvariate(4.8, 0.8)), NOW))
    return made


def _timed(do) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
