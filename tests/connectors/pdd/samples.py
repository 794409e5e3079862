"""Answers as the platform writes them, made up from the field lists of its documents; nobody in them exists."""

import json
from typing import Any

ORDER_SN = "261120-123456789012345"


def order(**changes: Any) -> dict[str, Any]:
    """An order that waits to be shipped. `None` as a change means null; `...` takes the field away."""
    told: dict[str, Any] = {
        "order_sn": ORDER_SN,
        "order_status": 1,
        "refund_status": 1,
        "after_sales_status": 0,
        "confirm_status": 1,
        "group_status": 1,
        "group_order_id": 1398698135153,
        "risk_control_status": 0,
        "is_pre_sale": 0,
        "shipping_type": 0,
        "delivery_one_day": 0,
        "created_time": "2026-11-20 10:00:00",
        "pay_time": "2026-11-20 10:00:15",
        "confirm_time": "2026-11-20 10:01:00",
        "last_ship_time": "2026-11-22 10:01:00",
        "promise_delivery_time": "",
        "shipping_time": "",
        "receive_time": None,
        "updated_at": "2026-11-20 10:01:00",
        "pre_sale_time": "",
        "yyps_date": "",
        "yyps_time": "",
        "goods_amount": 59.8,
        "pay_amount": 52.31,
        "discount_amount": 7.49,
        "platform_discount": 2.5,
        "seller_discount": 4.99,
        "postage": 0,
        "pay_type": "",
        "receiver_name": "~AgAAAA==~0~",
        "receiver_phone": "$CIPHER$",
        "address": "~cipher~0~",
        "receiver_name_mask": "林**",
        "receiver_phone_mask": "138****5678",
        "address_mask": "浙江省金华市义乌市***",
        "province": "浙江省",
        "city": "金华市",
        "town": "义乌市",
        "buyer_memo": "请尽快发货",
        "remark": None,
        "logistics_id": None,
        "tracking_number": "",
        "item_list": [
            {
                "goods_id": 560009000000,
                "sku_id": "1400090000005",
                "goods_name": "纯棉短袖T恤",
                "goods_spec": "黑色,XL",
                "goods_price": 29.9,
                "goods_count": 2,
                "outer_id": "G0001-06",
                "outer_goods_id": "G0001",
            }
        ],
        "gift_list": [],
        "order_tag_list": [{"name": "ship_hold", "value": 0}, {"name": "region_black_delay_shipping", "value": "1"}],
        "order_depot_info": {"depot_name": "义乌一仓"},
    }
    return changed(told, changes)


def listed(**changes: Any) -> dict[str, Any]:
    """A case as the list tells it: kinds from 2, yuan in strings, a Shanghai clock."""
    told: dict[str, Any] = {
        "id": 30000000007,
        "order_sn": ORDER_SN,
        "after_sales_type": 3,
        "after_sales_status": 3,
        "after_sale_reason": "质量问题",
        "order_amount": "52.31",
        "discount_amount": "7.49",
        "refund_amount": "52.31",
        "goods_id": 560009000000,
        "tracking_number": "",
        "shipping_name": "",
        "created_time": "2026-11-21 09:00:00",
        "updated_time": "2026-11-21 09:00:00",
        "speed_refund_flag": 0,
    }
    return changed(told, changes)


def detailed(**changes: Any) -> dict[str, Any]:
    """The same case as its own page tells it: kinds from 1, fen in numbers, milliseconds."""
    told: dict[str, Any] = {
        "id": 30000000007,
        "order_sn": ORDER_SN,
        "after_sales_type": 2,
        "after_sales_status": 3,
        "after_sales_reason": "质量问题",
        "order_amount": 5231,
        "refund_amount": 5231,
        "goods_id": 560009000000,
        "express_no": None,
        "shipping_status": 1,
        "expire_time": 1795482000000,
        "recreated_at": 1795222800000,
        "updated_time": 1795222800000,
        "request_id": "17952228001234567",
    }
    return changed(told, changes)


def changed(told: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The record with other values, and without those that became `...`."""
    return {name: value for name, value in {**told, **changes}.items() if value is not ...}


def wire(told: object) -> bytes:
    """A record as it travels."""
    return json.dumps(told, ensure_ascii=False).encode()


def answered(wrapper: str, **fields: Any) -> bytes:
    """An answer in its wrapper."""
    return wire({wrapper: {**fields, "request_id": "17952228001234567"}})


def refused(code: int | str, text: str, sub_code: object = None, sub_text: str = "") -> bytes:
    """A refusal."""
    return wire({"error_response": {"error_code": code, "error_msg": text, "sub_code": sub_code, "sub_msg": sub_text, "request_id": "17952228001234567"}})
