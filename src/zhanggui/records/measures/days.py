"""The sums by day, and what each order gave to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from zhanggui.core.measures.what import Hit, What
from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows

Sums = dict[tuple[What, date], tuple[int, int]]
"""How many hits of a thing on a day, and the sum of their amounts."""
Keys = tuple[list[int], list[int] | None]

OVER = """
    select what, sum(many)::bigint, sum(amount)::bigint from measure_days
    where shop_id = %(shop_id)s and what = any(%(whats)s) and day between %(since)s and %(until)s group by what
"""
BY_DAY = """
    select day, what, many, amount from measure_days
    where shop_id = %(shop_id)s and what = any(%(whats)s) and day between %(since)s and %(until)s order by day, what
"""
FIRST_DAYS = "select what, min(day) from measure_days where shop_id = %(shop_id)s and what = any(%(whats)s) and many > 0 group by what"
ADD = """
    insert into measure_days (shop_id, what, day, many, amount)
    select %(shop_id)s, what, day, many, amount
    from unnest(%(whats)s::text[], %(days)s::date[], %(counts)s::bigint[], %(amounts)s::bigint[]) as delta (what, day, many, amount)
    order by what, day
    on conflict (shop_id, what, day) do update set many = measure_days.many + excluded.many, amount = measure_days.amount + excluded.amount
"""
DROP_EMPTY = "delete from measure_days where shop_id = %(shop_id)s and many = 0 and day = any(%(days)s)"
REMOVE_DAYS = "delete from measure_days where shop_id = %(shop_id)s and what = any(%(whats)s) and day = any(%(days)s)"
REMOVE_ALL = "delete from measure_days where shop_id = %(shop_id)s"
COPY_DAYS = "copy measure_days (shop_id, what, day, many, amount) from stdin"
GIVEN = "select order_no, keys, amounts from measure_orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
REMOVE_GIVEN = "delete from measure_orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
REMOVE_ALL_GIVEN = "delete from measure_orders where shop_id = %(shop_id)s"
COPY_GIVEN = "copy measure_orders (shop_id, order_no, keys, amounts) from stdin"
LISTED = """
    select order_no, keys from measure_orders
    where shop_id = %(shop_id)s and keys && %(keys)s::bigint[] and order_no > %(after)s
    order by order_no limit %(limit)s
"""


def over(tx: Tx, shop_id: int, whats: Collection[What], since: date, until: date) -> dict[What, tuple[int, int]]:
    """How often each thing happened between two days, both included, and the sum of the amounts."""
    rows = tx.execute(OVER, {"shop_id": shop_id, "whats": [what.value for what in whats], "since": since, "until": until})
    return {What(what): (int(many), int(amount)) for what, many, amount in rows}


def by_day(tx: Tx, shop_id: int, whats: Collection[What], since: date, until: date) -> Sums:
    """The same day by day; days without any are left out."""
    rows = tx.execute(BY_DAY, {"shop_id": shop_id, "whats": [what.value for what in whats], "since": since, "until": until})
    return {(What(what), day): (int(many), int(amount)) for day, what, many, amount in rows}


def first_days(tx: Tx, shop_id: int, whats: Collection[What]) -> dict[What, date]:
    """The first day of each thing; what never happened is left out."""
    return {What(what): day for what, day in tx.execute(FIRST_DAYS, {"shop_id": shop_id, "whats": [what.value for what in whats]})}


def count_in(sums: Sums, hits: Iterable[Hit], sign: int = 1) -> None:
    """Adds hits to the sums, or takes them off."""
    for hit in hits:
        many, amount = sums.get((hit.what, hit.day), (0, 0))
        sums[hit.what, hit.day] = (many + sign, amount + sign * hit.amount)


def count_keys_in(totals: dict[int, tuple[int, int]], given: Keys) -> None:
    """Adds what an order gives to totals by number; quicker than hit by hit."""
    keys, amounts = given
    if amounts is None:
        for key in keys:
            many, amount = totals.get(key, (0, 0))
            totals[key] = (many + 1, amount)
        return
    for key, more in zip(keys, amounts, strict=True):
        many, amount = totals.get(key, (0, 0))
        totals[key] = (many + 1, amount + more)


def add(tx: Tx, shop_id: int, changes: Sums) -> None:
    """Lets the stored sums follow."""
    moved = [(what.value, day, many, amount) for (what, day), (many, amount) in changes.items() if many or amount]
    if not moved:
        return
    whats, days, counts, amounts = (list(column) for column in zip(*moved, strict=True))
    tx.execute(ADD, {"shop_id": shop_id, "whats": whats, "days": days, "counts": counts, "amounts": amounts})
    tx.execute(DROP_EMPTY, {"shop_id": shop_id, "days": sorted(set(days))})


def replace(tx: Tx, shop_id: int, whats: Collection[What], days: Sequence[date], sums: Sums) -> None:
    """Makes the sums of these things on these days what they are told to be."""
    tx.execute(REMOVE_DAYS, {"shop_id": shop_id, "whats": [what.value for what in whats], "days": list(days)})
    copy_rows(tx, COPY_DAYS, _rows(shop_id, sums))


def begin_anew(tx: Tx, shop_id: int) -> None:
    """Takes all sums of the shop away, and what its orders gave."""
    tx.execute(REMOVE_ALL, {"shop_id": shop_id})
    tx.execute(REMOVE_ALL_GIVEN, {"shop_id": shop_id})


def put_all(tx: Tx, shop_id: int, sums: Sums) -> None:
    """Stores sums where there are none."""
    copy_rows(tx, COPY_DAYS, _rows(shop_id, sums))


def given(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Keys]:
    """What each of these orders gave last, in numbers."""
    return {no: (keys, amounts) for no, keys, amounts in tx.execute(GIVEN, {"shop_id": shop_id, "nos": list(order_nos)})}


def set_given(tx: Tx, shop_id: int, gone: Sequence[str], new: Mapping[str, Keys]) -> None:
    """Keeps what orders give now; `gone` names those whose rows are replaced or go."""
    if gone:
        tx.execute(REMOVE_GIVEN, {"shop_id": shop_id, "nos": list(gone)})
    put_given(tx, shop_id, new)


def put_given(tx: Tx, shop_id: int, new: Mapping[str, Keys]) -> None:
    """Keeps what orders give of which nothing is kept yet."""
    copy_rows(tx, COPY_GIVEN, ((shop_id, no, _array(keys), None if amounts is None else _array(amounts)) for no, (keys, amounts) in new.items()))


def listed(tx: Tx, shop_id: int, keys: Sequence[int], after: str, limit: int) -> list[tuple[str, list[int]]]:
    """The orders that gave one of these hits, after one of them, by order number."""
    slots = {"shop_id": shop_id, "keys": list(keys), "after": after, "limit": limit}
    return [(str(no), found) for no, found in tx.execute(LISTED, slots)]


def _rows(shop_id: int, sums: Sums) -> Iterable[tuple[object, ...]]:
    return ((shop_id, what.value, day, many, amount) for (what, day), (many, amount) in sorted(sums.items()) if many or amount)


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
