"""Figures for Prometheus at /metrics: how this process answers, and how the whole house does.

Pages are counted in the process that answers them; what the house does is read from its database, where every process finds the same. So any number of
processes can be watched, and none has to know of the others. No label holds anything of a buyer, a person or a shop, and each has few values.
"""

import hmac
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Response
from prometheus_client import CollectorRegistry, GCCollector, Histogram, PlatformCollector, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import Error
from psycopg_pool import PoolTimeout

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.vital_figures import VitalFigures, vital_figures
from zhanggui.site.authentication import ASKS_NOBODY
from zhanggui.site.listening import is_loopback
from zhanggui.site.settings import Settings
from zhanggui.workbench.door.door import OPEN

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
KEPT_SECONDS = 5.0
"""However often it is asked, the database is read no oftener."""
disable_created_metrics()  # type: ignore[no-untyped-call]  # when each figure began doubles the page and tells nobody anything
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Whoever sends one of these stands behind a proxy: the address that the request came from is not theirs."""


class Figures:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._pages = Histogram(
            "zhanggui_page_seconds",
            "Seconds until an answer begins, by the pattern of the address.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._lock = threading.Lock()
        self._read: tuple[float, House, VitalFigures] | None = None

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._pages.labels(method, route, f"{status // 100}xx").observe(seconds)

    def told(self, house: House) -> bytes:
        """Everything, as Prometheus reads it."""
        of_house = CollectorRegistry()
        of_house.register(_OfHouse(house, self._of_house(house)))
        return generate_latest(self.registry) + generate_latest(of_house)

    def _of_house(self, house: House) -> VitalFigures | None:
        """The figures of the house, at most a few seconds old; None while the database is away."""
        with self._lock:
            if self._read is not None and self._read[1] is house and time.monotonic() - self._read[0] < KEPT_SECONDS:
                return self._read[2]
            try:
                read = vital_figures(house, clock.now(), clock.unwound())
            except (Error, PoolTimeout):
                return None
            self._read = time.monotonic(), house, read
            return read


@get("/metrics", opt={**OPEN, ASKS_NOBODY: True}, sync_to_thread=True)
def metrics(
    request: Request[Any, Any, Any], house: NamedDependency[House], settings: NamedDependency[Settings], figures: NamedDependency[Figures]
) -> Response[bytes]:
    """The figures, to whom the settings let have them; to anybody else there is no such page."""
    if not may_read(request, settings):
        raise NotFoundException
    return Response(figures.told(house), media_type=CONTENT_TYPE)


def may_read(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """Whether whoever asks bears the token, or asks from this very machine where that is let."""
    if settings.metrics_token is not None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode()):
            return True
    client = request.client
    behind_proxy = settings.behind_proxy or any(name in request.headers for name in FORWARDED)
    return settings.metrics and not behind_proxy and client is not None and is_loopback(client.host)


class _OfHouse(Collector):
    """What the database tells, and the connections of this process to it."""

    def __init__(self, house: House, read: VitalFigures | None) -> None:
        self._house = house
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Every figure of the house."""
        yield GaugeMetricFamily("zhanggui_database_up", "Whether the database answers.", value=float(self._read is not None))
        yield from _pool(self._house)
        if self._read is not None:
            yield from _of_read(self._read)


def _pool(house: House) -> Iterator[Metric]:
    """The connections of this process."""
    told = house.pool.get_stats()
    connections = {"open": told.get("pool_size", 0), "idle": told.get("pool_available", 0), "most": told.get("pool_max", 0)}
    yield _by("zhanggui_pool_connections", "Connections of this process to the database.", "state", connections)
    yield GaugeMetricFamily("zhanggui_pool_waiting", "Who waits for a connection of this process.", value=told.get("requests_waiting", 0))
    yield CounterMetricFamily("zhanggui_pool_wait_seconds", "Seconds waited for connections of this process.", value=told.get("requests_wait_ms", 0) / 1000)
    yield CounterMetricFamily("zhanggui_pool_requests", "Connections asked for.", value=told.get("requests_num", 0))
    yield CounterMetricFamily("zhanggui_pool_errors", "Connections asked for in vain.", value=told.get("requests_errors", 0))


def _of_read(read: VitalFigures) -> Iterator[Metric]:
    yield GaugeMetricFamily("zhanggui_shops", "Shops of the house.", value=read.shops)
    yield GaugeMetricFamily("zhanggui_workers", "Workers that said lately that they are alive.", value=read.workers)
    yield _by("zhanggui_facts_age_seconds", "How old what is read from the platform is, in the shop furthest behind.", "source", read.facts_age)
    yield _by("zhanggui_shops_read", "Shops that are read from the platform.", "source", read.shops_read)
    yield _by("zhanggui_data_age_seconds", "How old the facts are, files included, in the shop where they are oldest.", "kind", read.data_age)
    yield _by("zhanggui_deadlines", "Deadlines that run, by band.", "band", read.deadlines)
    yield _by("zhanggui_at_risk_fen", "Money at risk with them, in fen.", "band", read.at_risk)
    yield _by("zhanggui_acts", "Outward acts in hand.", "state", read.acts)
    queues = GaugeMetricFamily("zhanggui_queue", "What waits: due now, later, given up.", labels=("queue", "state"))
    for labels, many in read.queues.items():
        queues.add_metric(labels, many)
    yield queues
    yield _by("zhanggui_queue_behind_seconds", "How long the longest waiting of a queue has been due.", "queue", read.behind)
    yield _by("zhanggui_lane_idle_seconds", "Since when nothing was done in a lane of the worker.", "lane", read.lane_idle)
    yield _by("zhanggui_lane_shops_in_trouble", "Shops that a lane lets alone because of trouble.", "lane", read.lane_trouble)
    yield _by("zhanggui_chore_age_seconds", "Since when a chore was last begun.", "chore", read.chore_age)
    yield _by("zhanggui_chore_failures", "How often in a row a chore has failed.", "chore", read.chore_failures)
    busy, there, most = read.connections
    yield _by("zhanggui_database_connections", "Connections to the database of every process.", "state", {"busy": busy, "open": there, "most": most})
    yield GaugeMetricFamily("zhanggui_database_bytes", "The size of the database.", value=read.database_bytes)
    yield GaugeMetricFamily("zhanggui_disk_free_bytes", "What is free where the data live.", value=read.disk_free)
    if read.backup_age is not None:
        yield GaugeMetricFamily("zhanggui_backup_age_seconds", "The age of the newest backup made by itself.", value=read.backup_age)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family
