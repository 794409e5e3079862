"""What one order left the shop, part by part; a part nobody knows is said to be unknown and never taken for nothing."""

from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen


class PartName(StrEnum):
    """The parts of an order's profit."""

    INCOME = "profit_income"
    REFUND = "profit_refund"
    FEE = "profit_fee"
    DEDUCTION = "profit_deduction"
    GOODS = "profit_goods"
    FREIGHT = "profit_freight"
    AFTERSALES = "profit_aftersales"


class PartSource(StrEnum):
    """Where a part comes from."""

    BILL = "from_bill"
    EXPECTED = "from_order"
    """By what the order tells; the bill does not show it yet."""
    TOLD = "from_cases"
    LIST = "from_prices"
    """By what the shop says goods or parcels cost."""
    LEDGER = "from_ledger"
    NONE = "nothing_due"
    UNKNOWN = "not_known"


class Part(msgspec.Struct, frozen=True):
    """One part: what it brings (negative: what it takes), None where nobody knows."""

    name: PartName
    fen: Fen | None
    source: PartSource


class Profit(msgspec.Struct, frozen=True):
    """All parts of one order."""

    parts: tuple[Part, ...]

    @property
    def known(self) -> Fen:
        """What the known parts come to."""
        return Fen(sum(part.fen for part in self.parts if part.fen is not None))

    @property
    def unknown(self) -> tuple[PartName, ...]:
        """The parts nobody knows."""
        return tuple(part.name for part in self.parts if part.fen is None)

    @property
    def fen(self) -> Fen | None:
        """The profit; None while a part of it is unknown."""
        return None if self.unknown else self.known

    def part(self, name: PartName) -> Part:
        """The part of this name."""
        return next(part for part in self.parts if part.name is name)


class OrderMoney(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the money of one order."""

    has_bill: bool
    """Whether any line of the bill speaks of it."""
    booked: Fen | None
    """Credited for it; None: no line says so."""
    expected: Fen | None
    """What the seller is to get, as the order tells it."""
    refunded: Fen | None
    """By the bill; None: no line says so."""
    refund_told: Fen | None
    is_refund_unknown: bool = False
    """Whether somebody tells of a refund and nobody its sum."""
    fees: Fen
    deductions: Fen
    """Taken less given back, by the bill."""
    is_sent: bool
    """Whether it left, or will: not where it was cancelled before."""
    goods: Fen | None
    freight: Fen | None
    spent: Fen


def profit_of(money: OrderMoney) -> Profit:
    """The profit of one order."""
    return Profit((_income(money), _refund(money), _fee(money), _deduction(money), _goods(money), _freight(money), _spent(money)))


def _income(money: OrderMoney) -> Part:
    if money.booked is not None:
        return Part(PartName.INCOME, money.booked, PartSource.BILL)
    return Part(PartName.INCOME, money.expected, PartSource.UNKNOWN if money.expected is None else PartSource.EXPECTED)


def _refund(money: OrderMoney) -> Part:
    if money.refunded is not None:
        return Part(PartName.REFUND, Fen(-money.refunded), PartSource.BILL)
    if money.refund_told:
        return Part(PartName.REFUND, Fen(-money.refund_told), PartSource.TOLD)
    if money.is_refund_unknown:
        return Part(PartName.REFUND, None, PartSource.UNKNOWN)
    return Part(PartName.REFUND, Fen(0), PartSource.NONE)


def _fee(money: OrderMoney) -> Part:
    """Charged with the income: before that is in the bill, nobody knows it, unless nothing will ever be credited."""
    if money.booked is not None or money.fees:
        return Part(PartName.FEE, Fen(-money.fees), PartSource.BILL)
    if not money.is_sent:
        return Part(PartName.FEE, Fen(0), PartSource.NONE)
    return Part(PartName.FEE, None, PartSource.UNKNOWN)


def _deduction(money: OrderMoney) -> Part:
    return Part(PartName.DEDUCTION, Fen(-money.deductions), PartSource.BILL if money.deductions else PartSource.NONE)


def _goods(money: OrderMoney) -> Part:
    return _own(PartName.GOODS, money.goods, money)


def _freight(money: OrderMoney) -> Part:
    return _own(PartName.FREIGHT, money.freight, money)


def _own(name: PartName, fen: Fen | None, money: OrderMoney) -> Part:
    if not money.is_sent:
        return Part(name, Fen(0), PartSource.NONE)
    return Part(name, None, PartSource.UNKNOWN) if fen is None else Part(name, Fen(-fen), PartSource.LIST)


def _spent(money: OrderMoney) -> Part:
    return Part(PartName.AFTERSALES, Fen(-money.spent), PartSource.LEDGER if money.spent else PartSource.NONE)
