"""How many days an account still lasts, by what the shop itself has used."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

LOOKS_BACK = 14
"""Days that are looked at, today not among them: it is not over."""
FEWEST_DAYS = 3
"""With fewer days of use nothing is foretold."""
LOW_DAYS = 3.0
"""So many days before the end an account counts as low: a top-up needs a working day, and a weekend has two others."""


class Use(msgspec.Struct, frozen=True):
    """How many numbers were used on a day."""

    day: date
    numbers: int


class Forecast(msgspec.Struct, frozen=True):
    """How long the numbers last. `a_day` is what a usual day needs, `busy_day` the busiest of those looked at."""

    left: int
    days_seen: int
    a_day: float | None
    busy_day: int
    days_left: float | None
    low_at: int | None
    """A number set by the shop, at which the account counts as low whatever the use."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    @property
    def is_low(self) -> bool:
        """Whether it is time to top up."""
        if self.is_empty or (self.low_at is not None and self.left <= self.low_at):
            return True
        return self.days_left is not None and self.days_left < LOW_DAYS


def forecast(left: int, uses: Sequence[Use], today: date, *, began: date | None = None, low_at: int | None = None) -> Forecast:
    """How long so many numbers last. Days without any use count as such from the first use, or from `began`, on."""
    since = today - timedelta(days=LOOKS_BACK)
    used = {each.day: each.numbers for each in uses if since <= each.day < today and each.numbers > 0}
    first = max(since, min([*used, began] if began else used)) if used else None
    days_seen = 0 if first is None else (today - first).days
    a_day = sum(used.values()) / days_seen if days_seen >= FEWEST_DAYS else None
    days_left = max(0.0, left / a_day) if a_day else None
    return Forecast(left=left, days_seen=days_seen, a_day=a_day, busy_day=max(used.values(), default=0), days_left=days_left, low_at=low_at)
