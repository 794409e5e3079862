"""What the desk and the bridge tell of reviews becomes facts by the same road as files: a standing batch, folded by age."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import Facts, Place, ReviewFacts, Sighting
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, locks
from zhanggui.records.db import Tx

DESK = "reviews_desk"
"""The standing batch of answers that people say they entered."""
BRIDGE = "reviews_bridge"
"""The standing batch of what programs bring."""


def tell_review(tx: Tx, house: House, shop_id: ShopId, review_no: str, order_no: str, told: dict[str, Any], now: datetime) -> None:
    """Tells some fields of one review, as of now."""
    facts = ReviewFacts(review_no=review_no, order_no=order_no, **told)
    tell_reviews(tx, house, shop_id, [Sighting(facts, frozenset(told), Place(DESK), now)], DESK, now)


def tell_reviews(tx: Tx, house: House, shop_id: ShopId, told: Sequence[Sighting[Facts]], profile: str, now: datetime) -> None:
    """Stores what was told, with the deadlines it moves, in the transaction of whoever calls."""
    locks.hold_shop(tx, shop_id)
    Standing(tx, shop_id, rulebook_in(tx, house, shop_id), now, profile).store(told, now)


def given_of(review: ReviewFacts) -> frozenset[str]:
    """The fields that were told: those that hold anything."""
    return frozenset(name for name, value in msgspec.structs.asdict(review).items() if value is not None) - {"review_no", "order_no"}


def number_of(tx: Tx, shop_id: ShopId, order_no: str) -> str:
    """The number of a review of which nobody told one: that of the order's only review, else the order's own. Buyers review an order once."""
    stored = around.reviews(tx, shop_id, [order_no]).get(order_no, ())
    return stored[0].facts.review_no if len(stored) == 1 else order_no
