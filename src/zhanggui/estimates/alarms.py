"""Whether a product has become bad: a cumulative sum over its reviews, with the chance of a false alarm counted exactly.

A bad review raises the sum, any other lowers it by one, never below nothing; at a bound it rings. How far a bad one raises it is chosen for the share
of bad reviews to be expected and one so many times as high; the bound is the least at which a product that stays as it was rings no more often than
the rule allows. That chance is no estimate of ours but the sum over all ways so many reviews can come, given the share of bad ones; and since that
share is known only from what came before, it is weighed over all shares by how well they fit: the shop's products as a whole, and the product's own past.

Whoever asks in advance can therefore be told in how many of a hundred unchanged products it will ring; `script/prove alarm` counts it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt

import msgspec

from zhanggui.core.products.book import AlarmRule

OWN_WEIGHT = 20
"""So many reviews the shop as a whole is worth beside a product's own past."""
_LEAST, _MOST = 0.005, 0.6
_STEPS = 24
_MOST_PAST = 1_000
"""A longer past says no more than so many reviews of its kind."""


class Prior(msgspec.Struct, frozen=True):
    """How many reviews the shop's other products have, and how many of them are bad."""

    reviews: int
    bad: int

    @property
    def share(self) -> float:
        """The share to be expected; where there is hardly a review yet, one in ten."""
        return (self.bad + 1) / (self.reviews + 10)


class Design(msgspec.Struct, frozen=True):
    """How far a bad review raises the sum, at which bound it rings, and the chance that it has rung falsely after each review of a watch."""

    base: float
    up: int
    bound: int
    false_shares: tuple[float, ...]


class Starred(msgspec.Struct, frozen=True, gc=False):
    """The stars of one review, when and of which order; of a product's reviews in the order in which they came."""

    at: datetime
    order_no: str
    stars: int


class Counted(msgspec.Struct, frozen=True):
    """How many orders gave one star within the days of the rule, of how many reviewed, and when the one came that was more than the rule lets pass."""

    one_star: int
    reviewed: int
    raised_at: datetime | None


class Watch(msgspec.Struct, frozen=True):
    """One watch over a product: from its first review on, and where it rang."""

    first: int
    """The place of its first review in the product's row."""
    seen: int
    design: Design
    past: int
    past_bad: int
    rang_at: int | None = None
    """The place of the review at which it rang."""
    since: int | None = None
    """The place of the review with which the sum began to rise that rang."""

    @property
    def false_share(self) -> float:
        """Of unchanged products with as many reviews in a watch, this share rings."""
        return self.design.false_shares[self.seen - 1] if self.seen else 0.0


def watches(bad: Sequence[bool], prior: Prior, rule: AlarmRule, before: tuple[int, int] = (0, 0)) -> list[Watch]:
    """The watches over a product's reviews, in the order in which these came; `before` are the (reviews, bad ones) that came before all of them."""
    found = []
    past, past_bad = before
    for first in range(0, len(bad), rule.watch_reviews):
        watched = bad[first : first + rule.watch_reviews]
        found.append(_watched(watched, first, design_of(prior, past, past_bad, rule), past, past_bad))
        past, past_bad = past + len(watched), past_bad + sum(watched)
    return found


def design_of(prior: Prior, past: int, past_bad: int, rule: AlarmRule) -> Design:
    """The test for a product of whose past so many reviews are known, so many of them bad."""
    if not past:
        return _design(_rough(prior.bad + 1), _rough(prior.reviews - prior.bad + 9), rule.watch_reviews, rule.odds_times, rule.false_share)
    share = prior.share
    weight = min(1.0, _MOST_PAST / past)
    likes_bad, likes_other = OWN_WEIGHT * share + weight * past_bad, OWN_WEIGHT * (1 - share) + weight * (past - past_bad)
    return _design(round(likes_bad, 1), round(likes_other, 1), rule.watch_reviews, rule.odds_times, rule.false_share)


def counted(reviews: Sequence[Starred], rule: AlarmRule, now: datetime) -> Counted:
    """The one-star orders of the days up to now."""
    within = [one for one in reviews if now - timedelta(days=rule.one_star_days) < one.at <= now]
    first: dict[str, datetime] = {}
    for one in within:
        if one.stars == 1:
            first.setdefault(one.order_no, one.at)
    moments = sorted(first.values())
    raised_at = moments[rule.one_star_more_than] if len(moments) > rule.one_star_more_than else None
    return Counted(len(moments), len({one.order_no for one in within}), raised_at)


