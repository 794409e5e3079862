"""Whether the platform gave back its fee on what was refunded."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import msgspec

from zhanggui.core.ledger.matching import UNDATED, Billed, Match
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis


class FeeState(StrEnum):
    """How the fee on a refunded order stands."""

    NO_FEE = "no_fee"
    NOT_DUE = "fee_not_due"
    """By the rules of that moment it is kept."""
    BACK = "fee_back"
    DUE = "fee_due"
    UNCLEAR = "fee_unclear"


class FeeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From a day on, whether the fee comes back with the refund. `gives_back` False: it is kept."""

    effective_from: date
    gives_back: bool
    basis: Basis
    source: str
    checked: date
    note: str = ""


class FeeStanding(msgspec.Struct, frozen=True):
    """How it stands, and what is still to come back."""

    state: FeeState
    due: Fen


TOLERATED = 1
"""Fen by which the platform's rounding, which nobody has told us, may differ from ours."""


def fee_of(match: Match, billed: Billed, rules: Sequence[FeeRule]) -> FeeStanding:
    """How the fee of this order stands. The part of the fee that belongs to the part refunded comes back, where anything does."""
    if billed.fee <= 0:
        return FeeStanding(FeeState.NO_FEE, Fen(0))
    refunded = billed.refunded if billed.has_refund else (match.told or 0)
    if refunded <= 0:
        return FeeStanding(FeeState.NO_FEE, Fen(0))
    rule = None if match.since == UNDATED else _in_force(rules, shanghai_day(match.since))
    if rule is not None and not rule.gives_back:
        return FeeStanding(FeeState.NOT_DUE, Fen(0))
    if rule is None or billed.booked <= 0:
        return FeeStanding(FeeState.UNCLEAR if billed.fee_back < billed.fee else FeeState.BACK, Fen(0))
    expected = billed.fee if refunded >= billed.booked else billed.fee * refunded // billed.booked
    missing = expected - billed.fee_back
    return FeeStanding(FeeState.DUE, Fen(missing)) if missing > TOLERATED else FeeStanding(FeeState.BACK, Fen(0))


def _in_force(rules: Sequence[FeeRule], day: date) -> FeeRule | None:
    """The last rule that had begun by then."""
    begun = [rule for rule in rules if rule.effective_from <= day]
    return max(begun, key=lambda rule: rule.effective_from, default=None)
