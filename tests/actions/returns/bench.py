"""The shop of the shelves with orders that were sent, buyers who send back, and 老周 who opens what comes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.actions.goods.shelves import BLUE, RED, Shelves, no_of, order, sku
from zhanggui.actions.evidence import NewFile
from zhanggui.actions.returns.known import ceiling
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive
from zhanggui.core.returns.ceiling import Ceiling
from zhanggui.core.returns.grades import Grade
from zhanggui.records import returns
from zhanggui.records.db import Tx
from zhanggui.records.returns import ReturnRow

PARCEL = "YT8816402275913"
PHOTO = NewFile(name="box.jpg", media_type="image/jpeg", content=b"\xff\xd8\xff an opened box")


class Bench(Shelves):
    """What is done at the bench where returns are opened."""

    def sent(self, number: int = 1, **fields: Any) -> str:
        """An order of two red bowls at 59.80 that has left."""
        left = {"stage": "shipped", "shipped_at": "2026-03-01T11:00:00+08:00", "quantity": 2, "pay_amount": 5980}
        self.tell(sku(RED), sku(BLUE), order(number, **left | fields))
        return no_of(number)

    def asked(self, number: int = 1, **fields: Any) -> str:
        """The buyer sends the bowls back and wants the money."""
        plain = {"order_no": no_of(number), "kind": "return_and_refund", "state": "seller_to_receive", "refund_amount": 5980, "return_tracking_no": PARCEL}
        moments = {"applied_at": "2026-03-01T12:00:00+08:00", "return_sent_at": "2026-03-01T13:00:00+08:00"}
        self.tell({"fact": "aftersale", "case_no": str(number), **plain, **moments, **fields})
        return str(number)

    def opens(self, *pieces: tuple[str, Grade, int], code: str = PARCEL, case_no: str | None = "1", order_no: str | None = None, **more: Any) -> int:
        """老周 opens the parcel of a case and counts."""
        share = Share(order_no, case_no, tuple(Piece(*piece) for piece in pieces))
        return receive(self.house, self.people.zhou, self.shop_id, Opened(code=code, shares=(share,), **more), self.now)[0]

    def ceiling(self, case_no: str = "1") -> Ceiling:
        """The most that may go for a case."""
        with self.reading() as tx:
            return ceiling(tx, self.shop_id, None, case_no)

    def row(self, return_no: int) -> ReturnRow:
        """A return as it stands."""
        with self.reading() as tx:
            found = returns.one(tx, self.shop_id, return_no)
        assert found is not None
        return found

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """The database."""
        with self.house.pool.connection() as tx:
            yield tx
