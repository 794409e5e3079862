"""After-sales cases read: the lists by state, one case, the last look before shipping, the addresses returns go to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, reader
from zhanggui.connectors.pdd.orders import seconds
from zhanggui.connectors.pdd.values import OddWire, flag, key, text, whole
from zhanggui.connectors.pdd.wording import words

LISTED, DETAIL, CHECK, ADDRESSES = "pdd.refund.list.increment.get", "pdd.refund.information.get", "pdd.refund.status.check", "pdd.refund.address.list.get"
_ALL_KINDS = "1"


class RefundPage(msgspec.Struct, frozen=True):
    """A page of cases, newest first, each as it came."""

    cases: tuple[msgspec.Raw, ...]
    total: int | None


class ReturnAddress(msgspec.Struct, frozen=True):
    """Where returns may go. Street and names stay with the platform: its number is all that an answer needs."""

    address_id: str
    place: str
    is_default: bool
    is_usable: bool


class _Listed(msgspec.Struct, frozen=True):
    refund_list: list[msgspec.Raw] | None
    total_count: Any = None


class _OrderNo(msgspec.Struct, frozen=True):
    order_sn: Any = None


class _Checked(msgspec.Struct, frozen=True):
    order_sns_exists_refund: list[_OrderNo | str] | None = None


class _Address(msgspec.Struct, frozen=True):
    id: Any = None
    refund_address_id: Any = None
    province_name: Any = None
    city_name: Any = None
    district_name: Any = None
    is_default: Any = None
    is_validated: Any = None
    is_legal: Any = None


class _Addresses(msgspec.Struct, frozen=True):
    refund_address_list: list[_Address] | None = None


def case_statuses() -> tuple[int, ...]:
    """Every state the list of cases can be asked for, one at a time: there is no "all"."""
    return tuple(words().after_sales_status)


def refunds_updated(status: int, start: datetime, end: datetime, page: int, page_size: int = 100) -> Call[RefundPage]:
    """The cases in one state that changed in a window of at most 30 minutes, newest first."""
    return _listed(status, start, end, page, page_size, order_no="")


def refunds_of_order(order_no: str, at: datetime) -> Call[RefundPage]:
    """Every case of one order, whatever its state; the other filters must be sent but count for nothing."""
    return _listed(2, at, at, 1, 100, order_no=order_no)


def refund_detail(order_no: str, case_no: str) -> Call[msgspec.Raw]:
    """One case in detail, with the limit while it is the seller's turn."""
    return Call(DETAIL, {"order_sn": order_no, "after_sales_id": case_no}, reader(DETAIL, msgspec.Raw, _whole_case))


def status_check(order_nos: Iterable[str]) -> Call[frozenset[str]]:
    """Which of up to a hundred orders have an open case: the last look before shipping."""
    return Call(CHECK, {"order_sns": ",".join(order_nos)}, reader(CHECK, _Checked, _with_case))


def refund_addresses() -> Call[tuple[ReturnAddress, ...]]:
    """The addresses returns may go to."""
    return Call(ADDRESSES, {}, reader(ADDRESSES, _Addresses, lambda told: tuple(map(_address, told.refund_address_list or ()))))


def _listed(status: int, start: datetime, end: datetime, page: int, page_size: int, *, order_no: str) -> Call[RefundPage]:
    params = {
        "after_sales_status": str(status),
        "after_sales_type": _ALL_KINDS,
        "start_updated_at": seconds(start),
        "end_updated_at": seconds(end),
        "page": str(page),
        "page_size": str(page_size),
        "order_sn": order_no,
    }
    return Call(LISTED, params, reader(LISTED, _Listed, _page))


def _page(told: _Listed) -> RefundPage:
    try:
        return RefundPage(tuple(told.refund_list or ()), whole(told.total_count, "total_count"))
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None


def _whole_case(raw: msgspec.Raw) -> msgspec.Raw:
    """The case, which stands at the top of the answer; an answer without its number is none."""
    if b'"id"' not in bytes(raw):
        raise msgspec.ValidationError("no id in it")
    return raw


def _with_case(told: _Checked) -> frozenset[str]:
    try:
        return frozenset(key(each if isinstance(each, str) else each.order_sn, "order_sn") for each in told.order_sns_exists_refund or ())
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None


def _address(told: _Address) -> ReturnAddress:
    """An address by the number that agreeing to a return asks for."""
    try:
        number = key(told.refund_address_id if told.refund_address_id not in (None, "", 0) else told.id, "refund_address_id")
        place = " ".join(part for part in (text(told.province_name, ""), text(told.city_name, ""), text(told.district_name, "")) if part)
        usable = flag(told.is_validated, "is_validated") is not False and flag(told.is_legal, "is_legal") is not False
        return ReturnAddress(number, place, flag(told.is_default, "is_default") or False, usable)
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
