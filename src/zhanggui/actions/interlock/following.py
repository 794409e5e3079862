"""New facts move orders on their way out by themselves, in the transaction that stores the facts: a refund puts what was printed on the destroy list."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.interlock.stepping import Standing, Stepping, followed, repaid_among
from zhanggui.actions.knowing import orders_known
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.judging import asks_for_recall, follows
from zhanggui.core.dispatch.parcels import not_called_back
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.records import dispatches, locks
from zhanggui.records.db import Tx


def follow(tx: Tx, shop_id: int, known: Mapping[str, OrderKnowledge], now: datetime) -> None:
    """Lets these orders follow what is known of them now."""
    leaving = {no: told for no, told in known.items() if told.dispatch is not None}
    repaid = repaid_among(tx, shop_id, leaving) if leaving else set()
    moved = [no for no, told in leaving.items() if _is_moved(told.dispatch, told, is_repaid=no in repaid)]
    if not moved:
        return
    stepping = Stepping(tx, shop_id, now, None)
    rows = dispatches.hold_those_there(tx, shop_id, moved)
    together = _together(tx, shop_id, [row for row in rows.values() if row.state is DispatchState.DESTROYED])
    for no, row in rows.items():
        company = tuple(other for other in together.get(row.tracking_no, ()) if other.order_no != no)
        followed(stepping, Standing(row, leaving[no], no in repaid, company), now)
    stepping.store()


def look_again(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime) -> None:
    """Lets these orders follow what is known of them, though no fact is new: an act of ours that was to pay the buyer back may have come to nothing."""
    locks.do_not_wait_long(tx)
    locks.share_shop(tx, shop_id)
    dispatches.hold_those_there(tx, shop_id, order_nos)
    follow(tx, shop_id, orders_known(tx, shop_id, order_nos), now)


def _is_moved(dispatch: Dispatch | None, known: OrderKnowledge, *, is_repaid: bool) -> bool:
    if dispatch is None:
        return False
    why = asks_for_recall(dispatch, known)
    if follows(dispatch, known, is_repaid=is_repaid) is not None or (why is None) is not (dispatch.recall_asked_at is None):
        return True
    return why is not None and bool(not_called_back(dispatch, known))


def _together(tx: Tx, shop_id: int, destroyed: Sequence[Dispatch]) -> Mapping[str | None, Sequence[Dispatch]]:
    """By tracking number, the orders that share it with one of these."""
    found: dict[str | None, list[Dispatch]] = {}
    if destroyed:
        nos = dispatches.in_company(tx, shop_id, [dispatch.order_no for dispatch in destroyed])
        for other in dispatches.of_orders(tx, shop_id, nos).values():
            found.setdefault(other.tracking_no, []).append(other)
    return found
