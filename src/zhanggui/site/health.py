"""Whether the house is well: one word for whoever watches the machine, and nothing else."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response
from psycopg import Error
from psycopg_pool import PoolTimeout

from zhanggui.actions.house import House
from zhanggui.workbench.door.door import OPEN

ANSWERS = "select 1"


@get("/health", opt=OPEN, sync_to_thread=True)
def health(house: NamedDependency[House]) -> Response[str]:
    """`ok` with 200 while the database answers, else `not ok` with 503."""
    try:
        with house.pool.connection(timeout=3) as tx:
            tx.execute(ANSWERS)
    except (Error, PoolTimeout):
        return Response("not ok", status_code=503, media_type="text/plain")
    return Response("ok", media_type="text/plain")
