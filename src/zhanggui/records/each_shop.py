"""A list over several shops: each shop is asked by a statement of its own, which one place of a spread database answers, and the pages are merged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")


def of_each(cursor: psycopg.Cursor[T], statement: str, asked: Sequence[Mapping[str, Any]]) -> list[T]:
    """The rows of a statement asked so many times, each time of one shop, all in one round trip; in the order asked."""
    if len(asked) <= 1:
        return [row for each in asked for row in cursor.execute(statement, each)]
    cursor.executemany(statement, asked, returning=True)
    return [row for results in cursor.results() for row in results]


def of_numbers(cursor: psycopg.Cursor[T], statement: str, wanted: Iterable[tuple[int, str]]) -> list[T]:
    """The rows of a statement asked of each shop for all the numbers wanted of it, as `shop_id` and `nos`."""
    by_shop: defaultdict[int, list[str]] = defaultdict(list)
    for shop_id, no in wanted:
        by_shop[shop_id].append(no)
    return of_each(cursor, statement, [{"shop_id": shop_id, "nos": nos} for shop_id, nos in by_shop.items()])


def merged(
    cursor: psycopg.Cursor[T],
    statement: str,
    slots: Mapping[str, Any],
    shop_ids: Sequence[int],
    place: Callable[[T], Any],
    limit: int,
    *,
    ascending: bool = False,
    own: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[T]:
    """The first rows over all these shops, by their place: the highest first, or the lowest. The statement has to bring the first ones of a `shop_id`.

    `own` are further slots by shop, for all the shops or none.
    """
    rows = of_each(cursor, statement, [{**slots, **(own[shop_id] if own else {}), "shop_id": shop_id} for shop_id in shop_ids])
    if len(shop_ids) <= 1:
        return rows[:limit]  # as the statement has them
    return sorted(rows, key=place, reverse=not ascending)[:limit]
