"""What a shop's sources tell, brought in like any import."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
ONE, TWO, THREE = "260301-100000000000001", "260301-100000000000002", "260301-100000000000003"


def order(order_no: str, **more: Any) -> dict[str, Any]:
    """An order of 120.00 that has left."""
    told = {"fact": "order", "order_no": order_no, "stage": "shipped", "group_formed_at": "2026-03-01 10:00:00", "shipped_at": "2026-03-02 10:00:00"}
    return {**told, "receive_amount": 12000, "pay_amount": 12000, "tracking_no": f"YT{order_no[-13:]}", "carrier": "圆通快递", **more}


def case(case_no: str, order_no: str | None, refund: int | None, **more: Any) -> dict[str, Any]:
    """A case whose money went back."""
    told = {"fact": "aftersale", "case_no": case_no, "order_no": order_no, "kind": "refund_only", "state": "refunded", "refund_amount": refund}
    return {**told, "applied_at": "2026-03-08 09:00:00", "agreed_at": "2026-03-09 09:00:00", **more}


def line(number: int | str, order_no: str | None, **more: Any) -> dict[str, Any]:
    """A line of the bill."""
    return {"fact": "bill_line", "line_no": f"b{number}", "order_no": order_no, "happened_at": "2026-03-10 09:00:00", **more}


def income(number: int, order_no: str | None, fen: int, **more: Any) -> dict[str, Any]:
    """Money credited for an order."""
    return line(number, order_no, income=fen, code="0010002", description="0010002|交易收入-订单收入", **more)


def refund(number: int, order_no: str | None, fen: int, **more: Any) -> dict[str, Any]:
    """Money that went back to the buyer."""
    return line(number, order_no, expense=fen, code="0020002", description="0020002|退款-订单退款", **more)


def fee(number: int, order_no: str | None, fen: int, *, back: bool = False, **more: Any) -> dict[str, Any]:
    """The platform's fee on an order, or what came back of it."""
    return line(number, order_no, code="0030002", description="0030002|技术服务费", **{"income" if back else "expense": fen}, **more)


def tell(house: House, people: Cast, folder: Path, *told: dict[str, Any], as_of: str = "2026-03-20T08:00:00+08:00", now: datetime = NOW) -> int:
    """Brings it in; the number of the import."""
    path = folder / f"told-{as_of[:13]}-{len(list(folder.glob('*.jsonl')))}.jsonl"
    path.write_text("".join(json.dumps({**each, "as_of": as_of}, ensure_ascii=False) + "\n" for each in told), "utf-8")
    batch = importing.preview(house, people.lin, people.shop_id, [path], now)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, now)
    return batch.batch_id
