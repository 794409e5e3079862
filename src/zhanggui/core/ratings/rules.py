"""How the platform counts the shop rating, version by version."""

import re
from datetime import date
from functools import cached_property

import msgspec

from zhanggui.core.rules import Basis, Grade, Title

_BETWEEN = re.compile(r"[\W_]+")


class RatingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One version of how the shop rating is counted."""

    id: str
    title: Title
    effective_from: date
    effective_until: date | None = None
    """The first day on which it no longer holds."""
    from_is_approximate: bool = False
    days: int
    """On how many whole days in a row a rating counts, from the midnight after it was given."""
    first_per_month: int
    """How many ratings of one buyer count of one calendar month: the first ones."""
    least: int
    """Below so many ratings that count the platform shows none."""
    decimals: int
    """To how many places it is shown, half a unit of the last place upwards."""
    lowest: int
    highest: int
    default_texts: tuple[str, ...] = ()
    """What the platform writes where the buyer gave no rating; blanks and signs do not matter."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    note: Title | None = None

    @property
    def cite(self) -> str:
        """The rule and version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"

    def is_default(self, text: str | None) -> bool:
        """Whether the platform wrote the review, because the buyer did not."""
        return text is not None and len(text) <= 60 and _bare(text) in self._defaults

    @cached_property
    def _defaults(self) -> frozenset[str]:
        return frozenset(map(_bare, self.default_texts))


class RatingBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All versions."""

    rule: tuple[RatingRule, ...]

    def in_force(self, day: date) -> RatingRule | None:
        """The version by which the rating of this day is counted. None where nobody knows."""
        return next((one for one in self.rule if one.effective_from <= day and (one.effective_until is None or day < one.effective_until)), None)


def _bare(text: str) -> str:
    return _BETWEEN.sub("", text)
