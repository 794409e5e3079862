"""What each activity of the platform asks of a shop or a product, version by version."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis, Grade, Title


class Told(StrEnum):
    """Where the value of a figure comes from."""

    MEASURE = "told_by_measure"
    """One of the house's measures."""
    COUNTED = "told_by_count"
    """Counted from the shop's own orders."""
    TYPED = "told_by_back_office"
    """The platform alone knows it: somebody types what the back office shows."""


class Unit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    SCORE = "score"
    RATE = "rate"
    FEN = "fen"


class Need(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One threshold. Numbers are written as text, so that 4.56 stays 4.56; none of the three: it is asked for, and nobody published how much."""

    figure: str
    told: Told
    unit: Unit
    title: Title
    days: int = 0
    """Over how many days it is counted; 0 where the figure knows that itself."""
    at_least: str | None = None
    above: str | None = None
    at_most: str | None = None
    is_of_goods: bool = False
    """Whether each product has to reach it, not the shop."""
    note: Title | None = None

    @property
    def threshold(self) -> Fraction | None:
        """The number itself; None where it is not published."""
        text = self.at_least or self.above or self.at_most
        return None if text is None else Fraction(text)

    @property
    def is_upper(self) -> bool:
        """Whether it must not be passed."""
        return self.at_most is not None

    def holds(self, value: Fraction, threshold: Fraction) -> bool:
        """Whether the value reaches this threshold."""
        if self.is_upper:
            return value <= threshold
        return value > threshold if self.above is not None else value >= threshold


class Activity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of one activity."""

    id: str
    title: Title
    what: Title
    effective_from: date
    effective_until: date | None = None
    """The first day on which it no longer holds."""
    from_is_approximate: bool = False
    until_is_approximate: bool = False
    need: tuple[Need, ...]
    enrols: bool = True
    """Whether one signs up for a time; otherwise it is bought or opened for good."""
    has_deposit: bool = False
    deposit_fen: Fen | None = None
    """None where nobody published how much."""
    loses: Title | None = None
    """What it costs to leave too late."""
    duty: Title | None = None
    """What one binds oneself to."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    note: Title | None = None

    @property
    def cite(self) -> str:
        """The activity and version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force on that day."""
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


class RewardTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By what the words of a review reward are judged."""

    law: str
    """The rule of the rulebook that is cited."""
    neutral: tuple[str, ...]
    """Words by which a buyer is told that the reward does not depend on the stars; one of them must stand there."""
    tied: tuple[str, ...]
    """Words that tie it to a good rating."""
    cash: tuple[str, ...]
    """Words for money instead of a coupon."""
    most_fen: Fen
    most_days: int
    basis: Basis
    source: str
    checked: date


class RegularTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who counts as coming back, and whom to thank."""

    back_within_days: int
    least_orders: int
    """From so many orders on a buyer is thanked."""
    fresh_days: int
    """So long after the goods came a thank-you is still about them."""
    again_after_days: int
    """So long nobody is thanked twice."""
    keep_days: int
    """How long orders are known by their buyer; then that is forgotten."""
    basis: Basis
    source: str
    checked: date


class ActivityBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All versions of all activities, and what else growth goes by."""

    reward: RewardTerms
    regulars: RegularTerms
    activity: tuple[Activity, ...]

    def in_force(self, day: date) -> tuple[Activity, ...]:
        """The activities that hold on that day, in the order of the file."""
        return tuple(each for each in self.activity if each.holds_on(day))

    def past(self, day: date) -> tuple[Activity, ...]:
        """Those that have ended."""
        return tuple(each for each in self.activity if each.effective_until is not None and each.effective_until <= day)

    def of(self, activity_id: str, day: date) -> Activity | None:
        """The version of that activity that holds on that day."""
        return next((each for each in self.activity if each.id == activity_id and each.holds_on(day)), None)
