"""Everything that stands in the database, to compare before and after."""

import re
from collections.abc import Sequence
from typing import Any

from psycopg import sql

from zhanggui.actions.refused import Refused
from zhanggui.records.db import Pool, Tx
from zhanggui.records.sealed_places import PLACES
from zhanggui.records.sealing import MARK, cipher_of

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
_SEALED = re.compile(re.escape(MARK) + r"\d+:[A-Za-z0-9+/=]+")


def contents(pool: Pool, *, leaving: Sequence[str] = ()) -> dict[str, list[str]]:
    """Every table but those left out: its rows as text, sorted; moments of writing are left out of the comparison, what lies sealed is opened."""
    with pool.connection() as tx:
        # measures are counted after storing: tests/actions/measures holds them against what they are counted of
        names = [name for (name,) in tx.execute(_TABLES) if name not in leaving and not name.startswith("measure_")]
        each = [sql.SQL("select {}, to_jsonb(t) - 'made_at' - 'seen_at' from {} as t").format(sql.Literal(name), sql.Identifier(name)) for name in names]
        found: dict[str, list[str]] = {name: [] for name in names}
        for name, row in tx.execute(sql.SQL(" union all ").join(each)).fetchall():
            found[name].append(str((_opened(tx, row.get("shop_id"), row),)))
        return {name: sorted(rows) for name, rows in found.items()}


def _opened(tx: Tx, shop_id: int | None, value: Any) -> Any:
    match value:
        case dict():
            return {name: _opened(tx, shop_id, one) for name, one in value.items()}
        case str() if shop_id is not None and MARK in value:
            return _SEALED.sub(lambda lying: _text(tx, shop_id, lying[0]), value)
    return value


def _text(tx: Tx, shop_id: int, value: str) -> str:
    for place in PLACES:
        try:
            return cipher_of(tx, shop_id).open(value, place.tie)
        except Refused:
            continue
    return value
