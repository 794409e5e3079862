"""What a line of the bill is, by its code or its words; a line that fits nothing known is never guessed."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import msgspec

from zhanggui.core.facts import BillLineFacts
from zhanggui.core.rules import Basis


class BillClass(StrEnum):
    """The kinds of bill line."""

    INCOME = "income"
    REFUND = "refund"
    FEE = "fee"
    COMPENSATION = "compensation"
    """Deducted for a finding, or given back."""
    CLAWBACK = "clawback"
    TRANSFER = "transfer"
    """Moved: neither earned nor spent."""
    UNKNOWN = "unknown"


class BillClassRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By what a class is known. `finding` names what a compensation is for."""

    name: BillClass
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    finding: str | None = None
    basis: Basis
    source: str
    checked: date

    def fits(self, line: BillLineFacts) -> bool:
        """Whether the line bears one of the codes or words."""
        text = " ".join(part for part in (line.description, line.account_kind, line.note) if part)
        return bool(line.code and line.code.startswith(self.codes)) or any(word in text for word in self.words)


def class_of(line: BillLineFacts, table: Sequence[BillClassRule]) -> BillClassRule | None:
    """The first class that fits; None where the line is none that we know."""
    return next((rule for rule in table if rule.fits(line)), None)
