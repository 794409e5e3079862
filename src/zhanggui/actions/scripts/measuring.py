"""What came of the scripts and of each rep's use of them, over the last thirty days, from the facts as they are now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.core.clocks.shipping import GOODS_AGAIN
from zhanggui.core.facts import RUNNING_CASES, AftersaleFacts, AftersaleState, OrderFacts, RefundState
from zhanggui.core.scripting.outcomes import Later, Money, Total, totals
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, script_outcomes, scripts
from zhanggui.records.db import Tx
from zhanggui.records.scripts import UseRow

COUNTED = timedelta(days=30)
MOST_USES = 5_000


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the uses, newest first, by script and version and by rep."""

    uses: int
    is_cut: bool
    """There were more uses than are counted; the newest are."""
    scripts: Mapping[str, Total]
    versions: Mapping[tuple[str, int], Total]
    reps: Mapping[str, Total]


NOTHING_COUNTED = Outcomes(uses=0, is_cut=False, scripts={}, versions={}, reps={})


def outcomes(house: House, by: Person, shop_id: ShopId, now: datetime, *, script_id: str | None = None) -> Outcomes:
    """What came of all scripts, or of one."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return outcomes_in(tx, by, shop_id, now, script_id)


def outcomes_in(tx: Tx, by: Person, shop_id: ShopId, now: datetime, script_id: str | None = None) -> Outcomes:
    """The same inside a transaction. By rep whoever leads the shop sees everybody, anybody else their own."""
    sees_all = by.may(Permission.PEOPLE_READ, shop_id)
    since = now - COUNTED
    limit = MOST_USES + 1
    rows = scripts.uses(tx, shop_id, since, limit) if script_id is None else script_outcomes.of_script(tx, shop_id, script_id, since, limit)
    counted = rows[:MOST_USES]
    told = [(row, later) for row, later in zip(counted, _later(tx, shop_id, counted), strict=True)]
    return Outcomes(
        uses=len(counted),
        is_cut=len(rows) > MOST_USES,
        scripts=totals(((row.script_id, later) for row, later in told), now),
        versions=totals((((row.script_id, row.version), later) for row, later in told), now),
        reps=totals(((row.rep or "", later) for row, later in told if sees_all or row.used_by == by.person_id), now),
    )


def _later(tx: Tx, shop_id: ShopId, rows: Sequence[UseRow]) -> list[Later]:
    asked = sorted({row.order_no for row in rows if row.refund_asked and row.order_no is not None})
    orders = around.orders(tx, shop_id, asked) if asked else {}
    cases = around.cases(tx, shop_id, asked) if asked else {}
    fresh = sorted({row.thread_no for row in rows if row.order_no is None and row.thread_no is not None})
    ordered = script_outcomes.ordered(tx, shop_id, fresh) if fresh else {}
    replied, scores = script_outcomes.replied(tx, shop_id, rows), script_outcomes.scores(tx, shop_id, rows)
    return [
        Later(
            used_at=row.used_at,
            before_order=_is_before_order(row, ordered),
            ordered_at=ordered.get(row.thread_no) if row.thread_no is not None else None,
            refund_asked=row.refund_asked,
            money=_money(orders[row.order_no].facts, [known.facts for known in cases.get(row.order_no, [])]) if row.order_no in orders else Money.PENDING,
            watched=row.thread_no is not None or row.order_no is not None,
            replied_at=replied.get(row.use_no),
            score=scores.get(row.use_no),
        )
        for row in rows
    ]


def _is_before_order(row: UseRow, ordered: Mapping[int, datetime]) -> bool:
    """Whether nothing was ordered yet; an order that the talk was only later seen to be about may be older than the words."""
    if row.order_no is not None or row.thread_no is None:
        return False
    return row.thread_no not in ordered or ordered[row.thread_no] >= row.used_at


def _money(order: OrderFacts, cases: Sequence[AftersaleFacts]) -> Money:
    """How the request for money stands by now."""
    about_money = [case for case in cases if case.kind not in GOODS_AGAIN]
    if order.refund in (RefundState.REFUNDED, RefundState.REFUNDING) or any(case.state is AftersaleState.REFUNDED for case in about_money):
        return Money.PAID
    if any(case.state in RUNNING_CASES for case in about_money) or (order.refund is RefundState.OPEN and not about_money):
        return Money.PENDING
    if any(case.state is AftersaleState.REJECTED for case in about_money):
        return Money.REFUSED
    return Money.WITHDRAWN
