"""How one kind of fact is kept: the statements of its table, and how facts become its rows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic

import msgspec

from zhanggui.core.facts import F, FactKind, key_of
from zhanggui.records.db import Tx
from zhanggui.records.facts.sealed import decoder
from zhanggui.records.streams import copy_rows

Keys = tuple[str | datetime, ...]
Column = str | int | bool | datetime | None


class Known(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """What is known of one thing, and how old that is."""

    facts: F
    as_of: datetime


class Table(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """The table of one kind. Its statements take `shop_id` and the parts of the key as arrays `a`, `b`, `c`."""

    kind: FactKind
    facts: type[F]
    fetch: str
    copy_new: str
    remove: str
    refresh: str
    keys: Callable[[F], Keys]
    columns: Callable[[F], tuple[Column, ...]]


def fetch(tx: Tx, table: Table[F], shop_id: int, wanted: Sequence[F]) -> dict[str, Known[F]]:
    """What is known of the things that these facts speak of, by key."""
    decode = decoder(tx, shop_id, table.facts)
    found: dict[str, Known[F]] = {}
    for text, as_of in tx.execute(table.fetch, _slots(table, shop_id, wanted)):
        facts = decode(text)
        found[key_of(facts)] = Known(facts, as_of)
    return found


def store(tx: Tx, table: Table[F], shop_id: int, rows: Iterable[tuple[F, datetime, str]]) -> None:
    """Stores facts of things that have no row yet: the facts, how old they are, and their JSON."""
    columns = table.columns
    copy_rows(tx, table.copy_new, ((shop_id, *columns(facts), as_of, encoded) for facts, as_of, encoded in rows))


def remove(tx: Tx, table: Table[F], shop_id: int, gone: Sequence[F]) -> None:
    """Takes the rows of these things away."""
    if gone:
        tx.execute(table.remove, _slots(table, shop_id, gone))


def refresh(tx: Tx, table: Table[F], shop_id: int, same: Sequence[F], as_of: datetime) -> None:
    """Notes that these things were seen unchanged by a newer source."""
    if same:
        tx.execute(table.refresh, {**_slots(table, shop_id, same), "as_of": as_of})


def _slots(table: Table[F], shop_id: int, wanted: Sequence[F]) -> dict[str, Any]:
    parts = zip(*map(table.keys, wanted), strict=True)
    return {"shop_id": shop_id, **{name: list(part) for name, part in zip("abc", parts, strict=False)}}
