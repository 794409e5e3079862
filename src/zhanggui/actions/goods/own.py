"""What the shop itself knows of its goods: weights, barcodes, where they are picked, when few are left. Typed, or by a sheet together with counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from zhanggui.actions.goods.changing import LONGEST_PLACE, MOST_PIECES, Count, count_within, under_lock
from zhanggui.actions.goods.following import USUAL_PLACE
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files import Unreadable
from zhanggui.connectors.files.sheets import RowRefused
from zhanggui.connectors.files.stock_sheets import StockRow, read_stock_sheet
from zhanggui.core.facts import Place
from zhanggui.core.goods.naming import CODE
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import items, journal
from zhanggui.records.db import Tx
from zhanggui.records.items import Item
from zhanggui.records.journal_entries.goods import GoodsNoted, StockSheetTaken

HEAVIEST_G = 1_000_000
MOST_BARCODES, LONGEST_BARCODE = 20, 64


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop knows of one SKU; what is None is not known."""

    weight_g: int | None = None
    packing_g: int | None = None
    barcodes: tuple[str, ...] = ()
    location: str = USUAL_PLACE
    warn_at: int | None = None


class SheetTaken(msgspec.Struct, frozen=True):
    """What a sheet brought: counts kept, SKUs of which something was noted, and the rows that were not taken."""

    counted: int
    noted: int
    refused: tuple[RowRefused, ...]


def keep_own(house: House, by: Person, shop_id: ShopId, sku: str, own: Own, now: datetime) -> None:
    """Keeps what a person says of a SKU. Raises Refused."""
    by.need(Permission.GOODS_WRITE, shop_id)
    problem = complaint(own)
    if problem is not None:
        raise Refused(problem)

    def work(tx: Tx) -> None:
        if sku not in items.of_skus(tx, shop_id, [sku]):
            raise Refused(say("The shop knows no SKU {sku}. Bring in a list of products, or name it under Goods first.", sku=sku))
        _refuse_taken(tx, shop_id, sku, own.barcodes)
        _set(tx, shop_id, sku, own)
        journal.write(tx, shop_id, GoodsNoted(sku), at=now, by=by.person_id)

    under_lock(house, shop_id, work)


def name_goods(house: House, by: Person, shop_id: ShopId, code: str, now: datetime) -> str:
    """The SKU that goes by this code of the seller's; made known where it was not, so that it can be counted before any list or order names it."""
    by.need(Permission.GOODS_WRITE, shop_id)
    code = code.strip()
    if not code or len(code) > 100 or any(not char.isprintable() for char in code):
        raise Refused(say("Give the code that the goods have in the shop, of at most {most} characters.", most=100))

    def work(tx: Tx) -> str:
        known = items.by_codes(tx, shop_id, [code]).get(code, [])
        if known:
            return known[0]
        items.name_new(tx, shop_id, [CODE + code], now)
        journal.write(tx, shop_id, GoodsNoted(CODE + code), at=now, by=by.person_id)
        return CODE + code

    return under_lock(house, shop_id, work)


def take_stock_sheet(house: House, by: Person, shop_id: ShopId, path: Path, now: datetime) -> SheetTaken:
    """Takes what a sheet counts and notes; rows that name no goods of the shop are told, all others are kept. Raises Refused where it is no such sheet."""
    by.need(Permission.GOODS_WRITE, shop_id)
    try:
        sheet = read_stock_sheet(path)
    except Unreadable as problem:
        raise Refused(problem.say) from None

    def work(tx: Tx) -> SheetTaken:
        refused = list(sheet.refused)
        meant = _meant(tx, shop_id, sheet.rows, refused)
        known = items.of_skus(tx, shop_id, sorted({sku for sku, _ in meant}))
        counts: dict[tuple[str, str], tuple[Count, Place]] = {}
        noted: dict[str, Own] = {}
        given: dict[str, str] = {}
        for sku, row in meant:
            own = _laid_over(noted.get(sku) or own_of(known[sku]), row)
            location = (row.location or own.location).strip()
            problem = complaint(own) or _count_complaint(row, counts.get((sku, location))) or _taken_elsewhere(tx, shop_id, sku, row.barcodes or (), given)
            if problem is not None:
                refused.append(RowRefused(row.place, problem))
                continue
            given |= dict.fromkeys(row.barcodes or (), sku)
            if own != (noted.get(sku) or own_of(known[sku])):
                noted[sku] = own
            if row.pieces is not None:
                counts[sku, location] = Count(sku, row.pieces, location), row.place
        for sku, own in noted.items():
            _set(tx, shop_id, sku, own)
        count_within(tx, house, by, shop_id, [count for count, _ in counts.values()], now)
        journal.write(tx, shop_id, StockSheetTaken(len(counts), len(noted), len(refused)), at=now, by=by.person_id)
        return SheetTaken(len(counts), len(noted), tuple(sorted(refused, key=lambda one: (one.place.file, one.place.row or 0))))

    return under_lock(house, shop_id, work)


def own_of(item: Item) -> Own:
    """What the shop knows of it now."""
    return Own(weight_g=item.weight_g, packing_g=item.packing_g, barcodes=tuple(item.barcodes), location=item.location, warn_at=item.warn_at)


