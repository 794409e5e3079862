"""What is known of one order when its deadlines are computed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.core.abnormal.states import Abnormal
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.disputes.seen import DisputeSeen
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts


class PromisedHours(msgspec.Struct, frozen=True):
    """How many hours a product promises to ship within: entered by the shop, or learnt from orders of the same product that carry the platform's field."""

    hours: int
    source: Literal["entered", "learnt"]


class CasePast(msgspec.Struct, frozen=True):
    """What the steps of a case tell that its facts do not show."""

    here_at: datetime | None = None
    """When it was first told that its return has been delivered, for as long as that is told."""
    elsewhere_at: datetime | None = None
    """When the shop had to answer it once more, by the platform; else when it was last seen in another turn before that."""


class OrderKnowledge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order with everything its deadlines depend on, and how old that is."""

    order: OrderFacts
    data_as_of: datetime
    lines_ship_by: datetime | None = None
    """The latest ship-by of its lines, for sources that give one per line."""
    scans: tuple[ScanFacts, ...] = ()
    """Tracking events of its parcels, return parcels included."""
    label_scans: tuple[ScanFacts, ...] = ()
    """Tracking events under the numbers of its labels of ours and of its further parcels, where the platform does not know the order by that number."""
    cases: tuple[AftersaleFacts, ...] = ()
    cases_as_of: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """How old the facts of each case are, by its number; they come from other files than the order's."""
    cases_entered: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """Since when the platform shows each case in whose turn it is, by its number; only of cases whose turn was seen to change."""
    cases_past: Mapping[str, CasePast] = msgspec.field(default_factory=dict)
    """What the steps of each case tell, by its number."""
    promised: PromisedHours | None = None
    dispatch: Dispatch | None = None
    """How far it is on its way out of the house; None where nothing of it was ever printed here."""
    called_back: frozenset[str] = frozenset()
    """The numbers of its parcels that were called back since it left, whatever came of it; asked only of an order in several."""
    back: frozenset[str] = frozenset()
    """Those of them that are here again, and were not called back anew after that."""
    abnormal: Abnormal | None = None
    """What speaks against shipping it at all, and what was asked; None where nothing does."""
    no_trace_at: datetime | None = None
    """When somebody who should know was last asked for the parcel's events and knew of none; None where nobody was asked."""
    no_trace_of: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """The same of its further parcels, by their numbers."""

    cases_without_platform: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """When each case that the platform decides was last seen without it, by its number; cases that nobody saw before are left out."""
    disputes: Mapping[str, DisputeSeen] = msgspec.field(default_factory=dict)
    """How far the disputes are about the cases that the platform decides, by the case's number."""
    complained: frozenset[str] = frozenset()
    """The cases whose instant refund stands in the register of complaints."""

    def age_of(self, case: AftersaleFacts) -> datetime:
        """How old the facts of a case of this order are."""
        return self.cases_as_of.get(case.case_no, self.data_as_of)
