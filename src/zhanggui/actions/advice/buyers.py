"""Who buys again and who gets money back again: told by a keyed digest of the masked receiver and the place, from the shop's own orders of ninety days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_digest, buyer_key
from zhanggui.core.advice.case import Buyer
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts
from zhanggui.records import advice, costs
from zhanggui.records.db import Tx

KEPT = timedelta(days=90)
"""How far back a buyer is remembered."""


def buyers_of(tx: Tx, shop_id: int, orders: Mapping[str, OrderFacts]) -> dict[str, Buyer]:
    """What the shop's own orders tell of the buyers of these orders, by order."""
    key = costs.known_buyer_key(tx, shop_id)
    if key is None:
        return {}
    digests = {no: digest for no, order in orders.items() if (digest := buyer_digest(key, order)) is not None}
    known = advice.buyers(tx, shop_id, set(digests.values())) if digests else {}
    return {no: known[digest] for no, digest in digests.items() if digest in known}


def count_buyers(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], now: datetime) -> None:
    """Counts orders and refunds by buyer anew; whoever bought once and asked for nothing is not kept."""
    key = buyer_key(tx, shop_id, now)
    refunds: dict[str, list[bool]] = {}
    for case in cases:
        if case.order_no is not None and case.state is AftersaleState.REFUNDED:
            refunds.setdefault(case.order_no, []).append(case.kind is AftersaleKind.REFUND_ONLY and case.shipped is not False)
    found: dict[bytes, Buyer] = {}
    for order in advice.placed_since(tx, shop_id, now - KEPT):
        facts = OrderFacts(order_no=order.order_no, receiver_masked=order.receiver, province=order.province, city=order.city, district=order.district)
        digest = buyer_digest(key, facts)
        if digest is not None:
            money = refunds.get(order.order_no, ())
            before = found.get(digest, Buyer())
            found[digest] = msgspec.structs.replace(
                before, orders=before.orders + 1, refunds=before.refunds + len(money), kept_goods=before.kept_goods + sum(money)
            )
    advice.put_buyers(tx, shop_id, {digest: buyer for digest, buyer in found.items() if buyer.orders > 1 or buyer.refunds})
