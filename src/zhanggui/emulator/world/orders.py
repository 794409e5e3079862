"""Formed orders in columns: about seventy bytes an order, so that a million fit; a row is given when the group is formed."""

from array import array

import msgspec

TO_SHIP, SHIPPED, RECEIVED = 1, 2, 3
NO_REFUND, IN_DISPUTE, REFUNDING, REFUNDED = 1, 2, 3, 4
UNDER_REVIEW, PRESALE, STOCK_OUT, FREE_RETURN, ONE_DAY, OLD_PARCEL, LUCKY, PROMISED = 1, 2, 4, 8, 16, 32, 64, 128
NO_ROW = 0xFFFFFFFF


def code_of(order_status: int, refund_status: int) -> int:
    """The state of an order as one byte."""
    return order_status * 8 + refund_status


def codes_of(order_status: int, refund_status: int) -> bytes:
    """Every state byte that fits a filter, in which 5 stands for all."""
    statuses = (TO_SHIP, SHIPPED, RECEIVED) if order_status == 5 else (order_status,)
    refunds = (NO_REFUND, IN_DISPUTE, REFUNDING, REFUNDED) if refund_status == 5 else (refund_status,)
    return bytes(code_of(status, refund) for status in statuses for refund in refunds)


class Note(msgspec.Struct, frozen=True):
    """What the seller wrote on an order."""

    text: str = ""
    tag: int = 0
    tag_name: str = ""


class Line(msgspec.Struct, frozen=True, gc=False):
    """Goods of an order beside its first line: which variant, how many, at what price each; a gift costs nothing."""

    sku: int
    many: int
    price: int


class Extra(msgspec.Struct, frozen=True):
    """A further parcel of an order: 1 split, 2 reshipment, 3 gift."""

    kind: int
    carrier: int
    number: str
    at: int


class Printed(msgspec.Struct, frozen=True):
    """What the seller's software reported: a label was printed."""

    at: int
    carrier: int
    number: str


class Orders:
    """The columns of all formed orders, in the order in which they were formed."""

    def __init__(self) -> None:
        self.serial = array("I")
        self.created_at = array("I")
        self.formed_at = array("I")
        self.buyer = array("I")
        self.sku = array("H")
        self.many = bytearray()
        self.price = array("I")
        self.platform_discount = array("H")
        self.seller_discount = array("H")
        self.ship_by = array("I")
        self.shipped_at = array("I")
        self.sent_at = array("I")
        self.received_at = array("I")
        self.updated_at = array("I")
        self.urged_at = array("I")
        self.carrier = array("H")
        self.status = bytearray()
        self.refund = bytearray()
        self.aftersale = bytearray()
        self.flags = bytearray()
        self.row_of = array("I")
        self._not_yet = (self.shipped_at, self.sent_at, self.received_at, self.urged_at, self.carrier)
        self.numbers: dict[int, str] = {}
        self.notes: dict[int, Note] = {}
        self.memos: dict[int, str] = {}
        self.more: dict[int, tuple[Line, ...]] = {}
        self.gifts: dict[int, tuple[Line, ...]] = {}
        self.extras: dict[int, list[Extra]] = {}
        self.printed: dict[int, Printed] = {}
        self.cases: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self.serial)

    def add(
        self, *, serial: int, created_at: int, formed_at: int, buyer: int, sku: int, many: int, price: int, discounts: tuple[int, int], ship_by: int, flags: int
    ) -> int:
        """Add a formed order that waits to be shipped, and return its row."""
        self.serial.append(serial)
        self.created_at.append(created_at)
        self.formed_at.append(formed_at)
        self.buyer.append(buyer)
        self.sku.append(sku)
        self.price.append(price)
        self.platform_discount.append(discounts[0])
        self.seller_discount.append(discounts[1])
        self.ship_by.append(ship_by)
        self.updated_at.append(formed_at)
        for column in self._not_yet:
            column.append(0)
        self.many.append(many)
        self.status.append(TO_SHIP)
        self.refund.append(NO_REFUND)
        self.aftersale.append(0)
        self.flags.append(flags)
        self._remember(serial, len(self.serial) - 1)
        return len(self.serial) - 1

    def put_beside(self, row: int, more: tuple[Line, ...], gifts: tuple[Line, ...]) -> None:
        """Add further lines and gifts to an order that was just formed; few have any."""
        if more:
            self.more[row] = more
        if gifts:
            self.gifts[row] = gifts

    def _remember(self, serial: int, row: int) -> None:
        """Keep the way from a serial to its row."""
        if serial >= len(self.row_of):
            self.row_of.extend([NO_ROW] * (serial + 1024 - len(self.row_of)))
        self.row_of[serial] = row

    def row(self, serial: int) -> int | None:
        """The row of the order with this serial; nothing when it was never formed."""
        if not 0 <= serial < len(self.row_of) or self.row_of[serial] == NO_ROW:
            return None
        return self.row_of[serial]

    def code(self, row: int) -> int:
        """The state of an order as one byte."""
        return code_of(self.status[row], self.refund[row])

    def has(self, row: int, flag: int) -> bool:
        """Whether a flag is set on an order."""
        return bool(self.flags[row] & flag)

    def raise_flag(self, row: int, flag: int) -> None:
        """Set a flag."""
        self.flags[row] |= flag

    def lower_flag(self, row: int, flag: int) -> None:
        """Clear a flag."""
        self.flags[row] &= 0xFF ^ flag

    def goods_amount(self, row: int) -> int:
        """What the goods cost, in fen."""
        return self.price[row] * self.many[row] + sum(line.price * line.many for line in self.more.get(row, ()))

    def paid(self, row: int) -> int:
        """What the buyer paid, in fen."""
        return self.goods_amount(row) - self.platform_discount[row] - self.seller_discount[row]
