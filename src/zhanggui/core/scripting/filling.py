"""What the slots of a quick reply are filled with: facts only, and only those that are true of the order as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.clocks.shipping import GOODS_AGAIN, is_ended, is_over, ship_due
from zhanggui.core.clocks.way_out import deliveries_of, has_turned
from zhanggui.core.dispatch.moves import DispatchState
from zhanggui.core.dispatch.shapes import has_not_gone, is_back_in_the_house
from zhanggui.core.facts import AftersaleState, OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.core.scripts import Fit, type_of_fill

LONGEST_TITLE = 24
_ASKS = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.PLATFORM_HANDLES})
_RUNS = _ASKS | {AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_RECEIVE}
_WITH_CARRIER = frozenset(ScanStage) - {ScanStage.UNKNOWN, ScanStage.EXCEPTION}
"""What a carrier says of a parcel only once it has it."""


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the variant that is talked about."""

    goods_id: str = ""
    title: str | None = None
    spec: str | None = None
    price: Fen | None = None
    free: int | None = None
    """What may still be promised of it; None where it was never counted."""
    link: str | None = None


def fills(known: OrderKnowledge | None, goods: Goods | None, own: Mapping[str, str], rulebook: Rulebook, now: datetime) -> dict[str, type_of_fill]:
    """The slots that can be filled; one that is not here has nothing true to say."""
    found: dict[str, type_of_fill | None] = {"answer_by": next_sure_hour(now), **own}
    if goods is not None:
        found |= {
            "title": shortened(goods.title),
            "spec": goods.spec,
            "price_fen": goods.price,
            "free": str(goods.free) if goods.free is not None and goods.free > 0 else None,
            "link": goods.link,
        }
    if known is not None:
        found |= {name: value for name, value in _of_order(known, rulebook, now).items() if value is not None}
    return {name: value for name, value in found.items() if value is not None and value != ""}


def fit_of(known: OrderKnowledge | None, rulebook: Rulebook, now: datetime) -> Fit:
    """How the order stands at this moment, as scripts ask for it."""
    if known is None:
        return Fit.NO_ORDER
    if (is_over(known) if has_left(known) else is_ended(known)) is not None:
        return Fit.ENDED
    if has_arrived(known):
        return Fit.ARRIVED
    if has_left(known):
        return Fit.UNCLEAR if has_turned(_scans(known)) else Fit.ON_ITS_WAY
    return _to_ship(known, rulebook, now)


def _to_ship(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> Fit:
    order = known.order
    if refund_is_asked(known):
        return Fit.REFUND_ASKED
    if order.stage is OrderStage.FORMING or order.under_review or order.on_hold or known.abnormal is not None:
        return Fit.HELD
    if order.stage is not OrderStage.TO_SHIP:
        return Fit.UNCLEAR
    due = ship_due(known, rulebook)
    if due is None:
        return Fit.UNCLEAR
    return Fit.LATE if due.due_at <= now else Fit.TO_SHIP


def refund_is_asked(known: OrderKnowledge) -> bool:
    """Whether the buyer asks for money, and nobody has decided."""
    if any(case.state in _ASKS and case.kind not in GOODS_AGAIN for case in known.cases):
        return True
    return known.order.refund is RefundState.OPEN and not any(case.state in _RUNS for case in known.cases)


def has_left(known: OrderKnowledge) -> bool:
    """Whether the platform, the house or the carrier shows that the goods have left, and they are not known to be in the house: not gone yet, or back again."""
    order, dispatch = known.order, known.dispatch
    if has_not_gone(order, dispatch) or is_back_in_the_house(order, dispatch):
        return False
    if order.shipped_at is not None or order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED):
        return True
    return (dispatch is None or dispatch.state is not DispatchState.RECALLED) and _is_with_carrier(known)


def _is_with_carrier(known: OrderKnowledge) -> bool:
    """Whether somebody handed it over, or the carrier has scanned it, whatever the platform shows."""
    if known.order.picked_up_at is not None or (known.dispatch is not None and known.dispatch.state is DispatchState.HANDED_OVER):
        return True
    return any(scan.stage in _WITH_CARRIER for scan in (*scans_of_parcel(known), *scans_of_label(known)))


def has_arrived(known: OrderKnowledge) -> bool:
    """Whether the goods have reached the buyer, as far as anything shows."""
    order = known.order
    if order.received_at is not None or order.stage is OrderStage.RECEIVED:
        return True
    scans = _scans(known)
    return has_left(known) and not has_turned(scans) and bool(deliveries_of(scans))


def _scans(known: OrderKnowledge) -> Sequence[ScanFacts]:
    """The tracking events of the parcel, oldest first; under the number of our label where the platform knows none."""
    if known.order.tracking_no is not None:
        return scans_of_parcel(known)
    return sorted((*scans_of_parcel(known), *scans_of_label(known)), key=lambda scan: scan.at)


def scans_of_label(known: OrderKnowledge) -> list[ScanFacts]:
    """The tracking events under the number of our own label; those of the order's further parcels tell nothing of this one."""
    number = None if known.dispatch is None else known.dispatch.tracking_no
    return [scan for scan in known.label_scans if scan.tracking_no == number]


def shortened(title: str | None) -> str | None:
    """The title as one would say it in a message."""
    if not title or len(title) <= LONGEST_TITLE:
        return title or None
    return title[:LONGEST_TITLE] + "…"


def _of_order(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> dict[str, type_of_fill | None]:
    order = known.order
    left = has_left(known)
    scans = _scans(known) if left else []
    carrier, tracking_no = _travels(known) if left else (None, None)
    return {
        "order_no": order.order_no,
        "title": shortened(order.title),
        "spec": order.spec,
        "quantity": str(order.quantity) if order.quantity else None,
        "paid_fen": order.pay_amount,
        "refund_fen": _refund(known, order),
        "carrier": carrier,
        "tracking_no": tracking_no,
        "last_event": scans[-1].at if scans else None,
        "ship_by": _ship_by(known, rulebook, now),
    }


def _travels(known: OrderKnowledge) -> tuple[str | None, str | None]:
    """With whom the parcel travels and under which number: as the platform shows it; where it shows no number, as it was handed over."""
    order, dispatch = known.order, known.dispatch
    if order.tracking_no is not None or dispatch is None or dispatch.state is not DispatchState.HANDED_OVER:
        return order.carrier, order.tracking_no
    return dispatch.carrier or order.carrier, dispatch.tracking_no


def _refund(known: OrderKnowledge, order: OrderFacts) -> Fen | None:
    """What goes back, or went: the sum of the case about money that came last; the whole order where it ended without one."""
    sums = [case.refund_amount for case in known.cases if case.kind not in GOODS_AGAIN and case.refund_amount is not None]
    return sums[-1] if sums else order.refund_amount


def _ship_by(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> datetime | None:
    """The moment it must have left by, where it has not left and the moment is still to come."""
    if fit_of(known, rulebook, now) is not Fit.TO_SHIP:
        return None
    due = ship_due(known, rulebook)
    return None if due is None else due.due_at
