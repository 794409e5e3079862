"""What came of using a script, told by the facts alone, and added up without ever showing a share without its number.

Several scripts of one talk each count. That an order followed is no proof that the words brought it: the figures compare, they do not prove.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from zhanggui.core.complaints.chances import wilson

ORDERED_WITHIN = timedelta(hours=72)
REPLIED_WITHIN = timedelta(hours=24)
GOOD = 4
"""Ratings from so many stars on are good."""
K = TypeVar("K", bound=Hashable)


class Money(StrEnum):
    """How the request for money stands that was open when the script was used."""

    PENDING = "pending"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    """No case runs and nothing was paid back: the buyer let it be."""
    REFUSED = "refused_by_us"
    """The shop refused, which no words avoided."""


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """One use, and what the facts tell of the time after it."""

    used_at: datetime
    before_order: bool
    """Nothing was ordered then, and the talk is known, so that an order of it would be seen."""
    ordered_at: datetime | None = None
    refund_asked: bool = False
    money: Money = Money.PENDING
    watched: bool = True
    """Whether what the buyer writes would be seen."""
    replied_at: datetime | None = None
    score: int | None = None


class Came(msgspec.Struct, frozen=True):
    """What came of it; None where it is not settled yet, or was never asked."""

    ordered: bool | None
    kept: bool | None
    replied: bool | None
    score: int | None


class Share(msgspec.Struct, frozen=True):
    """So many of so many, between which bounds the true share lies ninety-five times in a hundred; nothing where nothing was counted."""

    hits: int
    of: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent."""
        return round(100 * self.hits / self.of) if self.of else None

    @property
    def bounds(self) -> tuple[int, int]:
        """The bounds in whole percent (Wilson)."""
        low, high = wilson(self.hits, self.of)
        return round(100 * low), round(100 * high)


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all uses of one script or one rep."""

    uses: int
    ordered: Share
    kept: Share
    replied: Share
    good: Share
    score: float | None
    """The mean of the ratings, of `good.of` of them."""
    pending: int
    """Uses of which something is not settled yet."""


def came(later: Later, now: datetime) -> Came:
    """What came of one use, as far as it is settled at this moment."""
    return Came(
        ordered=_within(later.ordered_at, later.used_at, ORDERED_WITHIN, now) if later.before_order else None,
        kept=_kept(later),
        replied=_within(later.replied_at, later.used_at, REPLIED_WITHIN, now) if later.watched else None,
        score=later.score,
    )


def totals(each: Iterable[tuple[K, Later]], now: datetime) -> dict[K, Total]:
    """What came of the uses, by whatever they are gathered."""
    gathered: dict[K, list[Later]] = {}
    for key, later in each:
        gathered.setdefault(key, []).append(later)
    return {key: _total(listed, now) for key, listed in gathered.items()}


def _total(listed: list[Later], now: datetime) -> Total:
    told = [came(later, now) for later in listed]
    scores = [each.score for each in told if each.score is not None]
    return Total(
        uses=len(listed),
        ordered=_share([each.ordered for each in told]),
        kept=_share([each.kept for each in told]),
        replied=_share([each.replied for each in told]),
        good=Share(sum(score >= GOOD for score in scores), len(scores)),
        score=sum(scores) / len(scores) if scores else None,
        pending=sum(_is_pending(later, result) for later, result in zip(listed, told, strict=True)),
    )


def _is_pending(later: Later, result: Came) -> bool:
    waits = later.refund_asked and later.money is Money.PENDING
    return waits or (later.before_order and result.ordered is None) or (later.watched and result.replied is None)


def _kept(later: Later) -> bool | None:
    if not later.refund_asked or later.money in (Money.PENDING, Money.REFUSED):
        return None
    return later.money is Money.WITHDRAWN


def _within(happened: datetime | None, start: datetime, term: timedelta, now: datetime) -> bool | None:
    """Whether it happened within the term. Nothing is said before that is over: what comes quickly would stand for all that is still open."""
    if now <= start + term:
        return None
    return happened is not None and start <= happened <= start + term


def _share(told: list[bool | None]) -> Share:
    settled = [each for each in told if each is not None]
    return Share(sum(settled), len(settled))
