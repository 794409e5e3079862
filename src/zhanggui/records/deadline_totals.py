"""How many deadlines stand in each band, and the money with them, kept with every write so that no page counts."""

from collections.abc import Iterable, Sequence

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class Moved(msgspec.Struct, frozen=True, gc=False):
    """So many deadlines more (or fewer) in one band and kind, and the money with them."""

    band: int
    kind: str
    deadlines: int
    at_risk: int
    worth: int


class BandTotal(msgspec.Struct, frozen=True):
    """What stands in one band of one shop."""

    shop_id: int
    band: int
    kind: str
    deadlines: int
    at_risk: int
    worth: int


ADD = """
    insert into deadline_totals (shop_id, band, kind, deadlines, at_risk, worth)
    select %(shop_id)s, band, kind, deadlines, at_risk, worth
    from unnest(%(bands)s::smallint[], %(kinds)s::text[], %(counts)s::bigint[], %(at_risks)s::bigint[], %(worths)s::bigint[])
        as delta (band, kind, deadlines, at_risk, worth)
    order by band, kind
    on conflict (shop_id, band, kind) do update set
        deadlines = deadline_totals.deadlines + excluded.deadlines,
        at_risk = deadline_totals.at_risk + excluded.at_risk,
        worth = deadline_totals.worth + excluded.worth
"""
DROP_EMPTY = "delete from deadline_totals where shop_id = %(shop_id)s and deadlines = 0"
OF_SHOPS = "select shop_id, band, kind, deadlines, at_risk, worth from deadline_totals where shop_id = any(%(shop_ids)s)"


def add(tx: Tx, shop_id: int, moves: Iterable[Moved]) -> None:
    """Lets the totals follow what moved."""
    sums: dict[tuple[int, str], list[int]] = {}
    for moved in moves:
        total = sums.setdefault((moved.band, moved.kind), [0, 0, 0])
        total[0] += moved.deadlines
        total[1] += moved.at_risk
        total[2] += moved.worth
    changed = [(key, total) for key, total in sums.items() if any(total)]
    if not changed:
        return
    slots = {
        "shop_id": shop_id,
        "bands": [band for (band, _), _ in changed],
        "kinds": [kind for (_, kind), _ in changed],
        "counts": [total[0] for _, total in changed],
        "at_risks": [total[1] for _, total in changed],
        "worths": [total[2] for _, total in changed],
    }
    tx.execute(ADD, slots)
    if any(total[0] < 0 for _, total in changed):
        tx.execute(DROP_EMPTY, {"shop_id": shop_id})


def of_shops(tx: Tx, shop_ids: Sequence[int]) -> list[BandTotal]:
    """What stands in every band of these shops."""
    with tx.cursor(row_factory=class_row(BandTotal)) as cursor:
        return cursor.execute(OF_SHOPS, {"shop_ids": list(shop_ids)}).fetchall()
