"""Whose a review is, as far as buyers can be told from each other: from facts alone, so that it can be reckoned anew at any time."""

import hashlib
import hmac

from zhanggui.actions.buyer_digests import buyer_digest
from zhanggui.core.facts import OrderFacts, ReviewFacts

_BYTES = 16
LEAST_DIGITS = 4
"""So many digits of a telephone number must be seen: a family name and a district are shared by far too many."""


def buyer_of(key: bytes, review: ReviewFacts, order: OrderFacts | None) -> str | None:
    """The digest in hexadecimal: what a source told, else that of whoever received the order. None where one order cannot be told to be another's."""
    if review.buyer:
        return hmac.new(key, f"told:{review.buyer}".encode(), hashlib.sha256).digest()[:_BYTES].hex()
    if order is None or sum(char.isdigit() for char in order.receiver_masked or "") < LEAST_DIGITS:
        return None
    digest = buyer_digest(key, order)
    return None if digest is None else digest.hex()
