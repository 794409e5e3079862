"""What is known of the goods of an order and of what came back of them."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.actions.goods.packing import packing_facts
from zhanggui.actions.knowing import orders_known
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.way_out import comes_back, deliveries_of
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, ClaimedReceipt, OrderFacts, OrderStage
from zhanggui.core.goods.naming import asked_of
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.returns.ceiling import Ceiling, ceiling_of
from zhanggui.core.returns.complained import Complained, borne_out
from zhanggui.core.returns.grades import AGAINST, Counted, Grade, Ordered
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, around, returns
from zhanggui.records.db import Tx
from zhanggui.records.returns import PieceRow, ReturnRow, ReturnState
from zhanggui.rulebook import load


class Goods(msgspec.Struct, frozen=True):
    """One kind of goods of an order, as the page shows it. `key` names it within the order; `sku` is None where nothing tells it from other goods."""

    key: str
    sku: str | None
    title: str | None
    spec: str | None
    quantity: int
    weight: int
    """Its share of the order's price, in fen where lines bear prices."""
    codes: tuple[str, ...] = ()

    @property
    def ordered(self) -> Ordered:
        """The goods as the ceiling sees them."""
        return Ordered(self.key, self.quantity, self.weight)


def goods_of(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[Goods, ...]:
    """What was sent with an order; nothing where the shop does not know the order."""
    packing = packing_facts(tx, shop_id, [order_no]).get(order_no)
    order = around.orders(tx, shop_id, [order_no]).get(order_no)
    if packing is None or order is None:
        return ()
    prices = _prices(tx, shop_id, order.facts)
    found = []
    for number, line in enumerate(packing.lines, start=1):
        key = line.sku_key or f"line {number}"
        named = (line.title, line.spec)
        found.append(Goods(key, line.sku_key, line.title, line.spec, line.quantity, prices.get(line.sku_key, prices.get(named, 0)), line.barcodes))
    return tuple(found)


def _prices(tx: Tx, shop_id: int, order: OrderFacts) -> Mapping[object, int]:
    """What the lines of an order cost, by every name their goods go by. Gifts cost nothing."""
    found: dict[object, int] = {}
    for line in around.lines(tx, shop_id, [order.order_no]).get(order.order_no, ()):
        if line.facts.is_gift:
            continue
        cost = (line.facts.price or 0) * (1 if line.facts.quantity is None else line.facts.quantity)
        names: set[object] = {(line.facts.title, line.facts.spec), *(asked.name for asked in asked_of(order, [line.facts]))}
        for name in names:
            found[name] = found.get(name, 0) + cost
    return found


def standing(tx: Tx, shop_id: int, case: AftersaleFacts) -> list[ReturnRow]:
    """What was received for a case and stands; what was counted for its order without a case belongs to it too, where it is the only return."""
    rows = returns.of_cases(tx, shop_id, [case.case_no])
    if case.order_no is None or case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return rows
    loose = returns.without_case(tx, shop_id, [case.order_no])
    if not loose:
        return rows
    cases = [known.facts for known in around.cases(tx, shop_id, [case.order_no]).get(case.order_no, ())]
    is_only = sum(each.kind is AftersaleKind.RETURN_AND_REFUND for each in cases) == 1
    return [*rows, *loose] if is_only else rows


def counted_of(tx: Tx, shop_id: int, rows: Sequence[ReturnRow]) -> tuple[Counted, ...] | None:
    """The pieces of these returns; None where none of them was counted."""
    opened = [row.return_no for row in rows if row.state == ReturnState.COUNTED]
    if not opened:
        return None
    return tuple(as_counted(piece) for listed in returns.pieces(tx, shop_id, opened).values() for piece in listed)


def as_counted(piece: PieceRow) -> Counted:
    """The pieces of a row as the core counts them."""
    return Counted(piece.goods, Grade(piece.grade), piece.pieces)


def as_complained(tx: Tx, shop_id: int, case: AftersaleFacts, counted: Sequence[Counted] | None) -> frozenset[Grade]:
    """The conditions of returned pieces that are just what the buyer of this case complained of; none where nothing counted speaks against the buyer."""
    if not any(one.grade in AGAINST for one in counted or ()):
        return frozenset()
    known = orders_known(tx, shop_id, [case.order_no]).get(case.order_no) if case.order_no else None
    found = advice.findings(tx, shop_id, [case.case_no]).get(case.case_no)
    complained = Complained(
        kind=case.kind,
        grievance=grievance_of(case.reason or "", case.kind or AftersaleKind.UNKNOWN, load().advice).kind,
        fault=None if found is None else found.fault,
        packed_right=known is not None and known.dispatch is not None and known.dispatch.packed_at is not None,
        is_undelivered=_is_undelivered(case, known),
    )
    return borne_out(complained)


def _is_undelivered(case: AftersaleFacts, known: OrderKnowledge | None) -> bool:
    """Whether what came back is the parcel that went out, refused or called back before the buyer had it."""
    scans = () if known is None else scans_of_parcel(known)
    if deliveries_of(scans):
        return False
    has_had_it = case.claimed_receipt is ClaimedReceipt.RECEIVED or (known is not None and known.order.stage is OrderStage.RECEIVED)
    return comes_back(scans) or (case.kind is AftersaleKind.REFUND_ONLY and not has_had_it)


def ceiling(tx: Tx, shop_id: int, order_no: str | None, case_no: str) -> Ceiling:
    """The most money that may go back for a case by what was counted, with the reason."""
    known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
    if known is None:
        return Ceiling(Fen(0), say("The shop knows no such case."), Fen(0))
    return ceiling_for(tx, shop_id, msgspec.structs.replace(known.facts, order_no=known.facts.order_no or order_no))


def ceiling_for(tx: Tx, shop_id: int, case: AftersaleFacts) -> Ceiling:
    """The same with the case in hand."""
    if case.kind is not AftersaleKind.RETURN_AND_REFUND:
        return ceiling_of(case, (), None, None)
    rows = standing(tx, shop_id, case)
    waived_by = next((row.made_by_name or "—" for row in rows if row.state == ReturnState.WAIVED), None)
    goods = goods_of(tx, ShopId(shop_id), case.order_no) if case.order_no else ()
    order = around.orders(tx, shop_id, [case.order_no]).get(case.order_no) if case.order_no else None
    paid: Fen | None = None if order is None else order.facts.pay_amount or order.facts.receive_amount or order.facts.goods_amount
    counted = counted_of(tx, shop_id, rows)
    complained = as_complained(tx, shop_id, case, counted)
    return ceiling_of(case, [one.ordered for one in goods], counted, paid, waived_by=waived_by, as_complained=complained)
