"""Everything that stands in the database, to compare before and after."""

from collections.abc import Sequence

from psycopg import sql

from zhanggui.records.db import Pool

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"


def contents(pool: Pool, *, leaving: Sequence[str] = ()) -> dict[str, list[str]]:
    """Every table but those left out: its rows as text, sorted; moments of writing are left out of the comparison."""
    with pool.connection() as tx:
        names = [name for (name,) in tx.execute(_TABLES) if name not in leaving]
        return {name: _rows(tx.execute(sql.SQL("select to_jsonb(t) - 'made_at' - 'seen_at' from {} as t").format(sql.Identifier(name)))) for name in names}


def _rows(found: object) -> list[str]:
    return sorted(str(row) for row in found)  # type: ignore[attr-defined]  # a cursor
