"""How long after the carrier's visit the pickup scan comes, by carrier and hour of the visit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from zhanggui.core.moments import in_shanghai
from zhanggui.core.planning.chances import Chance
from zhanggui.estimates.product_limit import Curve, Sample, leaning

BIN_MINUTES = 15
"""Lags are rounded up to this: later than true, never earlier."""
LONGEST_MINUTES = 14 * 24 * 60
OTHER_HOURS, OTHER_CARRIERS, MADE_UP = 12.0, 6.0, 4.0
"""How many samples the other hours of the carrier, the other carriers, and what is merely assumed weigh together."""
_SHARES = {30: 0.08, 60: 0.12, 90: 0.12, 120: 0.12, 180: 0.14, 240: 0.10, 360: 0.12, 480: 0.08, 720: 0.07, 1440: 0.03}
ASSUMED = (*(Sample(minutes, MADE_UP * share) for minutes, share in _SHARES.items()), Sample(2880, MADE_UP * 0.02, happened=False))
"""What is taken where nothing was seen: half of the scans within three hours, 95 in 100 within twelve, 98 within a day. Assumed, and soon outweighed."""


class Lag(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """So many parcels of a carrier, taken at this hour, whose scan came (or had not come) after so many minutes."""

    carrier: str
    hour: int
    minutes: int
    happened: bool
    count: int


def binned(seen: Iterable[tuple[str, datetime, datetime | None, datetime]]) -> tuple[Lag, ...]:
    """Parcels put together: carrier, when it was there to be taken, when it was scanned (None: not yet), and until when that is known."""
    counts: dict[tuple[str, int, int, bool], int] = defaultdict(int)
    for carrier, ready, scanned, known_until in seen:
        waited = ((scanned or known_until) - ready).total_seconds() / 60
        minutes = min(LONGEST_MINUTES, -(-max(0, int(waited)) // BIN_MINUTES) * BIN_MINUTES)
        counts[carrier, in_shanghai(ready).hour, minutes, scanned is not None] += 1
    return tuple(Lag(*key, count) for key, count in sorted(counts.items()))


class LagBook:
    """Every carrier's lag at every hour; curves are made when first asked for."""

    def __init__(self, lags: Iterable[Lag]) -> None:
        self._by_hour: dict[tuple[str, int], list[Sample]] = defaultdict(list)
        self._by_carrier: dict[str, list[tuple[int, Sample]]] = defaultdict(list)
        self._every: list[tuple[str, Sample]] = []
        for lag in lags:
            sample = Sample(lag.minutes, float(lag.count), lag.happened)
            self._by_hour[lag.carrier, lag.hour].append(sample)
            self._by_carrier[lag.carrier].append((lag.hour, sample))
            self._every.append((lag.carrier, sample))
        self._curves: dict[tuple[str, int], Curve] = {}
        self._whole: dict[str, Curve] = {}

    def curve(self, carrier: str, hour: int) -> Curve:
        """The lag of a visit at this hour, leaning on the carrier's other hours, on other carriers, and on what is assumed."""
        found = self._curves.get((carrier, hour))
        if found is None:
            hours = [sample for at, sample in self._by_carrier.get(carrier, ()) if at != hour]
            own = self._by_hour.get((carrier, hour), [])
            found = leaning(own, (hours, OTHER_HOURS), (self._others(carrier), OTHER_CARRIERS), (ASSUMED, MADE_UP))
            self._curves[carrier, hour] = found
        return found

    def of_carrier(self, carrier: str) -> Curve:
        """The carrier's lag whatever the hour."""
        if carrier not in self._whole:
            own = [sample for _, sample in self._by_carrier.get(carrier, ())]
            self._whole[carrier] = leaning(own, (self._others(carrier), OTHER_CARRIERS), (ASSUMED, MADE_UP))
        return self._whole[carrier]

    def by_hour(self, carrier: str) -> Mapping[int, Curve]:
        """The hours at which anything was seen of the carrier."""
        return {hour: self.curve(carrier, hour) for name, hour in sorted(self._by_hour) if name == carrier}

    def chance(self, carrier: str, handed_at: datetime, due_at: datetime) -> Chance:
        """The chance that what is taken at this moment is scanned by the due moment."""
        return self.curve(carrier, in_shanghai(handed_at).hour).within((due_at - handed_at).total_seconds() / 60)

    @property
    def carriers(self) -> tuple[str, ...]:
        """The carriers of which anything was seen."""
        return tuple(sorted(self._by_carrier))

    def _others(self, carrier: str) -> list[Sample]:
        return [sample for name, sample in self._every if name != carrier]
