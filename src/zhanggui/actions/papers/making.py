"""Papers made for stored orders: read, judged, drawn, and written into the journal before anybody holds them."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from psycopg import errors

from zhanggui.actions.access import shops_with
from zhanggui.actions.dispatching.printing import against_count, printed_in
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Stepping, apply, held
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.papers.composing import Sheet, Told, items_of, labels_of, picks_of, slip_of
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.decide.printing import not_to_print
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.facts import OrderStage
from zhanggui.core.say import Say, say
from zhanggui.papers.drawing import checked_label, checked_slip, labels_pdf, picks_pdf, slips_pdf
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Form, Label, Paper
from zhanggui.papers.trouble import PapersMissing, PaperTrouble
from zhanggui.papers.zpl import labels_zpl
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, dispatch_marks, items, journal, order_goods, papers
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import PapersMade
from zhanggui.records.wakes import wake

T = TypeVar("T")

MOST = 2_000
"""A run of papers that a person can still look through; it takes seconds."""
FONTS_NAMED_BY = "ZHANGGUI_PAPER_FONTS"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which papers, of which orders: those named, else the most urgent at a stage."""

    paper: Paper = Paper.LABEL
    form: Form = Form.PDF
    size: str = "76x130"
    dpi: int = 203
    order_nos: tuple[str, ...] = ()
    stage: OrderStage | None = None
    limit: int = 500
    told: Told = Told()


class MadeFor(msgspec.Struct, frozen=True):
    """An order that is on paper now: what its barcode holds, and how often this paper was made for it before."""

    order_no: str
    number: str | None
    made_before: int


class NotMade(msgspec.Struct, frozen=True):
    """An order that got no paper, and why."""

    order_no: str
    because: Say


class Made(msgspec.Struct, frozen=True):
    """The papers, and what became of each order. Without an order there is no content."""

    content: bytes
    orders: tuple[MadeFor, ...]
    not_made: tuple[NotMade, ...]
    left: int
    """Whether more orders stand at the stage than were asked for: at least so many."""


def make_papers(house: House, by: Person, shop_id: ShopId, wanted: Wanted, now: datetime) -> Made:
    """Papers for every order that may have one. Each is in the journal before this returns. Raises Refused where nothing at all can be made."""
    by.need(Permission.PAPERS_PRINT, shop_id)
    _refuse_odd(wanted)
    with house.pool.connection() as tx:
        order_nos, left = _chosen(tx, shop_id, wanted)
        sheets, not_made = _judged(tx, by, shop_id, order_nos, wanted)
        before = papers.made_before(tx, shop_id, wanted.paper.value, [sheet.order.order_no for sheet in sheets])
    try:
        content, made, refused = _drawn(sheets, wanted, now)
    except PaperTrouble as trouble:
        raise Refused(trouble.say) from None
    if made:
        _remember(house, by, shop_id, made, wanted, now)
    orders = tuple(MadeFor(no, number, before[no].times if no in before else 0) for no, number in made.items())
    return Made(content, orders, (*not_made, *refused), left)


def _refuse_odd(wanted: Wanted) -> None:
    if wanted.form is Form.ZPL and wanted.paper is not Paper.LABEL:
        raise Refused(say("Only labels can be written as ZPL. Make packing slips and pick lists as PDF."))
    if wanted.size not in SIZES:
        raise Refused(say("There is no label of {size}. The sizes: {sizes}.", size=wanted.size, sizes=", ".join(SIZES)))
    if len(wanted.order_nos) > MOST:
        raise Refused(say("At most {most} papers are made at once.", most=MOST))


def _chosen(tx: Tx, shop_id: ShopId, wanted: Wanted) -> tuple[list[str], int]:
    """The orders named, each once, else those at the stage; and how many more there are at least."""
    if wanted.order_nos or wanted.stage is None:
        return list(dict.fromkeys(wanted.order_nos)), 0
    limit = min(wanted.limit, MOST)
    found = papers.at_stage(tx, shop_id, wanted.stage.value, limit + 1)
    return found[:limit], len(found[limit:])


def _judged(tx: Tx, by: Person, shop_id: ShopId, order_nos: Sequence[str], wanted: Wanted) -> tuple[list[Sheet], list[NotMade]]:
    """The orders that may have a paper, and those that may not."""
    shop = shops_with(tx, by, Permission.PAPERS_PRINT, [shop_id])[shop_id].name
    company = wanted.told.together if wanted.paper is Paper.LABEL else {}
    nos = list(dict.fromkeys([*order_nos, *(other for no in order_nos for other in company.get(no, ()))]))
    known, lines = orders_known(tx, shop_id, nos), around.lines(tx, shop_id, nos)
    places = _places(tx, shop_id, nos) if wanted.paper is Paper.PICK else {}
    whole = {no: Sheet(known[no].order, [line.facts for line in lines.get(no, ())], shop, places=places.get(no, {})) for no in nos if no in known}
    sheets, not_made = [], []
    for no in order_nos:
        because = say("The shop has no such order.") if no not in known else not_to_print(known[no], to_pick=wanted.paper is Paper.PICK)
        if because is not None:
            not_made.append(NotMade(no, because))
        else:
            sheets.append(msgspec.structs.replace(whole[no], company=tuple(whole[other] for other in company.get(no, ()) if other in whole)))
    return sheets, not_made


