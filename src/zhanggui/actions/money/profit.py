"""What orders left the shop, part by part, and what their goods cost it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from zhanggui.actions.carrier_choice.naming import carrier_code
from zhanggui.actions.goods.packing import Packing, packing_facts
from zhanggui.actions.house import House
from zhanggui.actions.platform_carriers import carriers_in
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files import Unreadable
from zhanggui.connectors.files.cost_sheets import CostRow, read_cost_sheet
from zhanggui.connectors.files.sheets import RowRefused
from zhanggui.core.bill import BillClass
from zhanggui.core.carriers.prices import PriceTable
from zhanggui.core.facts import OrderFacts, OrderStage
from zhanggui.core.ledger.costs import IN_BILL, CostKind
from zhanggui.core.ledger.matching import MatchReason
from zhanggui.core.ledger.profit import OrderMoney, Profit, profit_of
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, bill_entries, carriers, cash, costs, dispatches, items, journal, refund_matches
from zhanggui.records.bill_entries import BillEntry
from zhanggui.records.cash import GoodsCost
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.money import GoodsCostSet
from zhanggui.records.refund_matches import MatchRow

MOST_FEN = 100_000_000
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), "")


class ProfitRow(msgspec.Struct, frozen=True):
    """An order with what it left."""

    order: OrderFacts
    at: datetime
    profit: Profit


class ProfitPage(msgspec.Struct, frozen=True):
    """Orders with what they left, newest first."""

    rows: tuple[ProfitRow, ...]
    next_row: tuple[datetime, str] | None

    @property
    def known(self) -> Fen:
        """What the orders whose every part is known left."""
        return Fen(sum(row.profit.fen for row in self.rows if row.profit.fen is not None))

    @property
    def whole(self) -> int:
        """How many those are."""
        return sum(1 for row in self.rows if row.profit.fen is not None)


class GoodsOfOrder(msgspec.Struct, frozen=True):
    """What the goods of an order cost the shop, and how many pieces they are."""

    fen: int
    pieces: int


class CostsTaken(msgspec.Struct, frozen=True):
    """What a sheet of costs brought."""

    kept: int
    refused: tuple[RowRefused, ...]


def profits(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, Profit]:
    """What each of these orders left, as far as anybody knows; orders nobody told of are left out."""
    orders = around.orders(tx, shop_id, order_nos)
    present = sorted(orders)
    if not present:
        return {}
    entries = bill_entries.of_orders(tx, shop_id, present)
    matches = refund_matches.held(tx, shop_id, refund_matches.ORDER, present)
    spent = costs.of_orders(tx, shop_id, present)
    facts, packed = {no: known.facts for no, known in orders.items()}, packing_facts(tx, shop_id, present)
    goods, freight = _goods(tx, shop_id, facts, packed), _freight(tx, shop_id, facts, packed)
    return {no: profit_of(_money(orders[no].facts, entries.get(no, ()), matches.get(no), spent.get(no, {}), goods.get(no), freight.get(no))) for no in present}


def profit_page(house: House, by: Person, shop_id: ShopId, *, before: tuple[datetime, str] | None = None, limit: int = 50) -> ProfitPage:
    """The shop's orders, newest first, each with what it left."""
    by.need(Permission.MONEY_READ, shop_id)
    with house.pool.connection() as tx:
        listed = cash.newest_orders(tx, shop_id, before or _LAST, limit + 1)
        shown = listed[:limit]
        found = profits(tx, shop_id, [order.order_no for _, order in shown])
    rows = tuple(ProfitRow(order, at, found[order.order_no]) for at, order in shown)
    return ProfitPage(rows, (rows[-1].at, rows[-1].order.order_no) if len(listed) > limit else None)


def put_goods_cost(house: House, by: Person, shop_id: ShopId, name: str, fen: Fen | None, from_day: date, now: datetime) -> str:
    """Keeps what a piece of the SKU costs from a day on; the SKU that goes by this number or code. Raises Refused."""
    by.need(Permission.MONEY_WRITE, shop_id)
    if fen is None or not 0 <= fen <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN))

    def work(tx: Tx) -> str:
        found = _named(tx, shop_id, [name.strip()]).get(name.strip(), [])
        if len(found) != 1:
            raise Refused(_unknown(name.strip(), found))
        cash.put_costs(tx, shop_id, [GoodsCost(found[0], from_day, fen)], by.person_id, now)
        journal.write(tx, shop_id, GoodsCostSet(1), at=now, by=by.person_id)
        return found[0]

    return transact(house.pool, work)


def take_cost_sheet(house: House, by: Person, shop_id: ShopId, path: Path, from_day: date, now: datetime) -> CostsTaken:
    """Keeps what a sheet says goods cost from a day on; rows that name no goods of the shop are told, all others are kept."""
    by.need(Permission.MONEY_WRITE, shop_id)
    try:
        sheet = read_cost_sheet(path)
    except Unreadable as problem:
        raise Refused(problem.say) from None

    def work(tx: Tx) -> CostsTaken:
        found = _named(tx, shop_id, sorted({row.name for row in sheet.rows}))
        told, refused = dict[str, GoodsCost](), list(sheet.refused)
        for row in sheet.rows:
            problem = _complaint(row, found.get(row.name, []))
            if problem is None:
                told[found[row.name][0]] = GoodsCost(found[row.name][0], from_day, row.fen)
            else:
                refused.append(RowRefused(row.place, problem))
        cash.put_costs(tx, shop_id, list(told.values()), by.person_id, now)
        if told:
            journal.write(tx, shop_id, GoodsCostSet(len(told)), at=now, by=by.person_id)
        return CostsTaken(len(told), tuple(sorted(refused, key=lambda one: (one.place.file, one.place.row or 0))))

    return transact(house.pool, work)


