"""The facts of a review."""

from zhanggui.core.automation.fact import About, Fact, flag, free_text, has, hours, hours_between, number, of
from zhanggui.core.automation.seen import Seen
from zhanggui.core.automation.values import Value
from zhanggui.core.say import say

_REVIEW = frozenset({About.REVIEW})


def _since(seen: Seen) -> Value | None:
    return None if seen.review is None else hours_between(seen.review.created_at, seen.now)


OF_REVIEWS: tuple[Fact, ...] = (
    number("stars", say("Stars for the goods"), "review.score", of("review", "score"), _REVIEW, least=1, most=5),
    number("service_stars", say("Stars for the service"), "review.service_score", of("review", "service_score"), _REVIEW, least=1, most=5),
    number("shipping_stars", say("Stars for shipping"), "review.shipping_score", of("review", "shipping_score"), _REVIEW, least=1, most=5),
    flag("has_words", say("The review has words"), "review.text", has("review", "text"), _REVIEW),
    free_text("review_text", say("Words of the review"), "review", "text", _REVIEW),
    flag("has_pictures", say("The review has pictures"), "review.pictures", has("review", "pictures"), _REVIEW),
    flag("has_follow_up", say("The buyer added something later"), "review.follow_up", has("review", "follow_up"), _REVIEW),
    hours("hours_since_review", say("Hours since the review"), "review.created_at", _since, _REVIEW),
)
"""What a review has."""