def _places(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, dict[str, str]]:
    """Where the goods of each order are picked, by the name that the order means them by."""
    taken = order_goods.of_orders(tx, shop_id, order_nos)
    written = items.locations(tx, shop_id, sorted({each.sku for each in taken}))
    found: dict[str, dict[str, str]] = {}
    for each in taken:
        if each.sku in written:
            found.setdefault(each.order_no, {})[each.asked or each.sku] = written[each.sku]
    return found


def _drawn(sheets: Sequence[Sheet], wanted: Wanted, now: datetime) -> tuple[bytes, dict[str, str | None], list[NotMade]]:
    """The papers, what each order's barcode holds, and the orders whose paper would show what it must not, or cannot be drawn. Raises PaperTrouble."""
    fonts = Path(named) if (named := os.environ.get(FONTS_NAMED_BY)) else None
    size, told = SIZES[wanted.size], wanted.told
    match wanted.paper:
        case Paper.LABEL:
            made, refused = _sound(sheets, lambda sheet: [checked_label(label, size) for label in labels_of(sheet, told, now)])
            labels = [label for of_order in made for label in of_order]
            content = _labels(labels, wanted, now, fonts) if labels else b""
            return content, {of_order[0].order_no: of_order[0].tracking_no or of_order[0].order_no for of_order in made}, refused
        case Paper.PACKING:
            slips, refused = _sound(sheets, lambda sheet: checked_slip(slip_of(sheet, told, now)))
            return (slips_pdf(slips, made_at=now, fonts=fonts) if slips else b""), dict.fromkeys(slip.order_no for slip in slips), refused
        case Paper.PICK:
            fit, refused = _sound(sheets, _tells_of_nobody)
            return (picks_pdf(picks_of(fit, now), made_at=now, fonts=fonts) if fit else b""), dict.fromkeys(sheet.order.order_no for sheet in fit), refused


def _sound(sheets: Sequence[Sheet], checked: Callable[[Sheet], T]) -> tuple[list[T], list[NotMade]]:
    """What passes the check, and the orders that do not, each with its reason."""
    sound: list[T] = []
    refused = []
    for sheet in sheets:
        try:
            sound.append(checked(sheet))
        except PapersMissing:
            raise
        except PaperTrouble as trouble:
            refused.append(NotMade(sheet.order.order_no, trouble.say))
    return sound, refused


def _tells_of_nobody(sheet: Sheet) -> Sheet:
    for item in items_of(sheet):
        item.refuse_clear(sheet.order.order_no)
    return sheet


def _labels(labels: Sequence[Label], wanted: Wanted, now: datetime, fonts: Path | None) -> bytes:
    if wanted.form is Form.ZPL:
        return labels_zpl(labels, SIZES[wanted.size], dpi=wanted.dpi, fonts=fonts).encode("ascii")
    return labels_pdf(labels, SIZES[wanted.size], made_at=now, fonts=fonts)


def _remember(house: House, by: Person, shop_id: ShopId, made: dict[str, str | None], wanted: Wanted, now: datetime) -> None:
    """One entry for each order; none where one of them may not be printed any more, since a refund may have come while the papers were drawn."""
    size = wanted.size if wanted.paper is Paper.LABEL else "A4"

    def work(tx: Tx) -> None:
        if wanted.paper is Paper.LABEL:
            _note_printed(tx, by, shop_id, {no: number for no, number in made.items() if _is_first(wanted.told, no)}, now)
        known = orders_known(tx, shop_id, list(made))
        changed = [no for no in made if no not in known or not_to_print(known[no], to_pick=wanted.paper is Paper.PICK) is not None]
        if changed:
            raise Refused(say("Order {order_no} changed while the papers were made; none was kept. Make them again.", order_no=changed[0]))
        rows = (
            journal.row(shop_id, PapersMade(wanted.paper.value, wanted.form.value, size, number), now, by.person_id, SubjectKind.ORDER.value, no, None)
            for no, number in made.items()
        )
        journal.copy_many(tx, rows)
        wake(tx, shop_id, made)

    try:
        transact(house.pool, work)
    except errors.LockNotAvailable:
        raise Refused(say("An import is just being stored. Try again in a moment.")) from None


def _is_first(told: Told, order_no: str) -> bool:
    """Whether the order's own label is among those made, and not only those of its further parcels."""
    parts = told.parts.get(order_no)
    return not parts or any(part.nth == 1 for part in parts)


def _note_printed(tx: Tx, by: Person, shop_id: ShopId, made: dict[str, str | None], now: datetime) -> None:
    """Labels with a tracking number are what a parcel leaves with: they are decided under the lock of printing, and count as printed. Raises Refused."""
    standing = held(tx, shop_id, list(made))
    counted = dispatch_marks.counted(tx, shop_id, list(made))
    stepping = Stepping(tx, shop_id, now, by.person_id)
    for no, number in made.items():
        order = standing.get(no)
        if order is None or number is None or number == no or order.known.order.stage is not OrderStage.TO_SHIP:
            continue
        if against_count(order, counted) is not None:
            raise Refused(
                say(
                    "The goods of order {order_no} were counted as they came back, as return {return_no}. Take that count back, or leave the order out.",
                    order_no=no,
                    return_no=counted[no],
                )
            )
        outcome = apply(stepping, order, printed_in(order, PrintedPaper(no, order.known.order.carrier, number), by, now))
        if not outcome.done:
            raise Refused(say("Order {order_no} changed while the papers were made; none was kept. Make them again.", order_no=no))
    stepping.store()
