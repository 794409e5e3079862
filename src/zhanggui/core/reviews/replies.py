"""Which public answers fit a review: by its stars, by what it complains of, and by what has become of the order since."""

from collections.abc import Sequence

import msgspec

WORST_MIDDLING = 3
BEST_BAD = 2
MOST_DRAFTS = 3
BY_ASPECT = {
    "described": "review_reply_described",
    "quality": "review_reply_quality",
    "quantity": "review_reply_quantity",
    "weight": "review_reply_weight",
    "packaging": "review_reply_packaging",
    "colour_size": "review_reply_colour_size",
    "shipping": "review_reply_shipping",
    "courier": "review_reply_courier",
    "service": "review_reply_service",
    "price": "review_reply_price",
}
"""The script that answers a complaint about each aspect."""


class ReviewToAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer goes by."""

    stars: int | None
    complaints: tuple[str, ...] = ()
    """The aspects that it finds fault with, the surest first."""
    has_text: bool = False
    has_follow_up: bool = False
    case_is_open: bool = False
    is_refunded: bool = False
    is_pressing: bool = False
    """Whether the review is used to press for something."""


def fitting_scripts(review: ReviewToAnswer) -> tuple[str, ...]:
    """The scripts that fit, best first, three at most; none of them promises anything for a rating."""
    found: list[str] = []
    if review.is_pressing:
        found.append("review_reply_pressing")
    if _is_fair(review):
        return (*found, "review_reply_good" if review.has_text else "review_reply_good_silent")
    if review.is_refunded:
        found.append("review_reply_settled")
    elif review.case_is_open:
        found.append("review_reply_case")
    if review.has_follow_up:
        found.append("review_reply_follow_up")
    found += [BY_ASPECT[aspect] for aspect in _each_once(review.complaints) if aspect in BY_ASPECT]
    found.append("review_middling" if review.stars == WORST_MIDDLING else "review_bad")
    return tuple(found[:MOST_DRAFTS])


def _is_fair(review: ReviewToAnswer) -> bool:
    """Whether it finds no fault: many stars and no complaint. Without stars the words decide."""
    if review.stars is None:
        return not review.complaints
    return review.stars > WORST_MIDDLING and not review.complaints


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