def complaint(own: Own) -> Say | None:
    """What is wrong with it, None where nothing is."""
    for weight in (own.weight_g, own.packing_g):
        if weight is not None and not 0 <= weight <= HEAVIEST_G:
            return say("A weight lies between nothing and {most} grams.", most=HEAVIEST_G)
    if len(own.barcodes) > MOST_BARCODES or any(not barcode.isprintable() or len(barcode) > LONGEST_BARCODE for barcode in own.barcodes):
        return say("A SKU has at most {most} barcodes of at most {long} characters.", most=MOST_BARCODES, long=LONGEST_BARCODE)
    if len(own.location) > LONGEST_PLACE:
        return say("A place has at most {most} characters.", most=LONGEST_PLACE)
    if own.warn_at is not None and not 0 <= own.warn_at <= MOST_PIECES:
        return say("Give a whole number of pieces from {least} to {most}.", least=0, most=MOST_PIECES)
    return None


def _count_complaint(row: StockRow, earlier: tuple[Count, Place] | None) -> Say | None:
    """What is wrong with the count, also beside what another row counts of the same at the same place."""
    if earlier is not None and row.pieces is not None and row.pieces != earlier[0].pieces:
        other, place = earlier
        return say("Row {row} counts {pieces} of the same at the same place. Put both into one row, or name their places.", row=place.row, pieces=other.pieces)
    if row.pieces is not None and not 0 <= row.pieces <= MOST_PIECES:
        return say("Give a whole number of pieces from {least} to {most}.", least=0, most=MOST_PIECES)
    return say("A place has at most {most} characters.", most=LONGEST_PLACE) if row.location and len(row.location) > LONGEST_PLACE else None


def _meant(tx: Tx, shop_id: ShopId, rows: Sequence[StockRow], refused: list[RowRefused]) -> list[tuple[str, StockRow]]:
    """The SKU that each row means, by its number, else its code, else a barcode; what is told of none, or of several, is refused."""
    by_id = items.of_skus(tx, shop_id, sorted({row.sku_id for row in rows if row.sku_id}))
    by_code = items.by_codes(tx, shop_id, sorted({row.code for row in rows if row.code}))
    by_barcode = items.by_barcodes(tx, shop_id, sorted({row.barcode for row in rows if row.barcode}))
    meant = []
    for row in rows:
        found = _named(row, by_id, by_code, by_barcode)
        if len(found) == 1:
            meant.append((found[0], row))
        else:
            refused.append(RowRefused(row.place, _unknown(row, found)))
    return meant


def _named(row: StockRow, by_id: Mapping[str, Item], by_code: Mapping[str, list[str]], by_barcode: Mapping[str, str]) -> list[str]:
    if row.sku_id:
        return [row.sku_id] if row.sku_id in by_id else []
    if row.code:
        return by_code.get(row.code, [])
    found = by_barcode.get(row.barcode or "")
    return [] if found is None else [found]


def _unknown(row: StockRow, found: Sequence[str]) -> Say:
    name = row.sku_id or row.code or row.barcode or ""
    if found:
        return say("Several SKUs go by {name}. Name the row by the platform's number of the variant.", name=name)
    return say("The shop has no goods that go by {name}. Bring in a list of products first, or name them under Goods.", name=name)


def _laid_over(own: Own, row: StockRow) -> Own:
    """What is known once the row is taken; blank cells leave what was known, and a barcode of the row is one more."""
    told = {
        "weight_g": row.weight_g,
        "packing_g": row.packing_g,
        "warn_at": row.warn_at,
        "location": None if row.pick_at is None else row.pick_at.strip(),
        "barcodes": None if row.barcodes is None else tuple(dict.fromkeys((*own.barcodes, *row.barcodes))),
    }
    return msgspec.structs.replace(own, **{name: value for name, value in told.items() if value is not None})


def _refuse_taken(tx: Tx, shop_id: ShopId, sku: str, barcodes: Sequence[str]) -> None:
    problem = _taken_elsewhere(tx, shop_id, sku, barcodes, {})
    if problem is not None:
        raise Refused(problem)


def _taken_elsewhere(tx: Tx, shop_id: ShopId, sku: str, barcodes: Sequence[str], given: Mapping[str, str]) -> Say | None:
    """A barcode that stands on other goods already, or was `given` to others a row before: a scan could then mean both."""
    elsewhere = items.by_barcodes(tx, shop_id, list(barcodes)) | {barcode: given[barcode] for barcode in barcodes if barcode in given}
    for barcode, other in elsewhere.items():
        if other != sku:
            return say("The barcode {barcode} stands on other goods already ({other}): a scan would mean both.", barcode=barcode, other=other)
    return None


def _set(tx: Tx, shop_id: ShopId, sku: str, own: Own) -> None:
    items.set_own(
        tx,
        shop_id,
        sku,
        weight_g=own.weight_g,
        packing_g=own.packing_g,
        barcodes=own.barcodes,
        location=own.location.strip(),
        warn_at=own.warn_at,
    )
