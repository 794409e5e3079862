"""The slots of messages: what each is called in Chinese, what it is filled with in a sample, and how a text with slots is read."""

import re
import string
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.core.scripts import type_of_fill


class Slot(msgspec.Struct, frozen=True):
    """One slot: its name, its Chinese name as people may write it, and a sample."""

    name: str
    zh: str
    sample: type_of_fill


_MOMENT = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
_SLOTS = (
    Slot("title", "商品", "短袖T恤"),
    Slot("spec", "规格", "白色 L码"),
    Slot("quantity", "件数", "2"),
    Slot("order_no", "订单号", "260305-123456789012345"),
    Slot("paid_fen", "实付", 3980),
    Slot("price_fen", "价格", 1990),
    Slot("free", "可售库存", "36"),
    Slot("link", "商品链接", "https://mobile.yangkeduo.com/goods.html?goods_id=123456"),
    Slot("carrier", "快递公司", "圆通快递"),
    Slot("tracking_no", "快递单号", "YT1234567890123"),
    Slot("last_event", "最近物流时间", _MOMENT),
    Slot("ship_by", "发货时间", _MOMENT),
    Slot("promise", "承诺时间", _MOMENT),
    Slot("answer_by", "答复时间", _MOMENT),
    Slot("due", "原定时间", _MOMENT),
    Slot("refund_fen", "退款金额", 3980),
    Slot("amount_fen", "金额", 500),
    Slot("shop", "店铺", "林记坚果"),
    Slot("ships_from", "发货地", "浙江义乌"),
    Slot("carriers", "常用快递", "圆通、中通"),
    Slot("hours", "客服时间", "8点到23点"),
    Slot("cutoff", "当天发货截单", "16点"),
    Slot("invoice", "开票方式", "电子普通发票，发货后发到您的开票申请里"),
    Slot("service", "售后服务", "7天无理由退货、退货包运费"),
    Slot("promotion", "活动", "满2件9折，3月8日24点截止"),
)
SLOTS: Mapping[str, Slot] = {slot.name: slot for slot in _SLOTS}
OF_THE_SHOP: Mapping[str, Say] = {
    "ships_from": say("Where parcels leave from"),
    "carriers": say("The usual carriers"),
    "hours": say("When somebody answers"),
    "cutoff": say("Paid before this hour leaves the same day"),
    "invoice": say("How an invoice is had"),
    "service": say("Services after the sale"),
}
"""What a shop tells of itself once; no order fills these."""
QUICK = frozenset(SLOTS) - {"promise", "due", "amount_fen"}
"""The slots that a quick reply may have: those that are filled from an order, its product, or the shop."""
_BY_ZH = {slot.zh: slot.name for slot in _SLOTS}
_NAME = re.compile(r"[a-z_]{1,30}", re.ASCII)


class OddSlot(ValueError):
    """A text whose slots cannot be read; `say` tells why."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text)
        self.say = sentence


def slots_in(text: str) -> tuple[str, ...]:
    """The slots of a text in their order, by the names we use. Raises OddSlot for braces that are none, and for anything but a plain name between them."""
    found: list[str] = []
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise OddSlot(say("A brace stands alone. A slot is written like {example}.", example="{商品}")) from None
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        known = _BY_ZH.get(name.strip(), name.strip())
        if spec or conversion or not _NAME.fullmatch(known):
            raise OddSlot(say("{slot} is no slot. A slot is written like {example}.", slot="{" + name[:30] + "}", example="{商品}"))
        found.append(known)
    return tuple(found)


def canonical(text: str) -> str:
    """The text with its slots under the names we use. Raises OddSlot."""
    slots_in(text)
    return "".join(_escaped(lead) + ("" if name is None else "{" + _BY_ZH.get(name.strip(), name.strip()) + "}") for lead, name, _, _ in _parts(text))


def in_chinese(text: str) -> str:
    """The text with its slots under their Chinese names, as a person edits it."""
    return "".join(_escaped(lead) + ("" if name is None else "{" + (SLOTS[name].zh if name in SLOTS else name) + "}") for lead, name, _, _ in _parts(text))


def sample_fills(slots: Iterable[str]) -> dict[str, type_of_fill]:
    """Something for each slot, to see and to check a text with."""
    return {name: SLOTS[name].sample if name in SLOTS else (1990 if name.endswith("_fen") else "商品") for name in slots}


def _parts(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return list(string.Formatter().parse(text))


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
