"""How disputes ended, by what they were about and by what was shown."""

from collections.abc import Iterable, Sequence

import msgspec

from zhanggui.core.complaints.chances import wilson
from zhanggui.core.disputes.needs import ClaimType, Shows
from zhanggui.core.disputes.states import DisputeState

WON = frozenset({DisputeState.RULED_FOR, DisputeState.WITHDRAWN, DisputeState.APPEAL_WON})
"""Ended without the shop paying. What the buyer took back counts: it cost nothing."""
LOST = frozenset({DisputeState.RULED_AGAINST, DisputeState.RULED_SPLIT, DisputeState.APPEAL_LOST, DisputeState.ACCEPTED, DisputeState.APPEALED})


class Ended(msgspec.Struct, frozen=True):
    """So many disputes about one thing, with these pictures, ended so."""

    claim: ClaimType
    shown: frozenset[Shows]
    state: DisputeState
    disputes: int


class WinRate(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the disputes of one sort were won, and between which bounds the true share lies; `shown` is None for all sets of pictures together."""

    claim: ClaimType
    shown: tuple[Shows, ...] | None
    won: int
    of: int
    low: float
    high: float


def win_rates(ended: Iterable[Ended]) -> tuple[WinRate, ...]:
    """For each sort of dispute all together, then by the set of things shown; the most frequent first."""
    listed = [each for each in ended if each.state in WON | LOST]
    rates = []
    for claim in sorted({each.claim for each in listed}, key=lambda claim: -sum(each.disputes for each in listed if each.claim is claim)):
        about = [each for each in listed if each.claim is claim]
        rates.append(_rate(claim, None, about))
        sets = sorted({each.shown for each in about}, key=lambda shown: (-sum(each.disputes for each in about if each.shown == shown), sorted(shown)))
        rates += [_rate(claim, tuple(sorted(shown)), [each for each in about if each.shown == shown]) for shown in sets]
    return tuple(rates)


def _rate(claim: ClaimType, shown: tuple[Shows, ...] | None, ended: Sequence[Ended]) -> WinRate:
    won, of = sum(each.disputes for each in ended if each.state in WON), sum(each.disputes for each in ended)
    low, high = wilson(won, of)
    return WinRate(claim=claim, shown=shown, won=won, of=of, low=low, high=high)
