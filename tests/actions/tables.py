"""Everything that stands in the database, to compare before and after."""

from collections.abc import Sequence

from psycopg import sql

from zhanggui.records.db import Pool

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"


def contents(pool: Pool, *, leaving: Sequence[str] = ()) -> dict[str, list[str]]:
    """Every table but those left out: its rows as text, sorted; moments of writing are left out of the comparison."""
    with pool.connection() as tx:
        # measures are counted after storing: tests/actions/measures holds them against what they are counted of
        names = [name for (name,) in tx.execute(_TABLES) if name not in leaving and not name.startswith("measure_")]
        each = [sql.SQL("select {}, to_jsonb(t) - 'made_at' - 'seen_at' from {} as t").format(sql.Literal(name), sql.Identifier(name)) for name in names]
        found: dict[str, list[str]] = {name: [] for name in names}
        for name, row in tx.execute(sql.SQL(" union all ").join(each)):
            found[name].append(str((row,)))
        return {name: sorted(rows) for name, rows in found.items()}
