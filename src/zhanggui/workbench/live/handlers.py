"""Where open pages are kept in step: as a stream of events, or once over for those who ask again and again."""

from functools import partial

import anyio.to_thread
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template

from zhanggui.people.permissions import Permission
from zhanggui.workbench.alerts.listing import AlertListing
from zhanggui.workbench.alerts.listing import list_context as list_context_of_alerts
from zhanggui.workbench.alerts.listing import shops_listed as shops_of_alerts
from zhanggui.workbench.desk import AtDesk, Desk, number_in, shop_number
from zhanggui.workbench.inbox.listing import InboxListing, inbox_context
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.live.views import AlertsView, DeskView, InboxView, OrderView, TodayView, View, eyes_of
from zhanggui.workbench.order.whole import order_context
from zhanggui.workbench.ship.listing import DeskListing, filter_of
from zhanggui.workbench.ship.listing import list_context as list_context_of_desk
from zhanggui.workbench.ship.wording import GROUPS
from zhanggui.workbench.today.listing import Listing, list_context, shops_listed

_STREAM = "text/event-stream"
_UNHURRIED = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "Vary": "Accept, Cookie"}
"""Asks proxies to hand every event on at once."""


@get("/live/today")
async def live_today(
    desk: AtDesk,
    live: NamedDependency[Live],
    *,
    view: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    person: FromQuery[str] = "",
    band: FromQuery[str] = "",
    after: FromQuery[str] = "",
    order: FromQuery[str] = "",
    show: FromQuery[str] = "",
    since: FromQuery[str] = "",
) -> Stream | Template:
    """The Today list with these filters, kept in step."""
    listing = Listing(view=view, kind=kind, shop=shop, person=person, band=band, after=after, order=order, show=show)
    if not _wants_stream(desk):
        context = await anyio.to_thread.run_sync(list_context, desk.house, desk.by, desk.words, desk.now, listing)
        return desk.page("today/list.html", marked=None, **context)
    shops, chosen = await anyio.to_thread.run_sync(shops_listed, desk.house, desk.by, listing)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    return _streamed(desk, live, TodayView(eyes_of(desk.by, desk.words.language), listing, shop_ids), since)


@get("/live/shops/{shop_id:int}/orders/{order_no:str}")
async def live_order(
    desk: AtDesk, live: NamedDependency[Live], shop_id: FromPath[int], order_no: FromPath[str], since: FromQuery[str] = ""
) -> Stream | Template:
    """The page of one order, kept in step."""
    shop = desk.by.need(Permission.ORDERS_READ, shop_number(shop_id))
    # read once also for a stream: there is none of an order that is not known
    context = await anyio.to_thread.run_sync(partial(order_context, desk.house, desk.by, desk.words, desk.now, shop, order_no))
    if not _wants_stream(desk):
        return desk.page("order/whole.html", pasted=None, **context)
    return _streamed(desk, live, OrderView(eyes_of(desk.by, desk.words.language), shop, order_no), since)


@get("/live/inbox")
async def live_inbox(
    desk: AtDesk,
    live: NamedDependency[Live],
    *,
    view: FromQuery[str] = "",
    shop: FromQuery[str] = "",
    find: FromQuery[str] = "",
    after: FromQuery[str] = "",
    thread_shop: FromQuery[str] = "",
    thread_no: FromQuery[str] = "",
    whole: FromQuery[str] = "",
    since: FromQuery[str] = "",
) -> Stream | Template:
    """The inbox of a person, kept in step."""
    listing = InboxListing(
        view=view, shop=shop, find=find, after=after, whole=whole, thread_shop=number_in(thread_shop) or 0, thread_no=number_in(thread_no) or 0
    )
    # read once also for a stream: there is none of a talk that is not known
    context = await anyio.to_thread.run_sync(inbox_context, desk.house, desk.by, desk.words, desk.now, listing)
    if not _wants_stream(desk):
        return desk.page("inbox/whole.html", **context)
    shop_ids = tuple(each.shop_id for each in context["shops"])
    return _streamed(desk, live, InboxView(eyes_of(desk.by, desk.words.language), desk.by.person_id, listing, shop_ids), since)


@get("/live/ship")
async def live_ship(
    desk: AtDesk,
    live: NamedDependency[Live],
    *,
    shop: FromQuery[str] = "",
    view: FromQuery[str] = "",
    group: FromQuery[str] = "",
    goods: FromQuery[str] = "",
    carrier: FromQuery[str] = "",
    to: FromQuery[str] = "",
    tag: FromQuery[str] = "",
    due: FromQuery[str] = "",
    filed: FromQuery[str] = "",
    why: FromQuery[str] = "",
    after: FromQuery[str] = "",
    since: FromQuery[str] = "",
) -> Stream | Template:
    """One list of the to-ship desk, kept in step."""
    shop_id = desk.by.need(Permission.SHIPPING_WRITE, shop_number(number_in(shop) or 0))
    listing = DeskListing(shop_id, filter_of(view, goods, carrier, to, tag, due, filed, why), group if group in GROUPS else "", after)
    if not _wants_stream(desk):
        context = await anyio.to_thread.run_sync(list_context_of_desk, desk.house, desk.by, desk.now, listing)
        return desk.page("ship/list.html", **context)
    return _streamed(desk, live, DeskView(eyes_of(desk.by, desk.words.language), listing), since)


@get("/live/alerts")
async def live_alerts(
    desk: AtDesk, live: NamedDependency[Live], view: FromQuery[str] = "", shop: FromQuery[str] = "", after: FromQuery[str] = "", since: FromQuery[str] = ""
) -> Stream | Template:
    """The list of alerts, kept in step."""
    listing = AlertListing(view=view, shop=shop, after=after)
    if not _wants_stream(desk):
        context = await anyio.to_thread.run_sync(list_context_of_alerts, desk.house, desk.by, desk.now, listing)
        return desk.page("alerts/list.html", **context)
    shops, chosen = await anyio.to_thread.run_sync(shops_of_alerts, desk.house, desk.by, listing)
    shop_ids = tuple(each.shop_id for each in ((chosen,) if chosen else shops))
    return _streamed(desk, live, AlertsView(eyes_of(desk.by, desk.words.language), listing, shop_ids), since)


def _wants_stream(desk: Desk) -> bool:
    return _STREAM in desk.request.headers.get("accept", "")


def _streamed(desk: Desk, live: Live, view: View, since: str) -> Stream:
    follower = live.join(view, desk.by, desk.request.auth)
    told = desk.request.headers.get("last-event-id", since)
    return Stream(live.follow(follower, told), media_type=_STREAM, headers=_UNHURRIED)
