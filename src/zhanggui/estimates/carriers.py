"""How carriers do by destination: the share that stalls and the time on the way, leaning on wider data where few were seen."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from zhanggui.core.planning.chances import Chance
from zhanggui.estimates.product_limit import Curve, Sample, interval, leaning

OWN_PRIOR = 20.0
"""How many parcels the carrier's rate over all places weighs against those of one place."""
ALL_PRIOR = 20.0
"""How many parcels the rate of all carriers weighs against one carrier's."""
ASSUMED_STALLS = (0.6, 20.0)
"""What stands in where nothing was seen: three parcels in a hundred stall. Assumed."""
TRANSIT_OTHERS, TRANSIT_MADE_UP = 12.0, 4.0
ASSUMED_TRANSIT = tuple(Sample(hours * 60, TRANSIT_MADE_UP / 6) for hours in (24, 36, 48, 60, 72, 120))
EVERYWHERE = ""


class Route(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What was seen of one carrier to one province."""

    carrier: str
    province: str
    judged: int
    """Parcels of which it is known whether they stalled."""
    stalled: int
    transit: tuple[tuple[int, bool, int], ...]
    """Minutes from the pickup to the arrival, whether it has arrived, and how many parcels; hours rounded up."""


class RouteBook:
    """Every carrier to every province."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = {(route.carrier, route.province): route for route in routes}
        self._judged: dict[str, int] = defaultdict(int)
        self._stalled: dict[str, int] = defaultdict(int)
        self._transit: dict[str, list[Sample]] = defaultdict(list)
        self._by_province: dict[str, list[tuple[str, Sample]]] = defaultdict(list)
        for route in self._routes.values():
            self._judged[route.carrier] += route.judged
            self._stalled[route.carrier] += route.stalled
            samples = [Sample(minutes, float(count), happened) for minutes, happened, count in route.transit]
            self._transit[route.carrier] += samples
            self._by_province[route.province] += [(route.carrier, sample) for sample in samples]
        self._curves: dict[tuple[str, str], Curve] = {}

    @property
    def carriers(self) -> tuple[str, ...]:
        """The carriers of which anything was seen."""
        return tuple(sorted(self._judged))

    def provinces(self, carrier: str) -> tuple[Route, ...]:
        """What was seen of the carrier, the most used province first."""
        return tuple(sorted((route for route in self._routes.values() if route.carrier == carrier), key=lambda route: (-route.judged, route.province)))

    def stalls(self, carrier: str, province: str = EVERYWHERE) -> Chance:
        """The chance that a parcel of this carrier to this province stalls; to nowhere in particular where no province is named."""
        of_all, weight_all = self._rate_of_all()
        judged, stalled = self._judged.get(carrier, 0), self._stalled.get(carrier, 0)
        lean = min(ALL_PRIOR, weight_all)
        rate, weight = _shrunk(judged, stalled, of_all, lean)
        if province == EVERYWHERE:
            return _chance(rate, weight, judged)
        route = self._routes.get((carrier, province))
        own, bad = (route.judged, route.stalled) if route else (0, 0)
        there, weight_there = _shrunk(own, bad, rate, min(OWN_PRIOR, weight))
        return _chance(there, weight_there, own)

    def transit(self, carrier: str, province: str = EVERYWHERE) -> Curve:
        """How long a parcel is on its way, leaning on the carrier's other places, on other carriers to the same place, and on what is assumed."""
        key = (carrier, province)
        if key not in self._curves:
            route = self._routes.get(key)
            own = [Sample(minutes, float(count), happened) for minutes, happened, count in route.transit] if route else []
            same = [sample for name, sample in self._by_province.get(province, ()) if name != carrier]
            if province == EVERYWHERE:
                self._curves[key] = leaning(self._transit.get(carrier, []), (ASSUMED_TRANSIT, TRANSIT_MADE_UP))
            else:
                wider = (self._transit.get(carrier, []), TRANSIT_OTHERS / 2), (same, TRANSIT_OTHERS / 2), (ASSUMED_TRANSIT, TRANSIT_MADE_UP)
                self._curves[key] = leaning(own, *wider)
        return self._curves[key]

    def _rate_of_all(self) -> tuple[float, float]:
        assumed, weight = ASSUMED_STALLS
        judged, stalled = sum(self._judged.values()), sum(self._stalled.values())
        return (stalled + assumed) / (judged + weight), judged + weight


def _shrunk(judged: int, bad: int, towards: float, weight: float) -> tuple[float, float]:
    """The share, drawn towards a wider one that counts for so many; and how many that is worth together."""
    return (bad + towards * weight) / (judged + weight), judged + weight


def _chance(p: float, weight: float, seen: int) -> Chance:
    low, high = interval(p, weight)
    return Chance(p, low, high, seen)
