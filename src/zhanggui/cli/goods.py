"""`zhanggui goods`: the shop's goods with their stock; takes a stock sheet in, and reads products from the platform."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.goods.listing import GoodsRow, goods_list
from zhanggui.actions.goods.own import SheetTaken, take_stock_sheet
from zhanggui.actions.goods.reading import GoodsRead, read_goods
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import utc_or_none
from zhanggui.cli.shop_option import shop_of, shop_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST = 500


class GoodsShape(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU. `on_hand` and `free` are null until it was counted once; what only the platform tells is null until it told."""

    sku: str
    goods_id: str | None
    code: str | None
    title: str
    on_hand: int | None
    reserved: int
    free: int | None
    offered: int | None
    on_shelf: bool | None
    group_price_fen: int | None
    single_price_fen: int | None
    promised_hours: int | None
    weight_g: int | None
    packing_g: int | None
    barcodes: tuple[str, ...]
    location: str
    warn_at: int | None
    told_at: datetime | None


class GoodsReadShape(msgspec.Struct, frozen=True):
    """What reading the products brought."""

    products: int
    details: int
    calls: int
    trouble: str | None


class LeftOutShape(msgspec.Struct, frozen=True):
    """A row of the sheet that was not taken."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    reason: str


class SheetShape(msgspec.Struct, frozen=True):
    """What the sheet brought."""

    counted: int
    noted: int
    left_out: tuple[LeftOutShape, ...]


class GoodsListShape(msgspec.Struct, frozen=True, kw_only=True):
    """The goods, and where the list goes on."""

    shop: str
    skus: int
    short: int
    read: GoodsReadShape | None
    sheet: SheetShape | None
    goods: tuple[GoodsShape, ...]
    next: str | None


@click.command("goods")
@click.argument("word", required=False, default="")
@shop_option
@click.option("--short", "only_short", is_flag=True, help="Only what is promised beyond what lies there.")
@click.option("--sheet", "sheet_file", type=_FILE, metavar="FILE", help="First take this stock sheet in.")
@click.option("--read", "reads", is_flag=True, help="First read all products from the platform.")
@click.option("--limit", type=click.IntRange(1, _MOST), default=100, show_default=True, help="How many to show.")
@click.option("--after", default="", metavar="CURSOR", help="Go on where an earlier answer ended (its next).")
@with_desk
def goods(desk: Desk, word: str, *, shop_name: str, only_short: bool, sheet_file: Path | None, reads: bool, limit: int, after: str) -> int:
    """Show the shop's goods: what lies there, what orders wait for, what is free."""
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        read = read_goods(house, desk.by, shop_id, clock.now(), clock.unwound()) if reads else None
        taken = take_stock_sheet(house, desk.by, shop_id, sheet_file, clock.now()) if sheet_file else None
        listed = goods_list(house, desk.by, shop_id, query=word.strip() or None, only_short=only_short, cursor=after or None, limit=limit)
    rows = listed.rows
    desk.document(
        GoodsListShape(
            shop=shop_name,
            skus=listed.skus,
            short=listed.short,
            read=None if read is None else _read(desk, read),
            sheet=None if taken is None else _sheet(desk, taken),
            goods=tuple(map(_goods, rows)),
            next=listed.next_cursor,
        )
    )
    _show(desk, rows, read, taken)
    return REFUSED if (read is not None and read.trouble is not None) or (taken is not None and taken.refused) else DONE


def _goods(row: GoodsRow) -> GoodsShape:
    item, facts = row.item, row.facts
    return GoodsShape(
        sku=item.sku,
        goods_id=item.goods_id or None,
        code=item.code,
        title=row.title,
        on_hand=row.stock.on_hand,
        reserved=row.stock.reserved,
        free=row.stock.free,
        offered=facts.offered if facts else None,
        on_shelf=facts.on_shelf if facts else None,
        group_price_fen=facts.group_price if facts else None,
        single_price_fen=facts.single_price if facts else None,
        promised_hours=facts.promised_hours if facts else None,
        weight_g=item.weight_g if item.weight_g is not None else facts.weight_g if facts else None,
        packing_g=item.packing_g,
        barcodes=tuple(item.barcodes),
        location=item.location,
        warn_at=item.warn_at,
        told_at=utc_or_none(item.told_at),
    )


def _read(desk: Desk, read: GoodsRead) -> GoodsReadShape:
    return GoodsReadShape(read.products, read.details, read.calls, None if read.trouble is None else desk.said(read.trouble))


def _sheet(desk: Desk, taken: SheetTaken) -> SheetShape:
    left = (LeftOutShape(one.place.file, one.place.sheet, one.place.row, one.place.column, desk.said(one.reason)) for one in taken.refused)
    return SheetShape(taken.counted, taken.noted, tuple(left))


def _show(desk: Desk, rows: tuple[GoodsRow, ...], read: GoodsRead | None, taken: SheetTaken | None) -> None:
    if read is not None:
        desk.line("{products} products were read, {details} of them in detail.", products=read.products, details=read.details)
        if read.trouble is not None:
            desk.lines([desk.said(read.trouble)])
    if taken is not None:
        desk.line(
            "{counted} places were counted, {noted} SKUs noted, {refused} rows left out.", counted=taken.counted, noted=taken.noted, refused=len(taken.refused)
        )
        desk.lines(columns([["X", f"{one.place.file}:{one.place.row}", desk.said(one.reason)] for one in taken.refused]))
    if not rows:
        desk.line("No goods go by that.")
    desk.lines(columns([[row.item.sku, row.title, _number(row.stock.on_hand), str(row.stock.reserved), _number(row.stock.free)] for row in rows]))


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
