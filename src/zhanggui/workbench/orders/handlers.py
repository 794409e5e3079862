"""The Orders page: counts by state, the last month, filters, search, a page of orders."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.orders import last_month, orders, state_counts
from zhanggui.actions.views import StateCount
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.core.periods import days_in, days_name
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk
from zhanggui.workbench.places import order_path

_STAGES = (OrderStage.FORMING, OrderStage.TO_SHIP, OrderStage.SHIPPED, OrderStage.RECEIVED, OrderStage.CANCELLED, OrderStage.UNKNOWN)
_REFUNDS = (RefundState.OPEN, RefundState.REFUNDING, RefundState.REFUNDED)


class Count(msgspec.Struct, frozen=True):
    """A tab of the list: a stage or a refund state, and how many orders stand in it."""

    name: str
    orders: int
    href: str
    is_here: bool


@get("/orders", sync_to_thread=True)
def orders_page(
    desk: AtDesk,
    stage: FromQuery[str] = "",
    refund: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    number: FromQuery[str] = "",
    days: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """The shop's orders, newest first."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    asked_stage = next((each for each in OrderStage if each == stage), None)
    asked_refund = next((each for each in RefundState if each == refund), None)
    span = days_in(days)
    counts = state_counts(desk.house, desk.by, shop_ids)
    query = number.strip() or None
    page = orders(desk.house, desk.by, desk.now, shop_ids=shop_ids, stage=asked_stage, refund=asked_refund, query=query, days=span, cursor=after or None)
    filters = {"stage": stage, "refund": refund, "shop": shop, "number": number, "days": days_name(span) if span else ""}
    return desk.page(
        "orders/page.html",
        page=page,
        all_count=sum(each.orders for each in counts),
        stages=_tabs(_STAGES, "stage", _by_stage(counts), filters),
        refunds=_tabs(_REFUNDS, "refund", _by_refund(counts), filters),
        month=last_month(desk.house, desk.by, shop_ids, desk.now),
        shops=shops,
        shop=chosen,
        stage=stage,
        refund=refund,
        number=number,
        span=span,
        span_name=filters["days"],
        order_path=order_path,
        next_href=address(filters | {"after": page.next_cursor}) if page.next_cursor else None,
        first_href=address(filters) if after else None,
    )


def address(filters: Mapping[str, str | None]) -> str:
    """The page's address with these filters."""
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"/orders?{kept}" if kept else "/orders"


def _by_stage(counts: Iterable[StateCount]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in counts:
        found[each.stage] = found.get(each.stage, 0) + each.orders
    return found


def _by_refund(counts: Iterable[StateCount]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in counts:
        found[each.refund] = found.get(each.refund, 0) + each.orders
    return found


def _tabs(names: Iterable[OrderStage | RefundState], field: str, counts: Mapping[str, int], filters: Mapping[str, str]) -> tuple[Count, ...]:
    plain = {"shop": filters["shop"]}
    return tuple(
        Count(name.value, counts[name.value], address(plain | {field: name.value}), filters[field] == name) for name in names if counts.get(name.value)
    )
