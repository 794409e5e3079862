"""Lets the shelves follow the orders: what each order reserves, and what has left with it.

What an order takes is computed from scratch from its facts with every write of it, and replaces what stood there. So undoing an import, storing it again,
or hearing of things in another order always ends in the same reservations. Nothing is added up that could drift: sums are read from these rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.knowing import orders_known
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.goods.naming import Asked, Names, asked_of
from zhanggui.core.goods.taking import Hold, Taking, hold_of
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.records import around, dispatch_marks, items, order_goods, stock
from zhanggui.records.db import Tx
from zhanggui.records.dispatch_marks import Mark
from zhanggui.records.order_goods import Taken
from zhanggui.records.stock import Row

USUAL_PLACE = ""
"""Where a SKU lies whose place nobody named."""


def follow_orders(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime, by: int | None = None) -> set[str]:
    """Makes what these orders take what their facts say now, and names the SKUs of which they take or took anything. Reads the facts afresh."""
    return follow(tx, shop_id, order_nos, orders_known(tx, shop_id, order_nos), now, by=by)


def follow(
    tx: Tx,
    shop_id: int,
    order_nos: Collection[str],
    known: Mapping[str, OrderKnowledge],
    now: datetime,
    *,
    fresh: Collection[str] = (),
    are_bare: bool = False,
    by: int | None = None,
) -> set[str]:
    """The same with the facts in hand. Orders not among them take nothing; `fresh` ones have no row yet; where they `are_bare` nothing hangs on any."""
    marks = {} if are_bare else dispatch_marks.of_orders(tx, shop_id, sorted(order_nos))
    counted = dispatch_marks.counted(tx, shop_id, [no for no, mark in marks.items() if mark.state != DispatchState.HANDED_OVER])
    holds: dict[str, Hold] = {}
    for no, one in known.items():
        hold = hold_of(_as_marked(one, marks.get(no)), is_counted=no in counted)
        if hold is not None and no in order_nos:
            holds[no] = hold
    before = {(row.order_no, row.sku): row for row in order_goods.of_orders(tx, shop_id, sorted(set(order_nos) - set(fresh)))}
    after = _taken(tx, shop_id, known, holds, before, now, are_bare=are_bare)
    gone = [row for key, row in before.items() if key not in after]
    moved = [row for key, row in after.items() if before.get(key) != row]
    order_goods.remove(tx, shop_id, gone)
    order_goods.put(tx, shop_id, moved)
    items.drop_unused(tx, shop_id, sorted({row.sku for row in gone}))
    _write_down(tx, shop_id, before, after, now, by)
    return {sku for _, sku in before} | {sku for _, sku in after}


def _as_marked(known: OrderKnowledge, mark: Mark | None) -> OrderKnowledge:
    """The order with how far it is while we hold it: the very news in hand may have moved it since it was read."""
    dispatch = known.dispatch
    if dispatch is None:
        return known
    state, handed_at = (None, None) if mark is None else (DispatchState(mark.state), mark.handed_at)
    return msgspec.structs.replace(known, dispatch=msgspec.structs.replace(dispatch, state=state, handed_at=handed_at))


def _taken(
    tx: Tx,
    shop_id: int,
    known: Mapping[str, OrderKnowledge],
    holds: Mapping[str, Hold],
    before: Mapping[tuple[str, str], Taken],
    now: datetime,
    *,
    are_bare: bool,
) -> dict[tuple[str, str], Taken]:
    """What the orders that hold goods take, by order and SKU. Goods that are gone matter only where something was ever counted."""
    is_counted = stock.any_level(tx, shop_id)
    holding = {no: hold for no, hold in holds.items() if hold.taking is Taking.RESERVED or (is_counted and hold.left_at is not None)}
    if not holding:
        return {}
    lines = {} if are_bare else around.lines(tx, shop_id, sorted(holding))
    asked = {no: asked_of(known[no].order, [line.facts for line in lines.get(no, ())]) for no in holding}
    meant = resolved(tx, shop_id, [one for listed in asked.values() for one in listed])
    found: dict[tuple[str, str], Taken] = {}
    for no, listed in asked.items():
        for one in listed:
            sku = meant.get(one)
            if sku is not None:
                earlier = found.get((no, sku))
                pieces = one.quantity + (earlier.quantity if earlier else 0)
                found[no, sku] = Taken(no, sku, pieces, holding[no].taking.value, holding[no].left_at, USUAL_PLACE, one.by_other_name)
    items.name_new(tx, shop_id, (row.sku for row in found.values() if row.state == Taking.RESERVED), now)
    return _at_their_places(tx, shop_id, found, before)


def _at_their_places(tx: Tx, shop_id: int, found: Mapping[tuple[str, str], Taken], before: Mapping[tuple[str, str], Taken]) -> dict[tuple[str, str], Taken]:
    """The rows with the places they are taken from; what left before its place was last counted, or was never counted, is not kept.

    A SKU is taken from where it is picked, if that was ever counted, else from the first of the places that were. What was taken from a place once stays
    taken from there, wherever its SKU is picked from now.
    """
    left = sorted({row.sku for row in found.values() if row.state == Taking.LEFT})
    places, counted = items.locations(tx, shop_id, left), stock.counted(tx, shop_id, left)
    first = dict(sorted(counted, reverse=True))
    kept: dict[tuple[str, str], Taken] = {}
    for key, row in found.items():
        if row.state == Taking.RESERVED:
            kept[key] = row
            continue
        was = _left(before.get(key))
        picked_at = places.get(row.sku, USUAL_PLACE)
        usual = picked_at if (row.sku, picked_at) in counted else first.get(row.sku, picked_at)
        place = usual if was is None else was.location
        counted_at = counted.get((row.sku, place))
        if counted_at is not None and row.left_at is not None and row.left_at > counted_at:
            kept[key] = Taken(row.order_no, row.sku, row.quantity, row.state, row.left_at, place, row.asked)
    return kept


def resolved(tx: Tx, shop_id: int, asked: Sequence[Asked]) -> dict[Asked, str]:
    """The SKU that each of these means; what names nothing is left out."""
    other = [one for one in asked if not one.sku_id and one.name is not None]
    codes = {one.code for one in other if one.code}
    goods = {one.goods_id for one in other if one.goods_id and not one.code}
    names = Names(order_goods.told_by(tx, shop_id, codes, goods) if other else ())
    return {one: sku for one in asked if (sku := names.sku_of(one)) is not None}


def _write_down(tx: Tx, shop_id: int, before: Mapping[tuple[str, str], Taken], after: Mapping[tuple[str, str], Taken], now: datetime, by: int | None) -> None:
    """Writes down what left the shelves, and what came back to them because the order had not left after all."""
    moves: list[tuple[Taken, int]] = []
    for key in sorted(before.keys() | after.keys()):
        was, now_is = _left(before.get(key)), _left(after.get(key))
        if was is not None and (now_is is None or (was.quantity, was.location) != (now_is.quantity, now_is.location)):
            moves.append((was, was.quantity))
        if now_is is not None and (was is None or (was.quantity, was.location) != (now_is.quantity, now_is.location)):
            moves.append((now_is, -now_is.quantity))
    if not moves:
        return
    balance = {(level.sku, level.location): level.on_hand for level in stock.levels(tx, shop_id, sorted({row.sku for row, _ in moves}))}
    for row, pieces in moves:
        balance[row.sku, row.location] = balance.get((row.sku, row.location), 0) - pieces  # back to before these moves …
    rows: list[Row] = []
    for row, pieces in moves:
        balance[row.sku, row.location] += pieces  # … and one by one to what lies there now
        kind = "shipped" if pieces < 0 else "shipment_back"
        rows.append((shop_id, row.sku, row.location, now, kind, pieces, balance[row.sku, row.location], by, "", row.order_no))
    stock.write_changes(tx, rows)


def _left(row: Taken | None) -> Taken | None:
    return row if row is not None and row.state == Taking.LEFT else None
