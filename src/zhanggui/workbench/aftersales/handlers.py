"""The After-sales list."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery, QueryParameter
from litestar.response import Template

from zhanggui.actions.aftersales import cases
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk
from zhanggui.workbench.places import order_path


@get("/aftersales", sync_to_thread=True)
def aftersales_page(
    desk: AtDesk,
    stands: Annotated[str, QueryParameter(name="state")] = "",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """The cases of the shops, newest first. (`state` is a word of the framework's own, so the parameter has another name.)"""
    shops = desk.shops(Permission.AFTERSALES_READ)
    chosen = desk.chosen(shops, shop)
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
        states=tuple((each, _address({"shop": shop, "kind": kind, "state": each.value})) for each in AftersaleState),
        kinds=tuple(AftersaleKind),
        all_href=_address({"shop": shop, "kind": kind}),
        order_path=order_path,
        next_href=_address(filters | {"after": page.next_cursor}) if page.next_cursor else None,
        first_href=_address(filters) if after else None,
    )


def _address(filters: Mapping[str, str | None]) -> str:
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"/aftersales?{kept}" if kept else "/aftersales"
