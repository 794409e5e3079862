"""Whether the house is well: one word for whoever watches the machine, and nothing else."""

from functools import cache

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response
from psycopg import Error
from psycopg_pool import PoolTimeout

from zhanggui import clock
from zhanggui.actions.backups import is_kept
from zhanggui.actions.house import House
from zhanggui.records.migrate import migrations
from zhanggui.records.vitals import vitals
from zhanggui.site.authentication import ASKS_NOBODY
from zhanggui.workbench.door.door import OPEN

ALIKE = {**OPEN, ASKS_NOBODY: True}


@get(["/health", "/health/ready"], opt=ALIKE, sync_to_thread=True)
def health(house: NamedDependency[House]) -> Response[str]:
    """`ok` with 200 while the database answers and has the shape this program knows, else `not ok` with 503: whether to send people here."""
    try:
        with house.pool.connection(timeout=3) as tx:
            applied = vitals(tx).applied
    except (Error, PoolTimeout):
        return _not_ok()
    return Response("ok", media_type="text/plain") if applied == _known() else _not_ok()


@get("/health/live", opt=ALIKE, sync_to_thread=False)
def live_health() -> Response[str]:
    """`ok` with 200 as long as this process answers at all, with or without its database: whether to start it again."""
    return Response("ok", media_type="text/plain")


@get("/health/backups", opt=ALIKE, sync_to_thread=True)
def backups_health(house: NamedDependency[House]) -> Response[str]:
    """`ok` with 200 while the backup of the last night is there and came back on trial, or none is made by itself; else `not ok` with 503."""
    return Response("ok", media_type="text/plain") if is_kept(house, clock.unwound()) else _not_ok()


@cache
def _known() -> frozenset[str]:
    return frozenset(step.name for step in migrations())


def _not_ok() -> Response[str]:
    return Response("not ok", status_code=503, media_type="text/plain")
