"""Reads what the ledger of money takes for granted."""

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.ledger.fees import FeeRule
from zhanggui.core.ledger.matching import Terms
from zhanggui.core.rules import Basis
from zhanggui.rulebook.blocks import decoded

_FILE = "money.toml"


class Sourced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry rests on."""

    basis: Basis
    source: str
    checked: date


class BillTerms(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken for granted of the bill."""

    unshipped_refund_in_bill: bool


class FeeCodes(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Beginnings of the codes that are the platform's fee on an order."""

    codes: tuple[str, ...]


class CouponCodes(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Beginnings of the codes by which the platform takes its own coupon back with a refund."""

    codes: tuple[str, ...]


class CashTerms(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long money takes on its way."""

    received_after_days: int
    bank_days: int
    withdrawal_tolerance_days: int


class CostTerms(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Over how long a buyer's costs are added up, and when nothing tells any more whose they were."""

    buyer_days: int
    buyer_forget_days: int
    never_for: tuple[str, ...]


class MoneyTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the ledger takes for granted."""

    bill: BillTerms
    fee: FeeCodes
    coupon: CouponCodes
    fee_refund: tuple[FeeRule, ...]
    cash: CashTerms
    costs: CostTerms

    @property
    def matching(self) -> Terms:
        """What matching needs of it."""
        return Terms(unshipped_refund_in_bill=self.bill.unshipped_refund_in_bill)


@cache
def money_terms() -> MoneyTerms:
    """The terms. Raises RuleRefused, naming file and line."""
    return decoded(_text(), MoneyTerms, _FILE)


@cache
def money_text() -> str:
    """The very text, by which it is told whether what was made by it still holds."""
    return _text()


def _text() -> str:
    return (files("zhanggui.rulebook") / _FILE).read_text("utf-8")
