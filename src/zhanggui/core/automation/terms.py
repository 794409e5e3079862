"""What holds of automation rules beside themselves: when one fires so often that it is held."""

import msgspec

from zhanggui.core.rules import Basis


class AutomationTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms, as rulebook/automation.toml gives them."""

    brake_floor: int
    """So often in 24 hours is never too often."""
    brake_times: int
    """More than so many times the busiest day seen, the one of the dry run or of the last weeks, holds the rule."""
    brake_days: int
    """So many days of its own are looked back at."""
    tried_days: int
    """A dry run looks at the cases, orders and reviews of so many days."""
    most_tried: int
    """At so many of each at most, the newest first."""
    basis: Basis
    source: str

    def most_in_a_day(self, busiest: int) -> int:
        """How often a rule may fire in 24 hours whose busiest day held so many."""
        return max(self.brake_floor, self.brake_times * busiest)
