"""The to-ship desk: what waits to leave, step by step; batches are made here, and steps made for many orders at once."""

from collections.abc import Sequence

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.dispatching import destroyed, had_left, handed_over, kept_after_all, packed, taken_back, unpacked
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batching import make_batch, reasons
from zhanggui.actions.shipdesk.desk import Filter, View, orders_of
from zhanggui.actions.shipdesk.further import tell_further
from zhanggui.actions.shipdesk.telling import Told, file_for_platform, tell_platform, would_be_filed
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.core.dispatch import StepOutcome
from zhanggui.core.moments import in_shanghai
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.ship.listing import DeskListing, address, filter_of, list_context
from zhanggui.workbench.ship.wording import DID, GROUPS

_MEDIA = {SheetForm.CSV: "text/csv", SheetForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_SHOWN = 50
"""So many refusals are named; the others are counted."""


class DeskForm(msgspec.Struct, frozen=True):
    """The orders ticked, or all of the list that the filter shows; and what is to be done with them."""

    order_no: list[str] | str = ""
    all: str = ""
    include: list[str] | str = ""
    step: str = ""
    combine: str = ""
    carrier_named: str = ""
    view: str = ""
    goods: str = ""
    carrier: str = ""
    door: str = ""
    tag: str = ""
    due: str = ""
    filed: str = ""
    group: str = ""

    @property
    def ticked(self) -> list[str]:
        """The orders ticked one by one."""
        return list(dict.fromkeys(_listed(self.order_no)))

    @property
    def filter(self) -> Filter:
        """The list they were ticked on."""
        return filter_of(self.view, self.goods, self.carrier, self.door, self.tag, self.due, self.filed)


class Refusal(msgspec.Struct, frozen=True):
    """What was not done, in the page's words."""

    done: int
    why: Sequence[tuple[str, Say]]
    left: int
    may_include: tuple[str, ...] = ()
    file: SheetForm | None = None
    """The file that waits for a person's word: with what speaks against some numbers in it, or without them."""
    good: tuple[str, ...] = ()
    """What goes into the file in any case."""


@get("/ship", sync_to_thread=True)
def ship_page(
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
    did: FromQuery[str] = "",
    n: FromQuery[int] = 0,
) -> Template:
    """One list of the desk, most urgent first."""
    shops = desk.shops(Permission.SHIPPING_WRITE)
    named = desk.chosen(shops, shop)
    if not shops:
        return desk.page("ship/none.html")
    chosen, stamp = named or shops[0], live.stamp()
    told = Refusal(n, (), 0) if did in DID else None
    return _page(desk, shops, chosen, filter_of(view, goods, carrier, to, tag, due, filed, why), group=group, after=after, did=did, told=told, stamp=stamp)


@post("/shops/{shop_id:int}/ship/batches", sync_to_thread=True)
def new_batch(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[DeskForm]) -> Redirect:
    """Takes what was ticked, or the whole list, into a new batch."""
    shop = shop_number(shop_id)
    nos = [] if data.all else data.ticked
    if not nos and not data.all:
        raise Refused(say("Tick the orders first, or all of the list."))
    wanted = msgspec.structs.replace(data.filter, view=View.PRINT)
    batch_no = make_batch(desk.house, desk.by, shop, desk.now, order_nos=nos, wanted=wanted, combine=bool(data.combine), carrier=data.carrier_named.strip())
    return back_to(f"/shops/{shop}/ship/batches/{batch_no}")


@post("/shops/{shop_id:int}/ship/steps", sync_to_thread=True, status_code=HTTP_200_OK)
def make_steps(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[DeskForm]) -> Redirect | Template:
    """Makes a step of every order ticked, or of the whole list: packed, handed over, destroyed, or one of them taken back."""
    shop = shop_number(shop_id)
    nos = _named(desk, shop, data)
    outcomes = _stepped(desk, shop, data.step, nos)
    done = sum(outcome.done for outcome in outcomes)
    against = reasons([outcome for outcome in outcomes if not outcome.done])
    if not against:
        return _back(data, shop, data.step, done)
    return _told(desk, shop, data, data.step, Refusal(done, against[:_SHOWN], max(0, len(against) - _SHOWN)))


@post("/shops/{shop_id:int}/ship/told", sync_to_thread=True, status_code=HTTP_200_OK)
def tell(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[DeskForm]) -> Redirect | Template | Response[bytes]:
    """Uploads the numbers through the platform, or hands over the bulk-shipping file; what the file would leave out is told before it is made."""
    shop = shop_number(shop_id)
    nos, include = _named(desk, shop, data), frozenset(_listed(data.include))
    if data.step in list(SheetForm):
        form = SheetForm(data.step)
        filed = would_be_filed(desk.house, desk.by, shop, nos, desk.now, include=include)
        if filed.warned or filed.blocked:
            return _told(desk, shop, data, "", msgspec.structs.replace(_refusal(filed), done=0, file=form, good=filed.sent))
        made = file_for_platform(desk.house, desk.by, shop, nos, form, desk.now, include=include)
        headers = {"Content-Disposition": f'attachment; filename="shipping-{in_shanghai(desk.now):%Y%m%d-%H%M%S}.{form}"', "Cache-Control": "no-store"}
        return Response(made.content, media_type=_MEDIA[form], headers=headers)
    told = tell_platform(desk.house, desk.by, shop, nos, desk.now, clock.unwound(), include=include)
    if not (told.warned or told.blocked):
        return _back(data, shop, "told", len(told.sent))
    return _told(desk, shop, data, "told", _refusal(told))


@post("/shops/{shop_id:int}/ship/further", sync_to_thread=True)
def tell_of_further(desk: AtDesk, shop_id: FromPath[int]) -> Redirect:
    """Tells the platform of the further parcels of orders that it knows as shipped."""
    shop = shop_number(shop_id)
    told = tell_further(desk.house, desk.by, shop, desk.now)
    return back_to(address(shop, Filter(view=View.TELL)), did="further", n=told)


def _listed(value: list[str] | str) -> list[str]:
    return [each for each in ([value] if isinstance(value, str) else value) if each]


def _named(desk_: Desk, shop: ShopId, data: DeskForm) -> list[str]:
    nos = orders_of(desk_.house, desk_.by, shop, data.filter, desk_.now) if data.all else data.ticked
    if not nos:
        raise Refused(say("Tick the orders first, or all of the list."))
    return nos


def _stepped(desk_: Desk, shop: ShopId, step: str, nos: list[str]) -> tuple[StepOutcome, ...]:
    house, by, now, wall = desk_.house, desk_.by, desk_.now, clock.unwound()
    match step:
        case "hand_over":
            return handed_over(house, by, shop, nos, now, wall)
        case "pack":
            return packed(house, by, shop, nos, None, now, wall)
        case "unpack":
            return unpacked(house, by, shop, nos, now)
        case "take_back":
            return taken_back(house, by, shop, nos, now)
        case "had_left":
            return had_left(house, by, shop, nos, now)
        case "destroy":
            return destroyed(house, by, shop, nos, now)
        case "keep":
            return kept_after_all(house, by, shop, nos, now)
        case _:
            raise Refused(say("There is no such step."))


def _refusal(told: Told) -> Refusal:
    against = (*told.blocked, *told.warned)
    return Refusal(len(told.sent), against[:_SHOWN], max(0, len(against) - _SHOWN), tuple(no for no, _ in told.warned))


def _back(data: DeskForm, shop: ShopId, did: str, n: int) -> Redirect:
    return back_to(address(shop, data.filter, group=data.group), did=did, n=n)


def _told(desk_: Desk, shop: ShopId, data: DeskForm, did: str, refusal: Refusal) -> Template:
    shops = desk_.shops(Permission.SHIPPING_WRITE)
    chosen = desk_.chosen(shops, str(shop)) or shops[0]
    return _page(desk_, shops, chosen, data.filter, group=data.group, after="", did=did, told=refusal)


def _page(
    desk_: Desk, shops: Sequence[ShopInfo], shop: ShopInfo, wanted: Filter, *, group: str, after: str, did: str, told: Refusal | None, stamp: str = ""
) -> Template:
    listing = DeskListing(shop.shop_id, wanted, group if group in GROUPS else "", after)
    context = list_context(desk_.house, desk_.by, desk_.now, listing)
    return desk_.page("ship/page.html", shops=shops, did=DID.get(did), told=told, stamp=stamp, live_path=listing.live_path, **context)