def first_count(reviews: Sequence[Starred], rule: AlarmRule) -> int | None:
    """The place of the review with which the count of one-star orders first was more than the rule lets pass."""
    ones: list[tuple[datetime, str]] = []
    for place, one in enumerate(reviews):
        if one.stars == 1 and all(order_no != one.order_no for _, order_no in ones):
            ones = [each for each in ones if each[0] > one.at - timedelta(days=rule.one_star_days)] + [(one.at, one.order_no)]
            if len(ones) > rule.one_star_more_than:
                return place
    return None


def chance_of_count(share: float, reviews: int, more_than: int) -> float:
    """The chance that of so many reviews more than so many are of a kind that has this share."""
    if share <= 0 or reviews <= more_than:
        return 0.0
    at_most = sum(exp(_choose(reviews, k) + k * log(share) + (reviews - k) * log1p(-share)) for k in range(more_than + 1)) if share < 1 else 0.0
    return max(0.0, 1 - at_most)


def _watched(bad: Sequence[bool], first: int, design: Design, past: int, past_bad: int) -> Watch:
    total, since = 0, first
    for place, is_bad in enumerate(bad, start=first):
        if total == 0:
            since = place
        total = total + design.up if is_bad else max(0, total - 1)
        if total >= design.bound:
            return Watch(first, len(bad), design, past, past_bad, place, since)
    return Watch(first, len(bad), design, past, past_bad)


def _rough(number: int) -> float:
    """To three places: so that the products of a shop, each of which is held against all others, mostly share one test."""
    return float(f"{number:.3g}")


@lru_cache(maxsize=4096)
def _design(likes_bad: float, likes_other: float, reviews: int, times: float, allowed: float) -> Design:
    base = min(max(likes_bad / (likes_bad + likes_other), _LEAST), _MOST)
    up = _up(base, times)
    shares = _shares(likes_bad, likes_other)
    low, high = up, up * reviews + 1
    while low < high:
        middle = (low + high) // 2
        if _rung(shares, up, middle, reviews)[-1] <= allowed:
            high = middle
        else:
            low = middle + 1
    return Design(base, up, low, tuple(_rung(shares, up, low, reviews)))


def _up(base: float, times: float) -> int:
    """By how much a bad review raises the sum where any other lowers it by one: as the two shares would have it, rounded."""
    odds = times * base / (1 - base)
    high = odds / (1 + odds)
    return max(1, round(log(high / base) / -log((1 - high) / (1 - base))))


def _shares(likes_bad: float, likes_other: float) -> list[tuple[float, float]]:
    """Shares of bad reviews with their weights: a beta distribution in equal steps of the logarithm of the odds, five spreads to either side."""
    middle, spread = log(likes_bad / likes_other), sqrt(1 / likes_bad + 1 / likes_other)
    places = [1 / (1 + exp(-(middle + spread * (10 * (at + 0.5) / _STEPS - 5)))) for at in range(_STEPS)]
    # a step is as wide as share * (1 - share), hence one power more of each
    heights = [likes_bad * log(share) + likes_other * log1p(-share) for share in places]
    top = max(heights)
    weights = [exp(height - top) for height in heights]
    total = sum(weights)
    return [(share, weight / total) for share, weight in zip(places, weights, strict=True) if weight > total * 1e-5]


def _rung(shares: Sequence[tuple[float, float]], up: int, bound: int, reviews: int) -> list[float]:
    """The chance to have rung after each review, over all ways they can come."""
    found = [0.0] * reviews
    total = sum(weight for _, weight in shares)
    for share, weight in shares:
        rung = 0.0
        sums = [0.0] * bound
        sums[0] = 1.0
        for number in range(reviews):
            then = [0.0] * bound
            for height, chance in enumerate(sums):
                if chance < 1e-15:
                    continue
                if height + up >= bound:
                    rung += chance * share
                else:
                    then[height + up] += chance * share
                then[max(0, height - 1)] += chance * (1 - share)
            sums = then
            found[number] += rung * weight / total
    return found


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
