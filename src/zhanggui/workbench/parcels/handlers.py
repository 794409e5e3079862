"""The Parcels pages: the list by trouble and state, and one parcel with every event and how it was read."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.parcels.lists import Overview, one_parcel, overview, parcels_page
from zhanggui.actions.refused import Refused
from zhanggui.actions.scans import paste_scans
from zhanggui.core.parcels import AnomalyKind, ParcelState
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, back_to, shop_number
from zhanggui.workbench.places import order_path

_STATES = (
    ParcelState.NO_PICKUP,
    ParcelState.MOVING,
    ParcelState.AT_POINT,
    ParcelState.TURNED_BACK,
    ParcelState.ARRIVED_HOME,
    ParcelState.UNSEEN,
    ParcelState.SETTLED,
)
ALL = "all"
MOST_PROVINCES = 12


class Tab(msgspec.Struct, frozen=True):
    """A tab or a filter of the list, and how many stand behind it."""

    name: str
    count: int
    href: str
    is_here: bool


class ScansForm(msgspec.Struct, frozen=True):
    """Tracking text as pasted from a carrier's page, and the order it is for."""

    text: str = ""
    order_no: str = ""


@get("/parcels", sync_to_thread=True)
def parcels_list(
    desk: AtDesk,
    stand: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    carrier: FromQuery[str] = "",
    province: FromQuery[str] = "",
    place: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """The parcels in which something is wrong, or those of a state."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    asked_state = next((each for each in ParcelState if each == stand), None)
    asked_kind = next((each for each in AnomalyKind if each == kind), None)
    is_troubled = not stand
    page = parcels_page(
        desk.house,
        desk.by,
        desk.now,
        shop_ids=shop_ids,
        state=asked_state,
        is_troubled=is_troubled,
        kind=asked_kind if is_troubled else None,
        carrier=carrier,
        province=province,
        place=place,
        cursor=after or None,
    )
    now = overview(desk.house, desk.by, shop_ids, desk.now)
    filters = {"stand": stand, "kind": kind if is_troubled else "", "carrier": carrier, "province": province, "place": place, "shop": shop}
    return desk.page(
        "parcels/page.html",
        page=page,
        now_told=now,
        shops=shops,
        shop=chosen,
        is_troubled=is_troubled,
        filters=filters,
        narrowed=[(name, filters[name], address(filters | {name: ""})) for name in ("carrier", "province", "place") if filters[name]],
        choices=_choices(now, filters),
        states=_state_tabs(now, filters),
        troubled_href=address({"shop": shop}),
        order_path=order_path,
        parcel_path=parcel_path,
        next_href=address(filters | {"after": page.next_cursor}) if page.next_cursor else None,
        first_href=address(filters) if after else None,
    )


@get("/shops/{shop_id:int}/parcels/{tracking_no:str}", sync_to_thread=True)
def parcel_page(desk: AtDesk, shop_id: FromPath[int], tracking_no: FromPath[str], pasted: FromQuery[int | None] = None) -> Template:
    """Everything known of one tracking number."""
    shop = shop_number(shop_id)
    view = one_parcel(desk.house, desk.by, shop, tracking_no, desk.now)
    if view is None:
        raise NotFoundException
    return desk.page(
        "parcels/parcel.html",
        view=view,
        pasted=pasted,
        may_paste=desk.by.may(Permission.SCANS_WRITE, shop) and bool(view.parcels),
        order_path=order_path,
        parcel_path=parcel_path,
        list_href=address({"shop": str(shop)} if len(desk.shops(Permission.ORDERS_READ)) > 1 else {}),
    )


@post("/shops/{shop_id:int}/parcels/{tracking_no:str}/scans", sync_to_thread=True)
def put_parcel_scans(desk: AtDesk, shop_id: FromPath[int], tracking_no: FromPath[str], data: URLEncodedBody[ScansForm]) -> Redirect:
    """Takes in tracking events pasted from the carrier's page."""
    shop = shop_number(shop_id)
    view = one_parcel(desk.house, desk.by, shop, tracking_no, desk.now)
    orders = [parcel.order_no for parcel in view.parcels] if view else []
    if not orders:
        raise Refused(say("No order of the shop bears this number."))
    order_no = data.order_no if data.order_no in orders else orders[0]
    pasted = paste_scans(desk.house, desk.by, shop, order_no, data.text, desk.now, tracking_no=tracking_no)
    return back_to(parcel_path(shop, tracking_no), pasted=sum(result.new for result in pasted.results))


def address(filters: Mapping[str, str | None]) -> str:
    """The list's address with these filters."""
    kept = urlencode({name: value for name, value in filters.items() if value})
    return f"/parcels?{kept}" if kept else "/parcels"


def parcel_path(shop_id: ShopId | int, tracking_no: str) -> str:
    """The page of a parcel."""
    return f"/shops/{shop_id}/parcels/{quote(tracking_no, safe='')}"


def _choices(now: Overview, filters: Mapping[str, str]) -> list[tuple[Say, bool, Sequence[Tab]]]:
    """What the list may be narrowed down by, where there is anything to choose: the heading, whether its names are words of ours, and the choices."""
    kinds = _kind_tabs(now, filters)
    if not kinds:
        return []
    every: list[tuple[Say, bool, Sequence[Tab]]] = [
        (say("Anomaly"), True, kinds),
        (say("Carrier"), False, _narrowing("carrier", [(one.name, one.parcels) for one in now.carriers], filters)),
        (say("Branch"), False, _narrowing("place", [(one.name, one.parcels) for one in now.branches], filters)),
        (say("Whereto"), False, _narrowing("province", [(one.name, one.parcels) for one in now.provinces], filters)[:MOST_PROVINCES]),
    ]
    return [each for each in every if len(each[2]) > 1 or any(tab.is_here for tab in each[2])]


def _kind_tabs(now: Overview, filters: Mapping[str, str]) -> tuple[Tab, ...]:
    counts = {one.name: one.parcels for one in now.kinds}
    return tuple(
        Tab(kind.value, counts[kind.value], address({**filters, "stand": "", "kind": "" if filters["kind"] == kind else kind.value}), filters["kind"] == kind)
        for kind in AnomalyKind
        if counts.get(kind.value)
    )


def _state_tabs(now: Overview, filters: Mapping[str, str]) -> tuple[Tab, ...]:
    shop = {"shop": filters["shop"]}
    counted = [(state, now.states[state.value]) for state in _STATES if now.states.get(state.value)]
    tabs = [Tab(state.value, many, address(shop | {"stand": state.value}), filters["stand"] == state) for state, many in counted]
    return (*tabs, Tab(ALL, sum(now.states.values()), address(shop | {"stand": ALL}), filters["stand"] == ALL))


def _narrowing(name: str, counts: Sequence[tuple[str, int]], filters: Mapping[str, str]) -> list[Tab]:
    return [Tab(each, many, address({**filters, name: each}), filters[name] == each) for each, many in counts if each]
