"""What is known or assumed of each kind of complaint: how many a month, how often one wins, where it is filed."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Basis, Grade


class ComplaintTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dated block about a kind of complaint."""

    kind: ComplaintKind
    effective_from: date
    a_month: int | None = None
    """How many may be filed in a calendar month; None: as many as one likes."""
    win_gives_back: bool = False
    """Whether one that is won does not count among them."""
    chance: float
    """How often one is won, before the shop has a past of its own."""
    chance_weight: float
    """As how many cases of the shop's own that assumption counts."""
    page: str
    """The page of the back office; {order_no} and {case_no} are filled in."""
    path_zh: str
    """The way there through the menus, as the back office writes it."""
    path_en: str
    basis: Basis
    grade: Grade
    source: str
    checked: date


class MaliceTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By what an order of which a quality refund was asked looks malicious, and what each sign does to the chance."""

    words: tuple[str, ...]
    """Words of a buyer who threatens."""
    repeat_cases: int
    """So many quality refunds of one masked buyer within the window are a sign."""
    times_per_sign: float
    most_chance: float
    answer_days: int


class Quota(msgspec.Struct, frozen=True):
    """How many may still be filed this month."""

    a_month: int
    filed: int
    given_back: int

    @property
    def left(self) -> int:
        """How many are left; never less than none."""
        return max(0, self.a_month - self.filed + self.given_back)


def terms_at(blocks: Sequence[ComplaintTerms], kind: ComplaintKind, at: datetime) -> ComplaintTerms:
    """The block that holds for this kind at that moment: the newest that has begun. Raises LookupError where there is none."""
    day = shanghai_day(at)
    found = [block for block in blocks if block.kind is kind and block.effective_from <= day]
    if not found:
        raise LookupError(f"no terms of {kind} on {day}")
    return max(found, key=lambda block: block.effective_from)


def quota_of(terms: ComplaintTerms, filed: int, won: int) -> Quota | None:
    """What is left of the month, where the number is limited; `won` of those filed in the month."""
    if terms.a_month is None:
        return None
    return Quota(terms.a_month, filed, won if terms.win_gives_back else 0)
