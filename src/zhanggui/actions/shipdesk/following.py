"""The desk's rows follow whatever is written of orders, batches and dispatches, in the same transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from zhanggui.actions.knowing import orders_known
from zhanggui.core.batches import Step, kept_back, tags_of
from zhanggui.core.clocks.shipping import is_ended
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.shapes import is_back_in_the_house
from zhanggui.core.facts import OrderFacts, OrderLineFacts, OrderStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.records import around, dispatches, ship_batches, shipdesk
from zhanggui.records.db import Tx
from zhanggui.records.ship_batches import BatchRow
from zhanggui.records.shipdesk import ShipRow

NO_TERM = datetime(2199, 12, 31, tzinfo=UTC)
"""Where an order stands for which no term runs: after all that have one."""

_STEPS: Mapping[DispatchState | None, Step] = {
    DispatchState.PRINTED: Step.PACK,
    DispatchState.PACKED: Step.HAND_OVER,
    DispatchState.HANDED_OVER: Step.AWAY,
    DispatchState.TO_DESTROY: Step.DESTROY,
}
_TITLE = 36
_CODE = 80
_NAMED = 3
"""So many lines of an order are named; the others are counted."""


def follow(
    tx: Tx,
    shop_id: int,
    order_nos: Sequence[str],
    known: Mapping[str, OrderKnowledge],
    fresh: Collection[str] = (),
    *,
    bare_due: Mapping[str, datetime] | None = None,
) -> None:
    """Makes the desk's rows of these orders equal to what is known of them; `fresh` did not exist a moment ago, so that no row of them can stand.

    Where nothing hangs on any of them, `bare_due` says by when they must be shipped, and nothing need be asked.
    """
    old = [no for no in order_nos if no not in fresh]
    standing = shipdesk.of_orders(tx, shop_id, old) if old else {}
    about = dispatches.of_orders(tx, shop_id, order_nos) if bare_due is None else {}
    wanted = [no for no in order_nos if no in known and _belongs(known[no], about.get(no))]
    if not wanted and not standing:
        return
    rows = _rows(tx, shop_id, wanted, known, about) if bare_due is None else _bare_rows(wanted, known, bare_due)
    differing = [row for no, row in rows.items() if standing.get(no) != row]
    # a fresh order may have a row all the same, where it was told twice in one transaction
    gone = [no for no in standing if rows.get(no) != standing[no]] + [no for no in rows if no in fresh]
    if gone or differing:
        shipdesk.replace(tx, shop_id, gone, differing)


def follow_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> None:
    """The same for orders whose facts are not at hand."""
    follow(tx, shop_id, order_nos, orders_known(tx, shop_id, order_nos))


def _belongs(known: OrderKnowledge, dispatch: Dispatch | None) -> bool:
    """Whether the order waits to be shipped, or something of it is still or again in the house."""
    state = None if dispatch is None else dispatch.state
    if state in (DispatchState.PRINTED, DispatchState.PACKED, DispatchState.TO_DESTROY):
        return True
    return (known.order.stage is OrderStage.TO_SHIP or is_back_in_the_house(known.order, dispatch)) and is_ended(known) is None


def _rows(tx: Tx, shop_id: int, order_nos: Sequence[str], known: Mapping[str, OrderKnowledge], about: Mapping[str, Dispatch]) -> dict[str, ShipRow]:
    if not order_nos:
        return {}
    due = shipdesk.due_of(tx, shop_id, order_nos)
    lines = around.lines(tx, shop_id, order_nos)
    batches = ship_batches.of_orders(tx, shop_id, order_nos)
    return {no: _row(known[no], due.get(no, NO_TERM), [line.facts for line in lines.get(no, ())], about.get(no), batches.get(no)) for no in order_nos}


def _bare_rows(order_nos: Sequence[str], known: Mapping[str, OrderKnowledge], due: Mapping[str, datetime]) -> dict[str, ShipRow]:
    return {no: _row(known[no], due.get(no, NO_TERM), (), None, None) for no in order_nos}


def _row(known: OrderKnowledge, due_at: datetime, lines: Sequence[OrderLineFacts], dispatch: Dispatch | None, batch: BatchRow | None) -> ShipRow:
    order = known.order
    state = None if dispatch is None else dispatch.state
    step = _STEPS.get(state, Step.PRINT if batch is None else Step.BATCH)
    kept = None if step is Step.DESTROY else kept_back(known)
    is_printed = dispatch is not None and state in _STEPS
    return ShipRow(
        order_no=order.order_no,
        step=step.value,
        kept=None if kept is None else kept.value,
        is_told=order.stage is not OrderStage.TO_SHIP,
        due_at=due_at,
        goods=goods_of(order, lines),
        door=order.combine_key,
        carrier=dispatch.carrier if is_printed and dispatch else (batch.carrier if batch else None),
        tracking_no=dispatch.tracking_no if is_printed and dispatch else (batch.tracking_no if batch else None),
        batch_no=batch.batch_no if batch else None,
        filed_at=batch.filed_at if batch and is_printed else None,
        tags=[tag.value for tag in tags_of(order, lines)],
    )


def goods_of(order: OrderFacts, lines: Sequence[OrderLineFacts] = ()) -> str:
    """What lies in the parcel, as one line; the same goods in the same number always give the same line."""
    if not lines:
        return _goods(order.outer_sku or order.outer_goods, order.title, order.spec, order.quantity)
    named = sorted(_goods(line.outer_sku or line.outer_goods, line.title, line.spec, line.quantity) for line in lines)
    more = len(named) - _NAMED
    return " + ".join(named[:_NAMED]) + (f" + {more}…" if more > 0 else "")


def _goods(code: str | None, title: str | None, spec: str | None, quantity: int | None) -> str:
    # an index holds the line: what is longer than any real code or variant is cut
    parts = (code and code[:_CODE], (title or "—")[:_TITLE], spec and spec[:_CODE])
    return " ".join(part.strip() for part in parts if part and part.strip()) + f" ×{quantity or 1}"
