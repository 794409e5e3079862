"""A wiped database stands as a new one does, and one that cannot be wiped is told."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.cast import make_cast
from tests.wiping import Blank, wiped
from zhanggui.records.db import Pool
from zhanggui.records.migrate import migrate

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


def _rows(conninfo: str) -> dict[str, list[Any]]:
    with psycopg.connect(conninfo) as tx:
        names = [name for (name,) in tx.execute(TABLES)]
        return {name: sorted(map(str, tx.execute(sql.SQL("select * from {}").format(sql.Identifier(name))).fetchall())) for name in names}


def _made(conninfo: str) -> tuple[Any, ...]:
    """The number that the first shop of a house gets."""
    with psycopg.connect(conninfo) as tx:
        shop = tx.execute("insert into shops (name, made_at) values ('orchard', %s) returning shop_id", (NOW,)).fetchone()
        tx.rollback()
        assert shop is not None
        return tuple(shop)


def test_rows_and_numbers_are_as_in_a_new_one(pool: Pool, database: str, blank: Blank, conninfo: str, template: str) -> None:
    new = _rows(psycopg.conninfo.make_conninfo(conninfo, dbname=template))
    make_cast(pool)
    assert _rows(database) != new

    assert wiped(database, blank)

    assert _rows(database) == new
    assert _made(database) == (1,)
    migrate(database)


@pytest.mark.parametrize("change", ["create table one_more ()", "alter table shops add one_more text", "drop index orders_newest", "delete from act_switch"])
def test_what_is_not_only_rows_is_not_wiped(database: str, blank: Blank, change: str) -> None:
    with psycopg.connect(database) as tx:
        tx.execute(change)

    assert not wiped(database, blank)


def test_whoever_is_still_connected_is_thrown_out(database: str, blank: Blank) -> None:
    with psycopg.connect(database) as left:
        left.execute("lock table shops")

        assert wiped(database, blank)
        with pytest.raises(psycopg.OperationalError):
            left.execute("select 1")
