"""What the platform counts of a shop, day by day, so that thirty days are thirty additions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from zhanggui.emulator.world.rules import Indicators


class Published(msgspec.Struct, frozen=True):
    """The indicators of a shop on one day; nothing where there was nothing to measure."""

    day: int
    window_days: int
    formed: int
    shipped: int
    on_time_shipment_rate: float | None
    logistics_penalty_rate: float | None
    logistics_abnormal_rate: float | None
    quality_refund_rate: float | None
    dispute_refund_rate: float | None
    intervention_rate: float | None
    help_rate: float | None
    mean_hours_to_refund_in_transit: float | None
    mean_hours_to_refund_after_return: float | None
    mean_hours_to_receipt: float | None
    rating_described: float | None
    rating_service: float | None
    rating_shipping: float | None
    valid_ratings: int


class Measures:
    """Counts by day and by name."""

    def __init__(self) -> None:
        self._days: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._ratings: Counter[tuple[int, int]] = Counter()

    def count(self, day: int, name: str, many: int = 1) -> None:
        """Count something on a day."""
        self._days[day][name] += many

    def rate(self, day: int, month: int, buyer: int, scores: tuple[int, int, int], rules: Indicators) -> None:
        """Count a rating, unless this buyer already has as many this month as count."""
        self._ratings[(month, buyer)] += 1
        if self._ratings[(month, buyer)] > rules.ratings_per_buyer_month:
            return
        self.count(day, "ratings")
        for name, score in zip(("described", "service", "shipping"), scores, strict=True):
            self.count(day, name, score)

    def published(self, day: int, rules: Indicators) -> Published:
        """The indicators as they stand at the beginning of this day."""
        total = self._sum(day, rules.window_days)
        rated = self._sum(day, rules.rating_days)
        formed, shipped, ratings = total["formed"], total["shipped"], rated["ratings"]
        enough = ratings if ratings >= rules.ratings_needed else 0
        return Published(
            day=day,
            window_days=rules.window_days,
            formed=formed,
            shipped=shipped,
            on_time_shipment_rate=_part(total["on_time"], total["on_time"] + total["late"]),
            logistics_penalty_rate=_part(total["late"] + total["false"] + total["out_of_stock"], shipped),
            logistics_abnormal_rate=_part(total["abnormal"], shipped),
            quality_refund_rate=_part(total["quality_refund"], formed),
            dispute_refund_rate=_part(total["dispute_refund"], formed),
            intervention_rate=_part(total["intervention"], formed),
            help_rate=_part(total["help"], formed),
            mean_hours_to_refund_in_transit=_part(total["transit_refund_seconds"] / 3600, total["transit_refund"]),
            mean_hours_to_refund_after_return=_part(total["return_refund_seconds"] / 3600, total["return_refund"]),
            mean_hours_to_receipt=_part(total["receipt_seconds"] / 3600, total["received"]),
            rating_described=_part(rated["described"], enough),
            rating_service=_part(rated["service"], enough),
            rating_shipping=_part(rated["shipping"], enough),
            valid_ratings=ratings,
        )

    def days(self) -> Iterable[Mapping[str, int]]:
        """The counts of every day there was."""
        return self._days.values()

    def _sum(self, day: int, days: int) -> Counter[str]:
        """The counts of so many days before this one, added up."""
        total: Counter[str] = Counter()
        for one in range(day - days, day):
            if one in self._days:
                total.update(self._days[one])
        return total


def _part(counted: float, of: int) -> float | None:
    """A rate or a mean, to six places; nothing when there was nothing to divide by."""
    return round(counted / of, 6) if of else None
