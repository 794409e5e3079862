"""The platform's own pre-check of a number, for connected shops: it says yes or no and gives no reason, so a no warns and forbids nothing."""

import time
from collections.abc import Iterable
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.platform import NotConnected, ask
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.shipping_slips import SlipReport, SlipRow
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.shipping import pre_check
from zhanggui.core.numbers import Asked, Doubt, NumberCheck, Reason, Verdict, as_number, carrier_of
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId

MOST = 200
"""So many numbers are asked about at once; the rest are checked by ourselves alone."""
PATIENCE = 5.0
"""Seconds after which nobody is kept waiting any longer."""
REFUSED = say("The platform would not take this number for this order; it gives no reason. Is the carrier right?")


def refused_by_platform(house: House, by: Person, shop_id: ShopId, asked: Iterable[Asked], now: datetime, wall: datetime) -> frozenset[str]:
    """The orders whose number the platform would not take. Empty where the shop is not connected; what got no answer is not among them."""
    by.need(Permission.ORDERS_READ, shop_id)
    refused: set[str] = set()
    carriers = carriers_now(house)
    ends = time.monotonic() + PATIENCE
    for each in list(asked)[:MOST]:
        carrier = _code(each.carrier, carriers)
        if carrier is None:
            continue
        try:
            is_taken = ask(house, shop_id, pre_check(each.order_no, carrier, as_number(each.number)), now, wall)
        except (PlatformError, NotConnected):
            break  # the pre-check is a help, not a condition
        if not is_taken:
            refused.add(each.order_no)
        if time.monotonic() > ends:
            break
    return frozenset(refused)


def pre_checked_list(house: House, by: Person, shop_id: ShopId, report: SlipReport, now: datetime, wall: datetime) -> SlipReport:
    """The report with the platform's word: rows that would be fine but for it are warned of."""
    asked = [Asked(row.slip.tracking_no, row.slip.order_no, row.slip.carrier) for row in report.rows if row.verdict is not Verdict.BLOCK]
    refused = refused_by_platform(house, by, shop_id, asked, now, wall)
    return msgspec.structs.replace(report, rows=tuple(_warned(row) if row.slip.order_no in refused else row for row in report.rows))


def pre_checked(house: House, by: Person, shop_id: ShopId, check: NumberCheck, order_no: str, carrier: str, now: datetime, wall: datetime) -> NumberCheck:
    """The check of one number with the platform's word."""
    if not refused_by_platform(house, by, shop_id, [Asked(check.number, order_no, carrier)], now, wall):
        return check
    return msgspec.structs.replace(check, reasons=(*check.reasons, Reason(Doubt.PLATFORM_REFUSES, REFUSED)))


def _code(name: str | None, carriers: Carriers) -> str | None:
    """The carrier's code on the platform."""
    known = carriers.named(name)
    shapes = carrier_of(name) if name else None
    return known.code if known is not None else shapes.code if shapes is not None else None


def _warned(row: SlipRow) -> SlipRow:
    if row.verdict is Verdict.BLOCK:
        return row
    return msgspec.structs.replace(row, verdict=Verdict.WARN, reasons=(*row.reasons, REFUSED))
