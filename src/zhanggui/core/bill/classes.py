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

    def bears_code(self, line: BillLineFacts) -> bool:
        """Whether the line's code is one of this class."""
        return bool(line.code and line.code.startswith(self.codes))

    def fits(self, line: BillLineFacts, note: str | None) -> bool:
        """Whether the line bears one of the codes, or it or this note one of the words."""
        text = " ".join(part for part in (line.description, line.account_kind, note) if part)
        return self.bears_code(line) or any(word in text for word in self.words)


_TRADED = frozenset({BillClass.INCOME, BillClass.REFUND})
"""By their code they are what they are: what stands in the note beside it (缺货) is why the buyer got the money back."""


def class_of(line: BillLineFacts, table: Sequence[BillClassRule]) -> BillClassRule | None:
    """The first class that fits; None where the line is none that we know."""
    is_traded = any(rule.bears_code(line) for rule in table if rule.name in _TRADED)
    note = None if is_traded else line.note
    return next((rule for rule in table if rule.fits(line, note)), None)
