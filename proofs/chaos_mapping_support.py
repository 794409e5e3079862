"""What our records must hold for an order or a case as the platform tells it: written from the platform's documents alone, not from our connector.

Orders: money in yuan, moments as a clock in Shanghai shows them. The list of cases likewise; a case's own page in fen and milliseconds, with kinds
numbered otherwise. Where the documents leave open what a number means for us, every reading that they allow is listed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

CHINA = timezone(timedelta(hours=8))
Wire = Mapping[str, Any]

REFUND = {1: "none", 2: "open", 3: "refunding", 4: "refunded"}
STAGE = {1: "to_ship", 2: "shipped", 3: "received"}
KIND_IN_LIST = {2: "refund_only", 3: "return_and_refund", 4: "exchange", 5: "resend", 6: "repair"}
ANSWER, SEND, RECEIVE, PLATFORM = {"seller_to_answer"}, {"buyer_to_send"}, {"seller_to_receive"}, {"platform_handles"}
REFUNDED, CLOSED, DONE = {"refunded"}, {"closed"}, {"done"}
CASE_STATE: dict[int, set[str]] = {
    2: ANSWER, 3: ANSWER, 4: REFUNDED, 5: REFUNDED, 6: {"rejected"}, 7: SEND, 8: PLATFORM, 9: CLOSED, 10: REFUNDED, 11: CLOSED, 12: CLOSED, 13: CLOSED,
    14: ANSWER, 15: SEND, 16: DONE, 17: CLOSED, 18: DONE, 21: ANSWER, 22: SEND, 24: CLOSED, 25: DONE, 27: DONE, 31: SEND, 32: ANSWER, 33: RECEIVE | ANSWER,
}  # fmt: skip
"""Whose turn it is, by the numbers of §2.1. 3, 7, 14 and 15 with the number of a return parcel mean that the goods are on their way to the seller."""
SENT_BACK = {3, 7, 14, 15}


def order_expected(wire: Wire, carriers: Mapping[int, str]) -> dict[str, set[Any]]:
    """Each field of our order and the values it may have."""
    item = wire["item_list"][0]
    one: dict[str, Any] = {
        "created_at": clock(wire["created_time"]),
        "paid_at": clock(wire["pay_time"]),
        "group_formed_at": clock(wire["confirm_time"]),
        "ship_by": clock(wire["last_ship_time"]),
        "deliver_by": clock(wire["promise_delivery_time"]),
        "shipped_at": clock(wire["shipping_time"]),
        "received_at": clock(wire["receive_time"]),
        "presale_ship_at": clock(wire["pre_sale_time"]) if wire["is_pre_sale"] else None,
        "shipping_kind": "presale" if wire["is_pre_sale"] else "one_day" if wire["delivery_one_day"] else "spot",
        "refund": REFUND[wire["refund_status"]],
        "under_review": bool(wire["risk_control_status"]),
        "on_hold": _tag(wire, "ship_hold"),
        "delay_allowed": _tag(wire, "region_black_delay_shipping"),
        "goods_amount": fen(wire["goods_amount"]),
        "postage": fen(wire["postage"]),
        "seller_discount": fen(wire["seller_discount"]),
        "platform_discount": fen(wire["platform_discount"]),
        "pay_reduction": fen(wire["duo_duo_pay_reduction"]),
        "pay_amount": fen(wire["pay_amount"]),
        "quantity": sum(item["goods_count"] for item in wire["item_list"]),
        "title": item["goods_name"],
        "goods_id": str(item["goods_id"]),
        "sku_id": str(item["sku_id"]),
        "spec": item["goods_spec"] or None,
        "outer_sku": item["outer_id"] or None,
        "outer_goods": item["outer_goods_id"] or None,
        "carrier": carriers[wire["logistics_id"]] if wire["logistics_id"] else None,
        "tracking_no": wire["tracking_number"] or None,
        "seller_note": wire["remark"] or None,
        "buyer_note": wire["buyer_memo"] or None,
        "province": wire["province"],
        "city": wire["city"],
        "district": wire["town"],
        "group_no": str(wire["group_order_id"]),
        "combine_key": wire["open_address_id_2"],
        "gift_title": wire["gift_list"][0]["goods_name"] if wire["gift_list"] else None,
        "tags": tuple(sorted(tag["name"] for tag in wire["order_tag_list"] if tag["value"])),
    }
    return {name: {value} for name, value in one.items()} | {"stage": {_stage(wire)}}


def masks_expected(wire: Wire) -> tuple[str, str]:
    """The two masks that our receiver must be made of, and nothing else of the buyer."""
    return wire["receiver_name_mask"], wire["receiver_phone_mask"]


def case_expected(listed: Wire, detailed: Wire) -> dict[str, set[Any]]:
    """Each field of our case and the values it may have."""
    status, sent_back = listed["after_sales_status"], bool(listed["tracking_number"])
    states = RECEIVE if sent_back and status in SENT_BACK else CASE_STATE[status]
    one: dict[str, Any] = {
        "order_no": listed["order_sn"],
        "kind": KIND_IN_LIST[listed["after_sales_type"]],
        "reason": listed["after_sale_reason"] or None,
        "applied_at": clock(listed["created_time"]),
        "updated_at": clock(listed["updated_time"]),
        "order_amount": fen(listed["order_amount"]),
        "refund_amount": fen(listed["refund_amount"]),
        "return_tracking_no": listed["tracking_number"] or None,
        "goods_id": str(listed["goods_id"]),
    }
    expected = {name: {value} for name, value in one.items()} | {"state": states}
    if detailed["expire_time"] is not None:
        expected["expire_at"] = {datetime.fromtimestamp(detailed["expire_time"] / 1000, UTC)}
    return expected


def clock(text: str | None) -> datetime | None:
    """The moment a clock in Shanghai shows."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC) if text else None


def fen(yuan: float | str) -> int:
    """Yuan as fen, without the rounding of binary fractions."""
    return int((Decimal(str(yuan)) * 100).to_integral_exact())


def _stage(wire: Wire) -> str:
    """How far the order has come; one that was paid back before it left is over."""
    if wire["group_status"] == 0 or wire["confirm_status"] == 0:
        return "forming"
    if wire["group_status"] == 2 or wire["confirm_status"] == 2:
        return "cancelled"
    return "cancelled" if (wire["order_status"], wire["refund_status"]) == (1, 4) else STAGE[wire["order_status"]]


def _tag(wire: Wire, name: str) -> bool:
    return any(tag["name"] == name and tag["value"] == 1 for tag in wire["order_tag_list"])
