"""What is assumed of how decisions work out in time, as the rulebook keeps it."""

import msgspec

Spread = tuple[tuple[float, float], ...]
"""Hours after an event, and how many of a hundred."""


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How soon each step follows the one before it."""

    refund: Spread
    reacts: Spread
    """A refused buyer calls in the platform."""
    rules: Spread
    """The platform rules, from when it was called in."""
    return_comes: Spread
    """Goods that may come back are here, from the agreement on."""
    return_pays: Spread
    """They are paid for, from when they are here."""
    picks_up: Spread
    """The carrier has a parcel, from when its number was uploaded."""
    arrives: Spread
    """A parcel is with the buyer, from when it left."""
    leaves_late: Spread
    """An order that leaves too late does so, from the end of its term on."""


class Ends(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How cases end, in percent: paid by the shop, taken to the platform, or with nothing."""

    paid: float
    called: float
    nothing: float


class WhatIfTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of what-if."""

    least_history: int
    history_days: int
    usual_days: int
    draws: int
    within_percent: int
    together_percent: int
    """How often the decisions of a draw go the same way, since the chances themselves are estimates."""
    prior_cases: float
    hours: Hours
    ends: Ends
