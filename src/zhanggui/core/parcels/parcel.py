"""The parcel of an order: where it stands and everything that went wrong with it, folded from the facts alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from zhanggui.core.amounts import reckon
from zhanggui.core.clocks.pickup import pickups_of, scans_of_parcel
from zhanggui.core.clocks.shipping import is_over
from zhanggui.core.clocks.way_out import TURNED, deliveries_of, has_turned, until_turned
from zhanggui.core.facts import FurtherParcel, OrderFacts, OrderStage, ParcelKind, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.parcels.clocks import End, clock_anomalies
from zhanggui.core.parcels.kinds import Anomaly, AnomalyKind, ParcelState
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.scantext import ReadEvent, Reading, SignKind, signs_of
from zhanggui.core.scantext.places import place_of, province_of

_LEFT = frozenset({OrderStage.SHIPPED, OrderStage.RECEIVED})
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_OF_SIGN = {
    SignKind.REPEATED_PICKUP: AnomalyKind.REPEATED_PICKUP,
    SignKind.REPEATED_ARRIVAL: AnomalyKind.REPEATED_ARRIVAL,
    SignKind.BACKWARDS: AnomalyKind.BACKWARDS,
    SignKind.WRONG_CITY: AnomalyKind.WRONG_CITY,
    SignKind.ELSEWHERE: AnomalyKind.ELSEWHERE,
    SignKind.DELIVERED_TWICE: AnomalyKind.DELIVERED_TWICE,
    SignKind.REFUSED: AnomalyKind.REFUSED,
    SignKind.RETURNING: AnomalyKind.RETURNING,
    SignKind.EXCEPTION: AnomalyKind.EXCEPTION,
}
"""Silence is no sign here: its clocks are counted by their rules."""


class Parcel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The parcel of one order. Nothing in it depends on the present moment."""

    order_no: str
    tracking_no: str
    carrier: str
    province: str
    """Where it is to go, as the platform writes provinces; empty where the order does not say."""
    city: str
    shipped_at: datetime
    """When its number was uploaded; the first event where nobody tells that."""
    state: ParcelState
    stage: ScanStage
    place: str
    """The branch or hub of the last event that names one."""
    picked_up_at: datetime | None
    last_at: datetime | None
    """When the last event that says anything happened."""
    delivered_at: datetime | None
    abnormal_at: datetime | None
    """When it began to count, or will unless something happens; None: never."""
    worth: Fen
    is_over: bool
    """Whether the order ended: received, or its money given back."""
    anomalies: tuple[Anomaly, ...]

    def is_open(self, anomaly: Anomaly) -> bool:
        """Whether the trouble lasts as far as the facts tell; what was only read from the traces lasts until the parcel is there or the order over."""
        if anomaly.until is None:
            return True
        return anomaly.until == anomaly.at and not self.is_over and self.state is not ParcelState.ARRIVED_HOME


def parcel_of(known: OrderKnowledge, rulebook: Rulebook) -> Parcel | None:
    """The parcel that goes to the buyer; None where the order bears no number or has not left."""
    order = known.order
    scans = scans_of_parcel(known)
    if (
        not order.tracking_no
        or order.stage is OrderStage.FORMING
        or not (order.shipped_at or scans or order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED))
    ):
        return None
    told = [scan for scan in scans if scan.stage is not ScanStage.UNKNOWN]
    anomalies = tuple(sorted(_anomalies(known, told, rulebook), key=lambda one: (one.at, one.kind)))
    pickups = pickups_of(order, until_turned(told))
    return Parcel(
        order_no=order.order_no,
        tracking_no=order.tracking_no,
        carrier=order.carrier or next((scan.carrier for scan in scans if scan.carrier), None) or "",
        province=order.province or "",
        city=order.city or "",
        shipped_at=_shipped_at(order, scans),
        state=_state(known, told, bool(scans)),
        stage=_stage(told),
        place=next((place for scan in reversed(told) if (place := place_of(scan.text))), ""),
        picked_up_at=pickups[-1] if pickups else None,
        last_at=told[-1].at if told else None,
        delivered_at=_delivered_at(order, told),
        abnormal_at=min((one.at for one in anomalies if one.counts), default=None),
        worth=Fen(order.pay_amount or order.receive_amount or 0),
        is_over=_end(known) is not None,
        anomalies=anomalies,
    )


def parcels_of(known: OrderKnowledge, rulebook: Rulebook) -> tuple[Parcel, ...]:
    """Every parcel of the order that is on its way or was: its own, and the further ones, each by its own events."""
    own = parcel_of(known, rulebook)
    if own is None and known.dispatch is None and not known.order.further_parcels:
        return ()
    found = (parcel_of(_as_its_own(known, further), rulebook) for further in _further(known))
    return tuple(parcel for parcel in (own, *found) if parcel is not None)


def _further(known: OrderKnowledge) -> Iterator[FurtherParcel]:
    """The parcels beside the order's own that have left, each once; of what the platform tells and what stands on our labels the platform's word first."""
    order, dispatch = known.order, known.dispatch
    labels = dispatch.further if dispatch is not None and order.stage in _LEFT else ()
    seen = {order.tracking_no}
    for parcel in (*(order.further_parcels or ()), *labels):
        if parcel.tracking_no not in seen:
            seen.add(parcel.tracking_no)
            yield parcel


