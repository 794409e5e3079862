"""Many rows at once are stored on a quicker way: computing goes on while the server writes, and what cannot be there is not asked for. It ends the same."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.makers.random_facts import BEGAN, RandomFacts
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import MANY, Storing
from zhanggui.connectors.files import Refused, read
from zhanggui.core.facts import FactKind, Facts, OrderFacts, Sighting
from zhanggui.records import batches, shops
from zhanggui.records.db import Tx
from zhanggui.records.facts.sealed import place_of
from zhanggui.records.sealing import opened

TABLES = (
    *("sightings", "orders", "order_totals", "goods_totals", "deadlines", "deadline_totals", "aftersales", "scans", "items", "order_goods"),
    *("promised_hours", "ship_rows", "parcels", "parcel_anomalies", "parcel_totals", "refund_matches", "case_moves"),
)
STEPS = 5
ROWS = "select (to_jsonb(t) - '{shop_id,batch_id,move_no}'::text[])::text from %s as t where shop_id = %%s order by 1"
JOURNAL = "select at, kind, by_person, subject_kind, subject_no from journal where shop_id = %s order by kind, subject_kind, subject_no"


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_end_the_same(house: House, tmp_path: Path, seed: int) -> None:
    told = _told(tmp_path, random.Random(seed))

    with house.pool.connection() as tx:
        stood = [_lived(tx, house, name, told, many=many) for name, many in (("plain", 10 * MANY), ("quick", 0))]

    assert stood[0] == stood[1]
    assert stood[0]["orders"]


def _lived(tx: Tx, house: House, name: str, told: list[list[Sighting[Facts]]], *, many: int) -> dict[str, list[Any]]:
    """What stands in the shop after it was told all this, import by import."""
    shop = shops.insert(tx, name, BEGAN)
    assert shop is not None
    for chunk in told:
        storing = Storing(tx, shop.shop_id, batches.insert(tx, shop.shop_id, name, None, BEGAN, state="running"), house.rulebook, BEGAN, None, many=many)
        for half in (chunk[::2], chunk[1::2]):
            storing.take(half, BEGAN)
        storing.finish()
    stands: dict[str, list[Any]] = {table: tx.execute(ROWS % table, (shop.shop_id,)).fetchall() for table in TABLES}
    stands["sightings"] = sorted(_opened(tx, shop.shop_id, row) for (row,) in stands["sightings"])
    return {**stands, "journal": tx.execute(JOURNAL, (shop.shop_id,)).fetchall()}


def _opened(tx: Tx, shop_id: int, row: str) -> str:
    """The row with the words of a message as they were told: sealed, the same words never look the same twice."""
    stored = json.loads(row)
    if stored["kind"] == FactKind.MESSAGE and stored["facts"].get("text"):
        stored["facts"]["text"] = opened(tx, shop_id, stored["facts"]["text"], place_of(FactKind.MESSAGE, "text"))
    return json.dumps(stored)


def _told(folder: Path, dice: random.Random) -> list[list[Sighting[Facts]]]:
    """Rows as several imports tell them; the first tells of orders alone, as a shop's first usually does."""
    facts, path = RandomFacts(dice), folder / "facts.jsonl"
    told: list[list[Sighting[Facts]]] = []
    while len(told) < STEPS:
        rows: list[Sighting[Facts]] = []
        for _ in range(4):
            facts.write(path, BEGAN)
            rows += [row for row in read(path, "facts") if not isinstance(row, Refused)]
        told.append(rows if told else [row for row in rows if isinstance(row.facts, OrderFacts)])
    return told
