"""A small shop with buyers who come back and reviews, told by one import."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.actions.money.telling import tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.core.moments import in_shanghai

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
"""Noon of a Sunday in Shanghai."""
MEI = {"receiver_masked": "美* 138****1234", "province": "浙江省", "city": "杭州市", "district": "余杭区"}
WANG = {"receiver_masked": "王* 139****5678", "province": "江苏省", "city": "苏州市", "district": "吴江区"}
FEW = {"receiver_masked": "李*", "province": "江苏省", "city": "苏州市", "district": "吴江区"}
"""Of this one too little is seen to be told from others."""


def number(ago: float, no: int) -> str:
    """An order number of that day."""
    return f"{in_shanghai(NOW - timedelta(days=ago)):%y%m%d}-{no:015d}"


def written(ago: float) -> str:
    """The moment so many days ago, as files write it."""
    return f"{in_shanghai(NOW - timedelta(days=ago)):%Y-%m-%d %H:%M:%S}"


def bought(no: int, ago: float, **more: Any) -> dict[str, Any]:
    """An order formed so many days ago, which arrived three days later where that has passed."""
    told = {"fact": "order", "order_no": number(ago, no), "stage": "shipped", "group_formed_at": written(ago), "shipped_at": written(ago - 0.5)}
    if ago >= 3:
        told |= {"stage": "received", "received_at": written(ago - 3)}
    fixed = {"pay_amount": 3000, "receive_amount": 3000, "goods_id": "801", "sku_id": "80101", "title": "高原红富士苹果 脆甜多汁"}
    return {**told, **fixed, "tracking_no": f"YT{no:013d}", "carrier": "圆通快递", **more}


def reviewed(no: int, ago: float, order_ago: float, stars: int, **more: Any) -> dict[str, Any]:
    """A review written so many days ago of the order of that number."""
    told = {"fact": "review", "review_no": f"r{no}", "order_no": number(order_ago, no), "score": stars, "created_at": written(ago), "goods_id": "801"}
    return {**told, "text": "不错", **more}


def asked(no: int, ago: float, order_ago: float) -> dict[str, Any]:
    """A case opened so many days ago about the order of that number, which nobody has answered."""
    told = {"fact": "aftersale", "case_no": f"c{no}", "order_no": number(order_ago, no), "kind": "refund_only", "state": "seller_to_answer"}
    return {**told, "applied_at": written(ago)}


def shop(house: House, people: Cast, folder: Path, *told: dict[str, Any]) -> int:
    """Brings it in; the number of the import."""
    return tell(house, people, folder, *told, as_of="2026-11-22T11:00:00+08:00", now=NOW)
