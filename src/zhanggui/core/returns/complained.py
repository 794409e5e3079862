"""Which conditions of a piece that came back are just what the buyer complained of: such a piece speaks for the buyer. Whoever judges a return asks here.

Whether the buyer ever had the parcel and how it was packed is told by whoever asks: of real returns by the tracking events and the packing check; of the
advice's own table of cases, which has no pieces, by where the goods are said to be.
"""

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Fault
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.returns.grades import Grade

_BROKEN = frozenset({Grievance.QUALITY, Grievance.DAMAGED})


class Complained(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer complained of, and what the shop knows of whether it is so."""

    kind: AftersaleKind | None
    grievance: Grievance
    fault: Fault | None = None
    packed_right: bool = False
    """Whether the packing check passed the parcel."""
    is_undelivered: bool = False
    """Whether the parcel came back without ever having reached the buyer."""


def borne_out(told: Complained) -> frozenset[Grade]:
    """The conditions that bear out what the buyer complained of; what a person found out goes before the packing check."""
    if told.kind is AftersaleKind.REPAIR:
        return frozenset({Grade.WORN, Grade.DAMAGED})
    if told.is_undelivered:
        return frozenset({Grade.DAMAGED})
    if told.fault is Fault.BUYER:
        return frozenset()
    if told.grievance in _BROKEN:
        return frozenset({Grade.DAMAGED})
    if told.grievance is Grievance.WRONG_ITEM and (told.fault is Fault.SELLER or not told.packed_right):
        return frozenset({Grade.WRONG})
    return frozenset()
