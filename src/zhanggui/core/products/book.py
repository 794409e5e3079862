"""When reviews of a product raise it, version by version."""

from datetime import date

import msgspec

from zhanggui.core.rules import Basis, Grade, Title


class AlarmRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of when a product is raised."""

    id: str
    title: Title
    effective_from: date
    effective_until: date | None = None
    """The first day on which it no longer holds."""
    one_star_more_than: int
    """More orders than so many with one star raise the product by themselves."""
    one_star_days: int
    """So many days back they are counted."""
    bad_upto: int
    """A review with so many stars or fewer is a bad one in the test."""
    watch_reviews: int
    """So many reviews of a product make one watch; the next begins anew, and then this one belongs to what was before."""
    odds_times: float
    """What the test looks out for: the odds of a bad review so many times as high as before."""
    false_share: float
    """Of products that stay as they were, at most this share is raised by the test in one watch."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    note: Title | None = None

    @property
    def cite(self) -> str:
        """The rule and version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"


class AlarmBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All versions."""

    rule: tuple[AlarmRule, ...]

    def in_force(self, day: date) -> AlarmRule | None:
        """The version of this day; None where nobody knows one."""
        return next((one for one in self.rule if one.effective_from <= day and (one.effective_until is None or day < one.effective_until)), None)
