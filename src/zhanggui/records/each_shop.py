"""A list over several shops: each shop is asked by a statement of its own, which one place of a spread database answers, and the pages are merged."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")


def of_each(cursor: psycopg.Cursor[T], statement: str, slots: Mapping[str, Any], shop_ids: Sequence[int]) -> list[T]:
    """The rows of a statement asked of each of these shops as `shop_id`, all in one round trip; shop after shop."""
    asked = [{**slots, "shop_id": shop_id} for shop_id in shop_ids]
    if len(asked) <= 1:
        return [row for each in asked for row in cursor.execute(statement, each)]
    cursor.executemany(statement, asked, returning=True)
    return [row for results in cursor.results() for row in results]


def merged(
    cursor: psycopg.Cursor[T],
    statement: str,
    slots: Mapping[str, Any],
    shop_ids: Sequence[int],
    place: Callable[[T], Any],
    limit: int,
    *,
    ascending: bool = False,
) -> list[T]:
    """The first rows over all these shops, by their place: the highest first, or the lowest. Each shop's statement has to bring its own first ones."""
    rows = of_each(cursor, statement, slots, shop_ids)
    return sorted(rows, key=place, reverse=not ascending)[:limit]
