"""The After-sales list."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery, QueryParameter
from litestar.response import Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.aftersales import cases
from zhanggui.actions.today import today
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk
from zhanggui.workbench.places import case_path, order_path

OF_CASES = (DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN, DeadlineKind.ANSWER_PLATFORM)


@get("/aftersales", sync_to_thread=True)
def aftersales_page(
    desk: AtDesk,
    stands: Annotated[str, QueryParameter(name="state")] = "",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """The cases that wait for somebody, by their clocks and their money; or all cases, newest first. (`state` is a word of the framework's own, so the
    parameter has another name.)"""
    shops = desk.shops(Permission.AFTERSALES_READ)
    chosen = desk.chosen(shops, shop)
    if not stands and not kind and not number.strip():
        return _open_cases(desk, shops, chosen)
    page = cases(
        desk.house,
        desk.by,
        desk.now,
        shop_ids=tuple(each.shop_id for each in ((chosen,) if chosen else shops)),
        state=next((each for each in AftersaleState if each == stands), None),
        kind=next((each for each in AftersaleKind if each == kind), None),
        query=number.strip() or None,
        cursor=after or None,
    )
    filters = {"state": stands, "kind": kind, "shop": shop, "number": number}
    return desk.page(
        "aftersales/page.html",
        page=page,
        shops=shops,
        shop=chosen,
        state=stands,
        kind=kind,
        number=number,
        is_open=False,
        case_path=case_path,
        open_href=_address({"shop": shop}),
        states=tuple((each, _address({"shop": shop, "kind": kind, "state": each.value})) for each in AftersaleState),
        kinds=tuple(AftersaleKind),
        all_href=_address({"shop": shop, "kind": kind, "state": "all"}),
        order_path=order_path,
        next_href=_address(filters | {"after": page.next_cursor}) if page.next_cursor else None,
        first_href=_address(filters) if after else None,
    )


def _open_cases(desk: Desk, shops: tuple[ShopInfo, ...], chosen: ShopInfo | None) -> Template:
    """The running to-dos of cases as one list, band by band: first what is due first, and within a band what loses most."""
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops) if desk.by.may(Permission.TODO_READ, each.shop_id))
    shown = today(desk.house, desk.by, desk.now, shop_ids=shop_ids, kinds=OF_CASES)
    shop = str(chosen.shop_id) if chosen else ""
    return desk.page(
        "aftersales/page.html",
        shops=shops,
        shop=chosen,
        state="",
        kind="",
        number="",
        is_open=True,
        groups=tuple(group for group in shown.groups if group[1]),
        more={band: f"/today?{urlencode({'band': band.name.lower(), 'shop': shop})}" for band, _ in shown.more},
        case_path=case_path,
        order_path=order_path,
        open_href=_address({"shop": shop}),
        all_href=_address({"shop": shop, "state": "all"}),
        states=tuple((each, _address({"shop": shop, "state": each.value})) for each in AftersaleState),
        kinds=tuple(AftersaleKind),
    )


def _address(filters: Mapping[str, str | None]) -> str:
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"/aftersales?{kept}" if kept else "/aftersales"
