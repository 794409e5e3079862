"""What stands on each paper, before it is drawn. Whatever is personal in them is hidden already; drawing refuses what is not."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from zhanggui.papers.clear import refuse_clear_address, refuse_clear_name, refuse_clear_phone, refuse_clear_text
from zhanggui.papers.masks import masked_address, masked_name, masked_phone


class Paper(StrEnum):
    """The kinds of paper."""

    LABEL = "label"
    PACKING = "packing"
    PICK = "pick"


class Form(StrEnum):
    """The forms a paper is written in."""

    PDF = "pdf"
    ZPL = "zpl"


class Party(msgspec.Struct, frozen=True):
    """Who sends or receives, hidden as the standard asks."""

    name: str = ""
    phone: str = ""
    address: str = ""

    @classmethod
    def hidden(cls, name: str | None, phone: str | None, address: str | None) -> "Party":
        """The party with what must be hidden hidden."""
        return cls(masked_name(name), masked_phone(phone), masked_address(address))

    def refuse_clear(self, order_no: str) -> None:
        """Nothing, where the party is hidden. Raises ClearData."""
        refuse_clear_name(order_no, self.name)
        refuse_clear_phone(order_no, self.phone)
        refuse_clear_address(order_no, self.address)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Goods to be put into a parcel or taken from a shelf."""

    title: str
    spec: str = ""
    code: str = ""
    pieces: int = 1
    place: str = ""
    is_gift: bool = False

    def refuse_clear(self, order_no: str) -> None:
        """Nothing, where the goods tell of nobody. Raises ClearData."""
        for text in (self.title, self.spec, self.code, self.place):
            refuse_clear_text(order_no, text)


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel's own waybill. Without a number of the carrier its barcode carries the order's."""

    order_no: str
    tracking_no: str | None
    carrier: str
    region: str
    receiver: Party
    shop: str
    sender: Party
    goods: str
    pieces: int
    made_at: str

    def refuse_clear(self) -> None:
        """Nothing, where nobody's data would stand there in clear. Raises ClearData."""
        self.receiver.refuse_clear(self.order_no)
        refuse_clear_phone(self.order_no, self.sender.phone)
        refuse_clear_address(self.order_no, self.sender.address)
        for text in (self.goods, self.carrier, self.shop, self.sender.name):
            refuse_clear_text(self.order_no, text)
        refuse_clear_address(self.order_no, self.region)


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the parcel: the goods, and to which order they belong."""

    order_no: str
    shop: str
    formed_at: str
    made_at: str
    carrier: str
    tracking_no: str | None
    receiver: Party
    region: str
    items: Sequence[Item]
    has_note: bool
    """Whether the buyer or the shop left a note; its text is read on the order's page, never printed."""

    def refuse_clear(self) -> None:
        """Nothing, where nobody's data would stand there in clear. Raises ClearData."""
        self.receiver.refuse_clear(self.order_no)
        refuse_clear_address(self.order_no, self.region)
        for text in (self.carrier, self.shop):
            refuse_clear_text(self.order_no, text)
        for item in self.items:
            item.refuse_clear(self.order_no)


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """Goods to fetch from one place for several orders."""

    item: Item
    orders: int


class PickList(msgspec.Struct, frozen=True, kw_only=True):
    """What to fetch for a batch of orders, place by place."""

    shop: str
    made_at: str
    orders: int
    pieces: int
    picks: Sequence[Pick]

    def refuse_clear(self) -> None:
        """Nothing, where the goods tell of nobody. Raises ClearData."""
        refuse_clear_text(self.shop, self.shop)
        for pick in self.picks:
            pick.item.refuse_clear(pick.item.code or pick.item.title[:1])
