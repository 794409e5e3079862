"""A small shop with two products, its imports as facts, and what its shelves must hold, added up from its orders alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.goods.stock import Stock, stock_of
from zhanggui.actions.house import House
from zhanggui.records import stock

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
RED, BLUE, TEA = "7001", "7002", "7101"


def no_of(number: int) -> str:
    """The number of an order."""
    return f"260301-{number:015d}"


def order(number: int, **fields: Any) -> dict[str, Any]:
    """An order of one red bowl, to ship, its group formed at ten."""
    plain = {"order_no": no_of(number), "stage": "to_ship", "refund": "none", "group_formed_at": "2026-03-01T10:00:00+08:00", "pay_amount": 2990}
    return {"fact": "order", **plain, "ship_by": "2026-03-03T10:00:00+08:00", "quantity": 1, "goods_id": "70", "sku_id": RED, "title": "碗", **fields}


def sku(sku_id: str = RED, **fields: Any) -> dict[str, Any]:
    """A variant on a list of products."""
    return {"fact": "sku", "sku_id": sku_id, "goods_id": sku_id[:2], "title": "碗", "spec": f"色{sku_id[-1]}", "outer_sku": f"W{sku_id}", **fields}


class Shelves:
    """The shop of 林 with what comes in by files and is counted by hand; every step a minute later."""

    def __init__(self, house: House, people: Cast, folder: Path) -> None:
        self.house, self.people, self.folder = house, people, folder
        self.now = NOW
        self._files = 0

    @property
    def shop_id(self) -> Any:
        """The shop."""
        return self.people.shop_id

    def tell(self, *facts: Mapping[str, Any], as_of: datetime | None = None) -> int:
        """Imports these facts; the number of the import."""
        self._pass()
        self._files += 1
        path = self.folder / f"{self._files}.jsonl"
        path.write_bytes(b"".join(msgspec.json.encode(fact) + b"\n" for fact in facts))
        seen = importing.preview(self.house, self.people.lin, self.shop_id, [path], self.now, as_of=as_of or self.now)
        return importing.confirm(self.house, self.people.lin, self.shop_id, seen.batch_id, self.now).batch_id

    def undo(self, batch_id: int) -> None:
        """Takes an import back."""
        self._pass()
        importing.undo(self.house, self.people.lin, self.shop_id, batch_id, self.now)

    def count(self, pieces: int, sku_id: str = RED, location: str = "") -> None:
        """Counts what lies at a place."""
        self._pass()
        count_stock(self.house, self.people.zhou, self.shop_id, [Count(sku_id, pieces, location)], self.now)

    def stock(self, sku_id: str = RED) -> Stock:
        """What lies there."""
        with self.house.pool.connection() as tx:
            return stock_of(tx, self.shop_id, [sku_id])[sku_id]

    def changes(self, sku_id: str = RED) -> list[tuple[str, int, int, str | None]]:
        """The journal of a SKU, oldest first: why, how many, what lay there afterwards, for which order."""
        with self.house.pool.connection() as tx:
            return [(one.kind, one.pieces, one.after, one.order_no) for one in reversed(stock.changes(tx, self.shop_id, sku_id, None, 500))]

    def running(self, kind: str = "restock") -> list[tuple[str, datetime, int]]:
        """The running to-dos of a kind: of what, due when, what is at risk."""
        with self.house.pool.connection() as tx:
            rows = tx.execute(
                "select subject_no, due_at, at_risk from deadlines where shop_id = %s and kind = %s and band is not null order by subject_no",
                (self.shop_id, kind),
            )
            return rows.fetchall()

    def reserved(self) -> list[tuple[Any, ...]]:
        """What every order takes, as it is stored."""
        with self.house.pool.connection() as tx:
            return tx.execute("select order_no, sku, quantity, state, left_at from order_goods where shop_id = %s order by 1, 2", (self.shop_id,)).fetchall()

    def _pass(self) -> None:
        self.now += timedelta(minutes=1)


def skus_of(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """The SKUs that stored rows speak of."""
    return [row[1] for row in rows]
