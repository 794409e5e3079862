"""Orders read: the lists by time of change and by forming time, one order, the status of many."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, reader
from zhanggui.connectors.pdd.values import OddWire, Told, flag, key, whole
from zhanggui.connectors.pdd.wording import refund_word, stage_word
from zhanggui.core.facts import OrderStage, RefundState

BY_UPDATE, BY_FORMING, DETAIL, STATUS = "pdd.order.number.list.increment.get", "pdd.order.list.get", "pdd.order.information.get", "pdd.order.status.get"
_ALL = "5"
MOST_NUMBERS = 100
"""So many orders may be asked for at once."""


class OrderPage(msgspec.Struct, frozen=True):
    """A page of orders, newest first, each as it came; `total` is absent where only the next page's existence was asked for."""

    orders: tuple[msgspec.Raw, ...]
    total: int | None
    has_next: bool | None


class OrderStatus(msgspec.Struct, frozen=True):
    """The status of one order; `is_ours` is False for an order that the shop does not have."""

    order_no: str
    stage: OrderStage
    refund: RefundState
    status_text: str
    refund_text: str
    is_ours: bool = True


class _Changed(msgspec.Struct, frozen=True):
    order_sn_list: list[msgspec.Raw] | None
    total_count: Any = None
    has_next: Any = None


class _Formed(msgspec.Struct, frozen=True):
    order_list: list[msgspec.Raw] | None
    total_count: Any = None
    has_next: Any = None


class _Detail(msgspec.Struct, frozen=True):
    order_info: msgspec.Raw


class _Status(msgspec.Struct, frozen=True):
    order_sn: Any = msgspec.field(name="orderSn", default=None)
    plain_order_sn: Any = msgspec.field(name="order_sn", default=None)
    order_status: Any = None
    refund_status: Any = None


class _Statuses(msgspec.Struct, frozen=True):
    order_status_list: list[_Status] | None


def orders_updated(start: datetime, end: datetime, page: int, page_size: int = 100, *, use_has_next: bool) -> Call[OrderPage]:
    """The orders that changed in a window of at most 30 minutes, newest first, as they are now."""
    params = {
        "start_updated_at": seconds(start),
        "end_updated_at": seconds(end),
        "is_lucky_flag": "0",
        "order_status": _ALL,
        "refund_status": _ALL,
    } | _paging(page, page_size, use_has_next=use_has_next)
    return Call(BY_UPDATE, params, reader(BY_UPDATE, _Changed, lambda told: _page(BY_UPDATE, told.order_sn_list, told.total_count, told.has_next)))


def orders_confirmed(start: datetime, end: datetime, page: int, page_size: int = 100, *, use_has_next: bool) -> Call[OrderPage]:
    """The orders formed in a window of at most 24 hours within the last 90 days, newest first."""
    params = {
        "start_confirm_at": seconds(start),
        "end_confirm_at": seconds(end),
        "order_status": _ALL,
        "refund_status": _ALL,
    } | _paging(page, page_size, use_has_next=use_has_next)
    return Call(BY_FORMING, params, reader(BY_FORMING, _Formed, lambda told: _page(BY_FORMING, told.order_list, told.total_count, told.has_next)))


def order_detail(order_no: str) -> Call[msgspec.Raw]:
    """One order, whole."""
    return Call(DETAIL, {"order_sn": order_no}, reader(DETAIL, _Detail, lambda told: told.order_info))


def order_status(order_nos: Iterable[str]) -> Call[tuple[OrderStatus, ...]]:
    """The status of up to a hundred orders."""
    return Call(STATUS, {"order_sns": ",".join(order_nos)}, reader(STATUS, _Statuses, lambda told: tuple(map(_status, told.order_status_list or ()))))


def seconds(moment: datetime) -> str:
    """A moment as requests carry it: unix seconds."""
    return str(int(moment.timestamp()))


def _paging(page: int, page_size: int, *, use_has_next: bool) -> dict[str, str]:
    return {"page": str(page), "page_size": str(page_size), "use_has_next": "true" if use_has_next else "false"}


def _page(method: str, orders: list[msgspec.Raw] | None, total: Told, has_next: Told) -> OrderPage:
    try:
        return OrderPage(tuple(orders or ()), whole(total, "total_count"), flag(has_next, "has_next"))
    except OddWire as odd:
        raise msgspec.ValidationError(f"{method}: {odd}") from None


def _status(told: _Status) -> OrderStatus:
    """A status; both numbers are 0 for an order that the platform does not show to this shop."""
    try:
        number = key(told.order_sn if told.order_sn is not None else told.plain_order_sn, "orderSn")
        order, refund = whole(told.order_status, "order_status") or 0, whole(told.refund_status, "refund_status") or 0
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
    stage, money = stage_word(order, refund, None, None), refund_word(refund)
    return OrderStatus(number, stage.stage, money.refund, stage.text, money.text, is_ours=order != 0)
