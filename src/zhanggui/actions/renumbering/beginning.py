"""A change of number that begins by itself: an order that the platform shows as shipped got a new label with another number."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.renumbering.keeping import need_saved, plan, tell
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.facts import OrderFacts, OrderStage
from zhanggui.core.numbers import as_number
from zhanggui.core.renumbering.states import ChangeState
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import around, number_changes
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.chasing import NumberChangeMoved


def begin_changes(tx: Tx, by: Person, shop_id: ShopId, papers: Sequence[PrintedPaper], now: datetime) -> tuple[str, ...]:
    """The orders whose number at the platform now has to be changed to that of their new label; an earlier change that nobody has sent gives way."""
    known = around.orders(tx, shop_id, sorted({paper.order_no for paper in papers}))
    wanted = {paper.order_no: paper for paper in papers if paper.order_no in known and _differs(known[paper.order_no].facts, paper)}
    for earlier in number_changes.of_orders(tx, shop_id, sorted(wanted)) if wanted else ():
        if earlier.state == ChangeState.PLANNED.value and earlier.act_no is None and earlier.new_no != wanted[earlier.order_no].tracking_no:
            dropped = ChangeState.DROPPED.value
            need_saved(number_changes.save(tx, msgspec.structs.replace(earlier, said=dropped, said_at=now, state=dropped)))
            tell(tx, by, shop_id, earlier.order_no, NumberChangeMoved(earlier.old_no, earlier.new_carrier, earlier.new_no, dropped), now)
    return tuple(no for no, paper in wanted.items() if _begin(tx, by, shop_id, known[no].facts, paper, now))


def _begin(tx: Tx, by: Person, shop_id: ShopId, order: OrderFacts, paper: PrintedPaper, now: datetime) -> bool:
    return plan(tx, by, shop_id, order, paper.carrier or order.carrier or "", paper.tracking_no or "", now) is not None


def _differs(order: OrderFacts, paper: PrintedPaper) -> bool:
    """Whether the buyer sees another number, at an order that has left by the platform's word."""
    if order.stage is not OrderStage.SHIPPED or not paper.tracking_no:
        return False
    others = {as_number(parcel.tracking_no) for parcel in order.further_parcels or ()}
    return as_number(paper.tracking_no) not in others | {as_number(order.tracking_no or "")}
