"""Due moments computed per second on one core, the rule resolved and no explanation built; and beside them the price of whole deadlines with money at risk.

The yardstick of the ratio is the least there is to do: one addition of 48 hours to each order's moment, in the same run.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from zhanggui import rulebook
from zhanggui.core.clocks import order_deadlines
from zhanggui.core.clocks.pickup import pickup_due
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.clocks.terms import Due
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState, ShippingKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

REPEATS = 5
RULES = rulebook.load()


def main() -> None:
    """Print the figures as JSON lines."""
    count = 2_000 if "--quick" in sys.argv else 50_000
    known = orders(count)
    moments = sum(_moments(one) for one in known)
    least = best(lambda: [one.order.group_formed_at + timedelta(hours=48) for one in known if one.order.group_formed_at is not None])
    due = best(lambda: [_due(one) for one in known])
    whole = best(lambda: [order_deadlines(one, RULES) for one in known])
    line(
        "due moments with the rule resolved",
        moments / due,
        "moments/s",
        target=100_000,
        against="adding 48 hours to a moment",
        ratio=(moments / due) / (count / least),
    )
    line("whole deadlines with state and money at risk", moments / whole, "deadlines/s")


def orders(count: int) -> list[OrderKnowledge]:
    """Orders of a year of every sort: shipped and to ship, with and without the platform's own moment."""
    chance = random.Random(7)
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    made = []
    for number in range(count):
        formed = begin + timedelta(seconds=chance.randrange(365 * 86400))
        shipped = formed + timedelta(seconds=chance.randrange(60 * 3600)) if chance.random() < 0.7 else None
        order = OrderFacts(
            order_no=f"250101-{number:015d}",
            stage=OrderStage.SHIPPED if shipped else OrderStage.TO_SHIP,
            refund=RefundState.NONE,
            group_formed_at=formed,
            ship_by=formed + timedelta(hours=48) if chance.random() < 0.3 else None,
            shipped_at=shipped,
            shipping_kind=chance.choice([None, ShippingKind.SPOT, ShippingKind.ONE_DAY, ShippingKind.DIRECT_MAIL]),
            receive_amount=Fen(chance.randrange(100, 50_000)),
        )
        made.append(OrderKnowledge(order=order, data_as_of=begin + timedelta(days=366)))
    return made


def best(work: Callable[[], Sequence[object]]) -> float:
    """The least disturbed of a few runs, in seconds of one core: other work on the machine does not count."""
    spans = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        spans.append(time.process_time() - began)
    return min(spans)


def line(name: str, value: float, unit: str, *, target: int | None = None, against: str | None = None, ratio: float | None = None) -> None:
    """One figure as the bench runner reads it."""
    data = {"name": name, "value": round(value), "unit": unit, "ok": target is None or value >= target}
    if target is not None:
        data["target"] = f">= {target}"
    if against is not None and ratio is not None:
        data |= {"against": against, "ratio": round(ratio, 3)}
    print(json.dumps(data))


def _due(known: OrderKnowledge) -> tuple[Due | None, Due | None]:
    """The due moments of one order: shipping, and pickup where a number was uploaded."""
    ship = ship_due(known, RULES)
    if known.order.shipped_at is None:
        return ship, None
    return ship, pickup_due(known.order, known.order.shipped_at, ship, RULES)[0]


def _moments(known: OrderKnowledge) -> int:
    return 1 if known.order.shipped_at is None else 2


if __name__ == "__main__":
    main()
