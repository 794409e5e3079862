"""Reviews that the platform wrote because the buyer wrote none: where no column says so its own words do."""

from collections.abc import Sequence
from typing import cast

import msgspec

from zhanggui.core.facts import F, FactKind, ReviewFacts, Sighting
from zhanggui.core.moments import shanghai_day
from zhanggui.core.ratings.rules import RatingRule
from zhanggui.rulebook.ratings import rating_book

_SAYS_SO = frozenset({"is_default"})


def told_by_words(kind: FactKind, chunk: Sequence[Sighting[F]]) -> Sequence[Sighting[F]]:
    """The chunk; of reviews each that is known by its words alone says so itself."""
    return [_marked(sighting) for sighting in chunk] if kind is FactKind.REVIEW else chunk


def _marked(sighting: Sighting[F]) -> Sighting[F]:
    review = cast(ReviewFacts, sighting.facts)
    rule = _rule(review)
    if review.is_default is not None or rule is None or not rule.is_default(review.text):
        return sighting
    facts = cast(F, msgspec.structs.replace(review, is_default=True))
    return msgspec.structs.replace(sighting, facts=facts, given=sighting.given | _SAYS_SO)


def _rule(review: ReviewFacts) -> RatingRule | None:
    """The rule of its day; of a review without a day the newest."""
    book = rating_book()
    if review.created_at is not None:
        return book.in_force(shanghai_day(review.created_at))
    return max(book.rule, key=lambda rule: rule.effective_from, default=None)
