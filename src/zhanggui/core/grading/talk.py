"""A conversation as the grading sees it, and what is known of its order."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec


class Party(StrEnum):
    """Whose message it is."""

    BUYER = "buyer"
    REP = "rep"
    BOT = "bot"


class Spoke(msgspec.Struct, frozen=True):
    """One message; `rep` is the name of the person who wrote it for the shop."""

    party: Party
    at: datetime | None
    text: str
    rep: str = ""


class OrderKnown(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the order, with the moments since when it is so."""

    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    unshipped_until: datetime | None = None
    """Until when it was true to say that it had not been shipped: a number may be uploaded while the parcel lies in the house. None: `shipped_at`."""
    received_at: datetime | None = None
    refunded_at: datetime | None = None
    tracking_nos: tuple[str, ...] = ()
    other_nos: tuple[str, ...] = ()
    """The numbers of its cases, its returns and its labels: whoever names one of them names no foreign parcel."""
    unsure: frozenset[str] = frozenset()
    """What may be claimed of it without anybody being able to tell whether it was so at that moment."""
    known_until: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """Up to which moment it is known whether a thing was so, by what may be claimed; what is claimed later may be true. What is not here is always known."""
