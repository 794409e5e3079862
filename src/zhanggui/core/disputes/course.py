"""The course of events of an order and its case, as far as the facts tell it, for whatever is written to the platform."""

from collections.abc import Iterable
from datetime import datetime

from zhanggui.core.clocks.way_out import deliveries_of, until_turned
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts, ScanStage
from zhanggui.core.moments import in_shanghai
from zhanggui.core.scripts import Both

_NOTHING = Both("情况如下", "as follows")


def course_of(order: OrderFacts | None, case: AftersaleFacts | None, scans: Iterable[ScanFacts] = ()) -> Both:
    """What happened when, in order; every moment with its hour and minute. That the carrier delivered it is said by its scans alone."""
    own = sorted((scan for scan in scans if order is not None and scan.tracking_no == order.tracking_no), key=lambda scan: scan.at)
    picked_up = min((scan.at for scan in until_turned(own) if scan.stage is ScanStage.PICKED_UP), default=order.picked_up_at if order else None)
    delivered = max(deliveries_of(own), default=None)
    events: list[tuple[str, str, datetime | None]] = [
        ("下单付款", "paid", (order.paid_at or order.group_formed_at) if order else None),
        ("发货", "shipped", order.shipped_at if order else None),
        ("快递揽收", "picked up", picked_up),
        ("快递签收", "delivered", delivered),
        ("确认收货", "receipt confirmed", order.received_at if order and delivered is None else None),
        ("买家申请售后", "after-sales request", case.applied_at if case else None),
        ("退货寄出", "return sent", case.return_sent_at if case else None),
        ("退货签收", "return delivered", case.return_delivered_at if case else None),
    ]
    known = sorted(((at, zh, en) for zh, en, at in events if at is not None), key=lambda event: event[0])
    if not known:
        return _NOTHING
    told = [(in_shanghai(at).strftime("%Y-%m-%d %H:%M"), zh, en) for at, zh, en in known]
    return Both("，".join(f"{at}{zh}" for at, zh, _ in told), "; ".join(f"{at} {en}" for at, _, en in told))
