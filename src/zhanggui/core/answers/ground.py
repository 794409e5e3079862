"""What an answer rests on, and what it means for the questions of the tree. Facts only: what is not known stays None and is answered as not known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from zhanggui.core.advice.seat import Seat
from zhanggui.core.answers.hours import Hour
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.cases.no_reason import NoReasonException
from zhanggui.core.cases.states import ASKED, OVER, CaseState
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import GOODS_AGAIN, ship_due
from zhanggui.core.clocks.terms import Due
from zhanggui.core.clocks.way_out import TURNED, deliveries_of, has_turned
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import has_not_gone, is_back_in_the_house
from zhanggui.core.facts import RUNNING_CASES, AftersaleFacts, AftersaleState, OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.parcels import Parcel, parcel_of
from zhanggui.core.rules import Rulebook
from zhanggui.core.scripting.filling import scans_of_label

_WITH_CARRIER = frozenset(ScanStage) - {ScanStage.UNKNOWN, ScanStage.EXCEPTION}
"""What a carrier says of a parcel only once it has it."""
_SHIPPED = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})
_ON_PAPER = frozenset({DispatchState.PRINTED, DispatchState.PACKED, DispatchState.TO_DESTROY})


class GoodsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the goods that are asked about."""

    title: str = ""
    in_stock: bool | None = None
    """Whether they lie there for this buyer; None where nobody counted."""
    is_free: bool | None = None
    """Whether any lie there that no order has taken; None where nobody counted."""
    on_shelf: bool | None = None
    exception: NoReasonException | None = None
    """Why they may not be sent back without a reason."""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an answer rests on."""

    known: OrderKnowledge | None
    rulebook: Rulebook
    now: datetime
    hour: Hour | None = None
    """By when the order can be promised to leave; None where nobody reckoned it."""
    goods: GoodsSeen = GoodsSeen()
    prints_here: bool = True
    """Whether labels of the shop are printed in this house; where none ever was, that none is known of says nothing."""
    is_repaid: bool = False
    """Whether an act of ours pays the buyer back, or has."""
    coupon: Fen = Fen(0)
    """What the shop may give for having waited; 0: nothing."""
    seat: Seat | None = None
    """What advice on the cases rests on; None for the defaults."""
    wants_money: bool = False
    """Whether the buyer asked for the money in the same breath."""
    only_chases_refund: bool = False
    """Whether the buyer asks where a refund stays, and for nothing else."""

    @property
    def order(self) -> OrderFacts | None:
        """The order's facts, where the order is known."""
        return None if self.known is None else self.known.order

    @property
    def due(self) -> Due | None:
        """When the order must have left."""
        return None if self.known is None else ship_due(self.known, self.rulebook)

    @property
    def parcel(self) -> Parcel | None:
        """The parcel to the buyer."""
        return None if self.known is None else parcel_of(self.known, self.rulebook)

    @property
    def scans(self) -> Sequence[ScanFacts]:
        """The tracking events of the order's own parcel, under the platform's number or that of our label, oldest first."""
        if self.known is None:
            return ()
        return sorted((*scans_of_parcel(self.known), *scans_of_label(self.known)), key=lambda scan: scan.at)

    @property
    def last_scan(self) -> ScanFacts | None:
        """The last event that says anything."""
        return next((scan for scan in reversed(self.scans) if scan.stage is not ScanStage.UNKNOWN), None)

    @property
    def number(self) -> str | None:
        """The number that the parcel travels under, or would."""
        if self.known is None:
            return None
        dispatch = self.known.dispatch
        return self.known.order.tracking_no or (dispatch.tracking_no if dispatch is not None and dispatch.state not in _GONE_LABEL else None)

    @property
    def carrier(self) -> str | None:
        """Who has it, or will have it."""
        if self.known is None:
            return None
        dispatch = self.known.dispatch
        return self.known.order.carrier or (dispatch.carrier if dispatch is not None else None)

    @property
    def is_scanned(self) -> bool:
        """Whether the carrier itself shows that it has, or had, the parcel."""
        order = self.order
        return (order is not None and order.picked_up_at is not None) or any(scan.stage in _WITH_CARRIER for scan in self.scans)

    @property
    def left(self) -> str:
        """Whether the goods have left the house: `yes`, `no`, `said` where only the platform shows it, `back` where they came or come back."""
        assert self.known is not None
        order, dispatch = self.known.order, self.known.dispatch
        if is_back_in_the_house(order, dispatch):
            return "no"
        if any(scan.stage in TURNED for scan in self.scans):
            return "back"
        if self.is_scanned or (dispatch is not None and dispatch.state is DispatchState.HANDED_OVER):
            return "yes"
        if has_not_gone(order, dispatch) or not (order.shipped_at is not None or order.stage in _SHIPPED):
            return "no"
        return "said"

    @property
    def is_delivered(self) -> bool:
        """Whether the goods have reached the buyer, as far as anything shows."""
        order = self.order
        if order is not None and (order.received_at is not None or order.stage is OrderStage.RECEIVED):
            return True
        return self.is_signed_for

    @property
    def is_signed_for(self) -> bool:
        """Whether the carrier itself shows that it was delivered; that an order counts as received says no such thing: it confirms itself after a while."""
        return not has_turned(self.scans) and bool(deliveries_of(self.scans))

    @property
    def delivered_at(self) -> datetime | None:
        """When they did."""
        scanned = deliveries_of(self.scans)
        return scanned[0] if scanned else None if self.order is None else self.order.received_at

    @property
    def shows_number(self) -> bool:
        """Whether the buyer sees a tracking number in the order."""
        order = self.order
        return order is not None and order.tracking_no is not None and (order.shipped_at is not None or order.stage in _SHIPPED)

    @property
    def has_label(self) -> bool:
        """Whether a label of it is about, or may be."""
        if self.known is None:
            return False
        dispatch = self.known.dispatch
        if dispatch is None or (dispatch.state is None and dispatch.slot_at is None):
            return self.known.order.tracking_no is not None
        return dispatch.state in _ON_PAPER or dispatch.may_be_on_paper

    @property
    def refund_case(self) -> AftersaleFacts | None:
        """A case in which the buyer asks for the money and waits for our answer."""
        cases = () if self.known is None else self.known.cases
        return next((case for case in cases if case.state is AftersaleState.SELLER_TO_ANSWER and case.kind not in GOODS_AGAIN), None)

    @property
    def refund_is_asked(self) -> bool:
        """Whether the money is asked back and nobody has answered. The order's own word is vague, so a case that runs explains it."""
        if self.refund_case is not None:
            return True
        cases = () if self.known is None else self.known.cases
        return self.order is not None and self.order.refund is RefundState.OPEN and not any(case.state in RUNNING_CASES for case in cases)

    @property
    def case(self) -> "CaseAt | None":
        """The case that is to be spoken of: of those that run the one that presses most; else one that was refused, or pays."""
        cases = () if self.known is None else self.known.cases
        standing = [CaseAt(case, state_of(case, self.known)) for case in cases]
        ranked = [each for each in standing if each.rank is not None]
        return min(ranked, key=lambda each: (each.rank, each.facts.case_no)) if ranked else None


class CaseAt(NamedTuple):
    """A case and how far it has come."""

    facts: AftersaleFacts
    state: CaseState

    @property
    def rank(self) -> int | None:
        """How much it presses, the least number the most; None for what is over."""
        if self.state in ASKED:
            return 1
        return _RANKS.get(self.state) if self.state not in OVER else None


_GONE_LABEL = frozenset({DispatchState.DESTROYED, DispatchState.RECALLED})
_S = CaseState
_RANKS: Mapping[CaseState, int] = {
    _S.WITH_PLATFORM: 0,
    _S.UNKNOWN: 2,
    _S.BACK_HERE: 3,
    _S.ON_WAY_BACK: 4,
    _S.TO_SEND_BACK: 5,
    _S.TO_REFUSE: 5,
    _S.RECALLING: 5,
    _S.TO_SEND_AGAIN: 6,
    _S.SENT_AGAIN: 7,
    _S.REFUND_AGREED: 8,
    _S.PLATFORM_REFUNDS: 8,
    _S.REJECTED: 9,
}