def _as_its_own(known: OrderKnowledge, parcel: FurtherParcel) -> OrderKnowledge:
    """The order as if this were its only parcel. What is told of the order alone (when it was picked up, what comes back) is told of its own parcel.

    One that was noted here is on its way since then. What was sent once more or as a gift neither left with the order nor arrives with it; nor does what was
    sent after the buyer had received the rest.
    """
    number, order, noted_at = parcel.tracking_no, known.order, _noted_at(known, parcel.tracking_no)
    if parcel.kind is ParcelKind.EXTRA and not _is_later(noted_at, order.received_at):
        order = msgspec.structs.replace(order, shipped_at=noted_at or order.shipped_at)
    else:
        stage = OrderStage.SHIPPED if order.stage is OrderStage.RECEIVED else order.stage
        order = msgspec.structs.replace(order, shipped_at=noted_at, stage=stage, received_at=None, deliver_by=None)
    order = msgspec.structs.replace(order, tracking_no=number, carrier=parcel.carrier, picked_up_at=None)
    scans = tuple(scan for scan in (*known.scans, *known.label_scans) if scan.tracking_no == number)
    return msgspec.structs.replace(known, order=order, scans=scans, no_trace_at=known.no_trace_of.get(number))


def _noted_at(known: OrderKnowledge, number: str) -> datetime | None:
    """When somebody noted the further parcel of this number here; None where nobody did."""
    noted = () if known.dispatch is None else known.dispatch.further
    return next((parcel.noted_at for parcel in noted if parcel.tracking_no == number), None)


def _is_later(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and other is not None and moment > other


def _anomalies(known: OrderKnowledge, told: Sequence[ScanFacts], rulebook: Rulebook) -> Iterable[Anomaly]:
    """Everything wrong with it; of one kind no more than one at a moment, though carriers write the same twice."""
    found: dict[tuple[AnomalyKind, datetime], Anomaly] = {}
    for one in (*clock_anomalies(known, told, _end(known), rulebook), *_signs(known, told, rulebook)):
        counts = rulebook.in_force(Question.ANOMALY, at=one.at, anomaly=one.kind.value) is not None
        found.setdefault((one.kind, one.at), msgspec.structs.replace(one, counts=counts) if counts else one)
    return found.values()


def _signs(known: OrderKnowledge, told: Sequence[ScanFacts], rulebook: Rulebook) -> Iterator[Anomaly]:
    if not told:
        return
    order = known.order
    way = [ReadEvent(scan.at, scan.text, Reading(scan.stage, place=place_of(scan.text))) for scan in told]
    destination = f"{order.province or ''}{order.city or ''}" or None
    for sign in signs_of(way, rulebook, told[-1].at, destination=destination):
        kind = _OF_SIGN.get(sign.kind)
        if kind is None:
            continue
        fen, cite = _refundable(order, kind, sign.until, rulebook)
        yield Anomaly(kind=kind, since=sign.since, at=sign.until, until=sign.until, rule=sign.rule or cite, at_risk=fen, risk_rule=cite, because=sign.because)


def _refundable(order: OrderFacts, kind: AnomalyKind, at: datetime, rulebook: Rulebook) -> tuple[Fen, str | None]:
    """What a refusal puts at risk: the clause of the instant refund names it beside the silence."""
    rule = rulebook.in_force(Question.SILENCE, at=at) if kind is AnomalyKind.REFUSED else None
    if rule is None or rule.amount is None:
        return Fen(0), None
    return reckon(rule.amount, order).fen, rule.cite


def _end(known: OrderKnowledge) -> End | None:
    """How the order ended, if it did: by the buyer's receipt, or by its money going back."""
    order = known.order
    if order.received_at is not None or order.stage is OrderStage.RECEIVED:
        return End(order.received_at)
    if is_over(known) is None:
        return None
    moments = [moment for case in known.cases for moment in (case.agreed_at or case.updated_at,) if moment is not None]
    return End(max(moments, default=None))


def _state(known: OrderKnowledge, told: Sequence[ScanFacts], is_seen: bool) -> ParcelState:
    stages = [scan.stage for scan in told]
    order = known.order
    if any(stage in TURNED for stage in stages) and (ScanStage.DELIVERED not in stages or ScanStage.RETURN_TO_SENDER in stages):
        return ParcelState.TURNED_BACK
    if ScanStage.DELIVERED in stages or order.received_at is not None or order.stage is OrderStage.RECEIVED:
        return ParcelState.ARRIVED_HOME
    if is_over(known) is not None:
        return ParcelState.SETTLED
    if stages and stages[-1] is ScanStage.READY_FOR_PICKUP:
        return ParcelState.AT_POINT
    if order.picked_up_at is not None or any(stage is not ScanStage.EXCEPTION for stage in stages):
        return ParcelState.MOVING
    return ParcelState.NO_PICKUP if is_seen or known.no_trace_at is not None else ParcelState.UNSEEN


def _stage(told: Sequence[ScanFacts]) -> ScanStage:
    """The last event; what was sent back stays so, whoever signs for it."""
    stages = [scan.stage for scan in told]
    if ScanStage.RETURN_TO_SENDER in stages:
        return ScanStage.RETURN_TO_SENDER
    return stages[-1] if stages else ScanStage.UNKNOWN


def _shipped_at(order: OrderFacts, scans: Sequence[ScanFacts]) -> datetime:
    first = scans[0].at if scans else None
    return order.shipped_at or first or order.group_formed_at or order.paid_at or order.created_at or _NEVER


def _delivered_at(order: OrderFacts, told: Sequence[ScanFacts]) -> datetime | None:
    if has_turned(told):
        return None
    return next(iter(deliveries_of(told)), order.received_at)


def where_from(scans: Sequence[ScanFacts]) -> str:
    """The province of the first event that names one."""
    return next((found.name for scan in scans if (found := province_of(scan.text))), "")
