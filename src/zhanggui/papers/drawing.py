"""Papers as PDF. Nothing is drawn before everything on it was looked over for clear personal data."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from zhanggui.core.say import say
from zhanggui.papers.bars import DOTS_A_MM, Bars, bars_of, bars_svg, qr_svg
from zhanggui.papers.engine import typeset_pdf
from zhanggui.papers.geometry import Size
from zhanggui.papers.shapes import Item, Label, Party, PickList, Slip
from zhanggui.papers.standard import standard
from zhanggui.papers.tidy import breakable, shortened, tidy
from zhanggui.papers.trouble import CannotEncode

LONGEST_ADDRESS = 120
LONGEST_SENDER = 60
LONGEST_GOODS = 160
LONGEST_GOODS_ON_LABEL = 90
_LONGEST_NAME = 40


def checked_label(label: Label, size: Size) -> Label:
    """The label again, where it may and can be drawn. Raises PaperTrouble."""
    label.refuse_clear()
    barcode_of(label, size)
    if len(tidy(label.receiver.address)) > LONGEST_ADDRESS:
        too_long = say(
            "The address of order {order_no} has more than the {longest} characters a label takes.", order_no=label.order_no, longest=LONGEST_ADDRESS
        )
        raise CannotEncode(too_long)
    if len(tidy(label.sender.address)) > LONGEST_SENDER:
        raise CannotEncode(say("The sender's address has more than the {longest} characters a label takes.", longest=LONGEST_SENDER))
    return label


def checked_slip(slip: Slip) -> Slip:
    """The slip again, where it may be drawn. Raises ClearData."""
    slip.refuse_clear()
    return slip


def labels_pdf(labels: Sequence[Label], size: Size, *, made_at: datetime, fonts: Path | None = None) -> bytes:
    """The labels as PDF, a page each. Raises PaperTrouble, and then draws none."""
    for label in labels:
        checked_label(label, size)
    return typeset_pdf("label", label_sheet(labels, size, with_bars=True), made_at=made_at, folder=fonts)


def slips_pdf(slips: Sequence[Slip], *, made_at: datetime, fonts: Path | None = None) -> bytes:
    """The packing slips as PDF on A4, each beginning on a page of its own. Raises PaperTrouble, and then draws none."""
    for slip in slips:
        checked_slip(slip)
    return typeset_pdf("packing", {"slips": [_slip(slip) for slip in slips]}, made_at=made_at, folder=fonts)


def picks_pdf(picks: PickList, *, made_at: datetime, fonts: Path | None = None) -> bytes:
    """The pick list as PDF on A4. Raises PaperTrouble, and then draws nothing."""
    picks.refuse_clear()
    rows = [_item(pick.item) | {"orders": pick.orders} for pick in picks.picks]
    sheet = {"shop": _text(picks.shop), "made_at": picks.made_at, "orders": picks.orders, "pieces": picks.pieces, "picks": rows}
    return typeset_pdf("pick", sheet, made_at=made_at, folder=fonts)


def barcode_of(label: Label, size: Size) -> tuple[Bars, int]:
    """The label's barcode and how many dots of 1/8 mm its modules are wide: the carrier's number, else the order's. Raises CannotEncode."""
    bars = bars_of(label.tracking_no or label.order_no)
    return bars, bars.dots(size.bars.width)


def label_sheet(labels: Sequence[Label], size: Size, *, with_bars: bool) -> dict[str, Any]:
    """The labels as the sheet takes them; without bars where the printer draws them itself."""
    return {"size": size, "labels": [_label(label, size, with_bars=with_bars) for label in labels]}


def _label(label: Label, size: Size, *, with_bars: bool) -> dict[str, Any]:
    bars, dots = barcode_of(label, size)
    wide = len(bars.modules) * dots
    return {
        "order_no": label.order_no,
        "carrier": _text(label.carrier, _LONGEST_NAME) or "快递",
        "made_at": label.made_at,
        "region": _text(label.region, _LONGEST_NAME),
        "bars": bars_svg(bars.modules) if with_bars else None,
        "bars_x": bars_left(wide, size) / DOTS_A_MM,
        "bars_width": wide / DOTS_A_MM,
        "caption": label.tracking_no or f"订单 {label.order_no}",
        "receiver": _party(label.receiver),
        "sender": _party(label.sender),
        "goods": _text(label.goods, LONGEST_GOODS_ON_LABEL),
        "pieces": label.pieces,
        "blank_number": label.tracking_no is None,
        "code": qr_svg(label.order_no),
        "standard": standard().name,
    }


def bars_left(wide_dots: int, size: Size) -> int:
    """The dot at which bars so wide begin, to stand in the middle."""
    return int(size.bars.x * DOTS_A_MM) + (int(size.bars.width * DOTS_A_MM) - wide_dots) // 2


def _party(party: Party) -> dict[str, str]:
    return {"name": _text(party.name, _LONGEST_NAME), "phone": tidy(party.phone), "address": breakable(tidy(party.address))}


def _slip(slip: Slip) -> dict[str, Any]:
    items = [_item(item) for item in slip.items]
    return {
        "order_no": slip.order_no,
        "shop": _text(slip.shop, _LONGEST_NAME),
        "formed_at": slip.formed_at,
        "made_at": slip.made_at,
        "carrier": _text(slip.carrier, _LONGEST_NAME),
        "number": _text(slip.tracking_no or ""),
        "receiver": {"name": _text(slip.receiver.name), "phone": tidy(slip.receiver.phone)},
        "region": _text(slip.region, _LONGEST_NAME),
        "items": items,
        "pieces": sum(item.pieces for item in slip.items),
        "has_note": slip.has_note,
        "code": qr_svg(slip.order_no),
        "standard": standard().name,
    }


def _item(item: Item) -> dict[str, Any]:
    texts = {"title": item.title, "spec": item.spec, "code": item.code, "place": item.place}
    return {name: _text(text) for name, text in texts.items()} | {"pieces": item.pieces, "is_gift": item.is_gift}


def _text(text: str, most: int = LONGEST_GOODS) -> str:
    return breakable(shortened(tidy(text), most))
