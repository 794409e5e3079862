"""Whether cases came more or less often after a page was changed, and how surely."""

from math import erfc, sqrt

import msgspec

from zhanggui.core.complaints.chances import wilson

SURE = 0.05


class Side(msgspec.Struct, frozen=True):
    """The orders of a product on one side of a change, and how many of them had a case."""

    orders: int
    asked: int

    @property
    def share(self) -> float | None:
        """The share with a case; None without orders."""
        return self.asked / self.orders if self.orders else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which it lies ninety-five times in a hundred."""
        return wilson(self.asked, self.orders)


class Changed(msgspec.Struct, frozen=True):
    """Both sides of one change."""

    before: Side
    after: Side

    @property
    def chance_of_luck(self) -> float | None:
        """How often two samples of one share lie so far apart by luck; None where either is empty."""
        if not (self.before.orders and self.after.orders):
            return None
        whole = (self.before.asked + self.after.asked) / (self.before.orders + self.after.orders)
        spread = sqrt(whole * (1 - whole) * (1 / self.before.orders + 1 / self.after.orders))
        if spread == 0:
            return 1.0
        return erfc(abs(self.after.asked / self.after.orders - self.before.asked / self.before.orders) / spread / sqrt(2))

    @property
    def is_sure(self) -> bool:
        """Whether luck alone hardly makes such a difference."""
        chance = self.chance_of_luck
        return chance is not None and chance < SURE and self.before.asked + self.after.asked >= 5
