"""By what the shop tells a buyer from others: one keyed digest of the masked receiver and the place, for costs and for advice alike.

Two buyers may share a mask and a place, so that it is a hint; without the shop's key nobody can make it.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from zhanggui.core.facts import OrderFacts
from zhanggui.core.ledger.costs import buyer_words
from zhanggui.records import costs
from zhanggui.records.db import Tx

_BYTES = 16


def buyer_key(tx: Tx, shop_id: int, now: datetime) -> bytes:
    """The shop's key, made where there was none."""
    return costs.buyer_key(tx, shop_id, secrets.token_bytes(32), now)


def buyer_digest(key: bytes, order: OrderFacts) -> bytes | None:
    """The digest of whoever placed this order; None where the receiver is not told."""
    words = buyer_words(order)
    return None if words is None else hmac.new(key, words.encode(), hashlib.sha256).digest()[:_BYTES]
