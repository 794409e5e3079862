"""The to-ship desk with 100,000 orders that wait: a page of each list, the groups, the advice beside a page, and a batch of 500 in one go.

The rows are planted as the house keeps them, by the very code that stores what the platform tells.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.support import QUICK, fresh_database, report
from tests.actions.dispatching.warehouse import START, tell
from tests.cast import Cast, make_cast
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.desk import Filter, View, desk
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.records.db import open_pool

ORDERS = 1_000 if QUICK else 100_000
CHUNK = 5_000
REPEATS = 2 if QUICK else 15
TARGET_MS = 150


def main() -> None:
    """Plant, read, print the figures."""
    with fresh_database() as conninfo, open_pool(conninfo) as pool, tempfile.TemporaryDirectory(prefix="zg-bench-") as home:
        people, house = make_cast(pool), House(pool, Path(home), rulebook.load())
        plant(house, people)
        with pool.connection() as tx:
            tx.execute("analyze")
        read(house, people)


def plant(house: House, people: Cast) -> None:
    """Orders of 300 products, due over two days, every fifth to a door that others share."""
    chance = random.Random(1)
    for first in range(0, ORDERS, CHUNK):
        tell(house, people.shop_id, [order(number, chance) for number in range(first, min(first + CHUNK, ORDERS))], START)


def order(number: int, chance: random.Random) -> OrderFacts:
    """One order that waits."""
    return OrderFacts(
        order_no=f"260302-{number:015d}",
        stage=OrderStage.TO_SHIP,
        refund=RefundState.OPEN if number % 50 == 0 else RefundState.NONE,
        group_formed_at=START - timedelta(hours=1),
        ship_by=START + timedelta(minutes=chance.uniform(-60, 3000)),
        title=f"商品{number % 300}",
        spec="一件",
        goods_id=str(number % 300),
        quantity=1,
        combine_key=f"door{number // 3}" if number % 5 == 0 else None,
    )


def read(house: House, people: Cast) -> None:
    """A page of each list, and a batch."""
    lin, shop_id = people.lin, people.shop_id
    for view in (View.PRINT, View.KEPT, View.TELL):
        span = middle(lambda view=view: desk(house, lin, shop_id, Filter(view=view), START))  # type: ignore[misc]  # bound at once
        report(
            f"a page of the list {view.value}, {ORDERS:,} orders wait", value=round(span, 1), unit="ms", target=f"<= {TARGET_MS}", ok=QUICK or span <= TARGET_MS
        )
    report("the same with its goods in groups", value=round(middle(lambda: desk(house, lin, shop_id, Filter(), START, group_by="goods")), 1), unit="ms")
    began = time.perf_counter()
    make_batch(house, lin, shop_id, START, wanted=Filter())
    report("a batch of 500 orders made in one go", value=round((time.perf_counter() - began) * 1000), unit="ms")


def middle(work: Callable[[], object]) -> float:
    """The middle of some runs, in milliseconds."""
    spans = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)
    return sorted(spans)[len(spans) // 2]


if __name__ == "__main__":
    main()