def _money(
    order: OrderFacts, entries: Sequence[BillEntry], match: MatchRow | None, spent: Mapping[str, int], goods: int | None, freight: int | None
) -> OrderMoney:
    booked = _net(entries, BillClass.INCOME)
    refunded = _net(entries, BillClass.REFUND)
    return OrderMoney(
        has_bill=bool(entries),
        booked=None if booked is None else Fen(booked),
        expected=order.receive_amount if order.receive_amount is not None else order.pay_amount,
        refunded=None if refunded is None else Fen(-refunded),
        refund_told=None if match is None or match.told is None else Fen(match.told),
        is_refund_unknown=match is not None and match.told is None and match.reason == MatchReason.SUM_UNKNOWN,
        fees=Fen(-(_net(entries, BillClass.FEE) or 0)),
        deductions=Fen(-(_net(entries, BillClass.COMPENSATION, BillClass.CLAWBACK) or 0)),
        is_sent=order.stage is not OrderStage.CANCELLED or order.shipped_at is not None,
        goods=None if goods is None else Fen(goods),
        freight=None if freight is None else Fen(freight),
        spent=Fen(sum(fen for kind, fen in spent.items() if CostKind(kind) not in IN_BILL)),
    )


def _net(entries: Sequence[BillEntry], *classes: BillClass) -> int | None:
    """What lines of these classes brought; None where there is none."""
    sums = [entry.income - entry.expense for entry in entries if entry.bill_class in classes]
    return sum(sums) if sums else None


def _goods(tx: Tx, shop_id: ShopId, orders: Mapping[str, OrderFacts], packed: Mapping[str, Packing]) -> dict[str, int | None]:
    """What the goods of each order, gifts with them, cost when its group formed; None where one of them has no cost or no name."""
    priced = cash.costs_of(tx, shop_id, sorted({line.sku_key for packing in packed.values() for line in packing.lines if line.sku_key}))
    found: dict[str, int | None] = {}
    for no, packing in packed.items():
        at = orders[no].group_formed_at or orders[no].paid_at or orders[no].created_at
        day = None if at is None else shanghai_day(at)
        costs_told = [(_cost_on(priced.get(line.sku_key or "", []), day), line.quantity) for line in packing.lines]
        known = [cost * quantity for cost, quantity in costs_told if cost is not None]
        found[no] = sum(known) if known and len(known) == len(costs_told) else None
    return found


def goods_costs_of(tx: Tx, shop_id: ShopId, orders: Mapping[str, OrderFacts]) -> dict[str, GoodsOfOrder]:
    """What the goods of each of these orders cost, as far as the shop has said of all of them; nothing is looked up where it has said it of none."""
    if not orders or not cash.has_costs(tx, shop_id):
        return {}
    packed = packing_facts(tx, shop_id, sorted(orders))
    costs_told = _goods(tx, shop_id, orders, packed)
    return {no: GoodsOfOrder(fen, sum(line.quantity for line in packed[no].lines)) for no, fen in costs_told.items() if fen is not None}


def _cost_on(told: Sequence[GoodsCost], day: date | None) -> int | None:
    """The cost in force on the day; the earliest one for days before any was told."""
    if not told:
        return None
    begun = [cost for cost in told if day is not None and cost.from_day <= day]
    return (begun[-1] if begun else told[0]).fen


def _freight(tx: Tx, shop_id: ShopId, orders: Mapping[str, OrderFacts], packed: Mapping[str, Packing]) -> dict[str, int | None]:
    """What each order's parcel costs by the shop's price table: by the weight it was packed with, else the middle of what it should weigh."""
    bands = carriers.prices(tx, shop_id)
    numbered = [no for no, order in orders.items() if order.tracking_no and order.carrier]
    if not bands or not numbered:
        return {}
    table, known = PriceTable(bands), carriers_in(tx)
    weighed = {no: dispatch.weight_g for no, dispatch in dispatches.of_orders(tx, shop_id, numbered).items()}
    found: dict[str, int | None] = {}
    for no in numbered:
        usual = packed[no].expected_weight if no in packed else None
        weight = weighed.get(no) or (None if usual is None else (usual.low_g + usual.high_g) // 2)
        carrier = orders[no].carrier
        found[no] = None if weight is None or carrier is None else table.price(carrier_code(carrier, known), orders[no].province, weight)
    return found


def _named(tx: Tx, shop_id: ShopId, names: Sequence[str]) -> dict[str, list[str]]:
    """The SKUs that go by each of these: the platform's number, else the seller's code, else a barcode."""
    by_id = items.of_skus(tx, shop_id, list(names))
    by_code = items.by_codes(tx, shop_id, list(names))
    by_barcode = items.by_barcodes(tx, shop_id, list(names))
    return {name: [name] if name in by_id else by_code.get(name) or ([by_barcode[name]] if name in by_barcode else []) for name in names}


def _complaint(row: CostRow, found: Sequence[str]) -> Say | None:
    if not 0 <= row.fen <= MOST_FEN:
        return say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN)
    return None if len(found) == 1 else _unknown(row.name, found)


def _unknown(name: str, found: Sequence[str]) -> Say:
    if found:
        return say("Several SKUs go by {name}. Name the row by the platform's number of the variant.", name=name)
    return say("The shop has no goods that go by {name}. Bring in a list of products first, or name them under Goods.", name=name)
