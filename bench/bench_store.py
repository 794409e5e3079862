"""Orders stored per second with all that hangs on them, against COPY of the very same rows out of memory.

Both sides write to fresh databases of one server with the careful settings of real use, with the same tables and indexes, in turns. The other side is
given its rows ready as bytes and decides nothing; ours starts from facts as the connector hands them over.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import sql

from bench.orders import some_orders
from bench.support import fresh_database
from zhanggui import rulebook
from zhanggui.actions.intake.storing import CHUNK, Storing
from zhanggui.core.facts import OrderFacts, Place, Sighting
from zhanggui.records import batches, shops
from zhanggui.records.db import Tx, connect

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TABLES = (
    *("batches", "sightings", "orders", "order_totals", "goods_totals", "deadlines", "deadline_totals", "journal"),
    *("items", "order_goods", "promised_hours", "ship_rows", "parcels", "parcel_anomalies", "parcel_totals"),
)
RUNS = 3


def main() -> None:
    """Print the figures as JSON lines."""
    count = 2_000 if "--quick" in sys.argv else 50_000
    sightings = [Sighting(order, GIVEN, Place("orders.csv", row=number)) for number, order in enumerate(some_orders(count), start=2)]
    ours, raw = [], []
    for _ in range(1 if "--quick" in sys.argv else RUNS):
        with fresh_database() as conninfo:
            seconds, rows = stored(conninfo, sightings)
            ours.append(seconds)
        with fresh_database() as conninfo:
            raw.append(copied(conninfo, rows))
    figures = {
        "name": "orders stored with sightings, deadlines, totals, journal, goods and parcels",
        "value": count / min(ours),
        "unit": "orders/s",
        "against": "COPY of the same rows, ready as bytes",
        "ratio": min(raw) / min(ours),
        "target": ">= 0.4",
        "ok": min(raw) / min(ours) >= 0.4 or "--quick" in sys.argv,
    }
    print(json.dumps(figures))


GIVEN = frozenset(OrderFacts.__struct_fields__) - {"order_no"}


def stored(conninfo: str, sightings: Sequence[Sighting[Any]]) -> tuple[float, dict[str, bytes]]:
    """The seconds it takes us, and the rows we wrote."""
    with connect(conninfo) as tx:
        shop_id, batch_id = _shop(tx)
        tx.commit()
        began = time.perf_counter()
        storing = Storing(tx, shop_id, batch_id, rulebook.load(), NOW, None)
        for first in range(0, len(sightings), CHUNK):
            storing.take(sightings[first : first + CHUNK], NOW)
        storing.finish()
        tx.commit()
        seconds = time.perf_counter() - began
        return seconds, {table: _dumped(tx, table) for table in TABLES}


def copied(conninfo: str, rows: dict[str, bytes]) -> float:
    """The seconds a COPY of the same rows takes."""
    with connect(conninfo) as tx:
        shops.insert(tx, "bench", NOW)
        tx.commit()
        began = time.perf_counter()
        for table, content in rows.items():
            with tx.cursor() as cursor, cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier(table))) as copy:
                for first in range(0, len(content), 1 << 16):
                    copy.write(content[first : first + (1 << 16)])
        tx.commit()
        return time.perf_counter() - began


def _shop(tx: Tx) -> tuple[int, int]:
    shop = shops.insert(tx, "bench", NOW)
    assert shop is not None
    return shop.shop_id, batches.insert(tx, shop.shop_id, "bench", None, NOW, state="running")


def _dumped(tx: Tx, table: str) -> bytes:
    with tx.cursor() as cursor, cursor.copy(sql.SQL("copy {} to stdout").format(sql.Identifier(table))) as copy:
        return b"".join(copy)


if __name__ == "__main__":
    main()
