"""`zhanggui spread`: the tables of an own PostgreSQL with Citus spread over its servers, each shop's rows lying together."""

import click
import msgspec

from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.records.db import conninfo_of
from zhanggui.records.spread import SHARDS, CannotSpread, spread


class SpreadShape(msgspec.Struct, frozen=True):
    """The tables that were spread now: those cut by shop, and those copied whole to every server."""

    cut: tuple[str, ...]
    copied: tuple[str, ...]


@click.command("spread")
@click.option("--pieces", type=click.IntRange(1, 1024), default=SHARDS, show_default=True, help="How many pieces each table is cut into, for good.")
@with_desk
def spread_tables(desk: Desk, pieces: int) -> int:
    """Spread the tables over the servers of a PostgreSQL with Citus, each shop's rows together; nothing else may run meanwhile."""
    try:
        with desk.house() as house:
            done = spread(conninfo_of(house.pool), pieces)
    except CannotSpread as refused:
        return desk.refuse(refused.say)
    desk.document(SpreadShape(done.cut, done.copied))
    desk.line("{cut} tables are cut by shop, {copied} are copied to every server.", cut=len(done.cut), copied=len(done.copied))
    return DONE
