"""Who buys again and who gets money back again: told by a keyed digest of the masked receiver and the place, from the shop's own orders of ninety days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from zhanggui.actions.buyer_digests import buyer_digest, buyer_key
from zhanggui.core.advice.book import AdviceBook, Grievance
from zhanggui.core.advice.case import Buyer, Fault
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.advice.seat import Beside
from zhanggui.core.claims.states import Leg, Loss
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts
from zhanggui.records import advice, claims, costs
from zhanggui.records.db import Tx

KEPT = timedelta(days=90)
"""How far back a buyer is remembered."""
_OF_THE_SHOP = frozenset({Grievance.OUT_OF_STOCK, Grievance.NO_NEWS, Grievance.LATE})
"""Complaints of what the shop or its carrier failed in."""


def buyers_of(tx: Tx, shop_id: int, orders: Mapping[str, OrderFacts]) -> dict[str, Buyer]:
    """What the shop's own orders tell of the buyers of these orders, by order."""
    key = costs.known_buyer_key(tx, shop_id)
    if key is None:
        return {}
    digests = {no: digest for no, order in orders.items() if (digest := buyer_digest(key, order)) is not None}
    known = advice.buyers(tx, shop_id, set(digests.values())) if digests else {}
    return {no: known[digest] for no, digest in digests.items() if digest in known}


def count_buyers(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], book: AdviceBook, now: datetime) -> None:
    """Counts orders by buyer anew, and of how many money went back; whoever bought once and asked for nothing is not kept."""
    key = buyer_key(tx, shop_id, now)
    refunded = _refunded(tx, shop_id, cases, book)
    found: dict[bytes, Buyer] = {}
    for order in advice.placed_since(tx, shop_id, now - KEPT):
        facts = OrderFacts(order_no=order.order_no, receiver_masked=order.receiver, province=order.province, city=order.city, district=order.district)
        digest = buyer_digest(key, facts)
        if digest is not None:
            before, kept = found.get(digest, Buyer()), refunded.get(order.order_no)
            refunds, kept_goods = before.refunds + (kept is not None), before.kept_goods + bool(kept)
            found[digest] = Buyer(orders=before.orders + 1, refunds=refunds, kept_goods=kept_goods)
    advice.put_buyers(tx, shop_id, {digest: buyer for digest, buyer in found.items() if buyer.orders > 1 or buyer.refunds})


def _refunded(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], book: AdviceBook) -> dict[str, bool]:
    """The orders of which money went back by no failing of the shop or its carrier, each once, and whether the buyer kept the goods."""
    paid = [case for case in cases if case.state is AftersaleState.REFUNDED and not _is_of_the_shop(case, book)]
    found = advice.findings(tx, shop_id, [case.case_no for case in paid])
    claimed = claims.of_orders(tx, shop_id, sorted({case.order_no for case in paid if case.order_no}))
    lost = {one.order_no for one in claimed if one.leg == Leg.OUTGOING and one.loss == Loss.LOST}
    kept: dict[str, bool] = {}
    for case in paid:
        told = found.get(case.case_no, Beside())
        if case.order_no and case.order_no not in lost and told.fault in (None, Fault.BUYER) and not told.is_lost:
            kept[case.order_no] = kept.get(case.order_no, False) or case.kind is AftersaleKind.REFUND_ONLY
    return kept


def _is_of_the_shop(case: AftersaleFacts, book: AdviceBook) -> bool:
    """Whether nothing had left, or it is complained of what the shop or its carrier failed in."""
    return case.shipped is False or grievance_of(case.reason or "", case.kind or AftersaleKind.UNKNOWN, book).kind in _OF_THE_SHOP
