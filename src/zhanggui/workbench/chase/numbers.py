"""What is done with wrong numbers and further parcels."""

from enum import StrEnum
from typing import Any

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.renumbering.adding import add_parcel, move_parcel, send_parcel, told_buyer_of_parcel
from zhanggui.actions.renumbering.changing import Doubtful, drop_change, plan_change, said_done, send_change, told_buyer
from zhanggui.actions.renumbering.seeing import numbers_seen
from zhanggui.core.facts import ParcelKind
from zhanggui.core.renumbering.states import ExtraState
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.chase.handlers import LISTS, page_of
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number


class Step(StrEnum):
    """What is done with one of them."""

    SEND = "send"
    DONE = "done"
    TOLD = "told"
    DROP = "drop"


class ChangeForm(msgspec.Struct, frozen=True):
    """The right number of an order."""

    order_no: str = ""
    carrier: str = ""
    number: str = ""
    reason: str = ""
    sure: str = ""


class ExtraForm(msgspec.Struct, frozen=True):
    """A further parcel of an order."""

    order_no: str = ""
    kind: ParcelKind = ParcelKind.EXTRA
    carrier: str = ""
    number: str = ""
    sure: str = ""


class StepForm(msgspec.Struct, frozen=True):
    """What is done with one of them."""

    do: Step


@post("/shops/{shop_id:int}/number_changes", sync_to_thread=True, status_code=200)
def put_change(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ChangeForm]) -> Template | Redirect:
    """The order is to bear another number; what speaks against it is shown before it is taken."""
    shop = shop_number(shop_id)
    try:
        plan_change(desk.house, desk.by, shop, data.order_no, data.carrier, data.number, desk.now, reason=data.reason, is_sure=bool(data.sure))
    except Doubtful as doubt:
        return _asked_again(desk, shop, change=data, change_doubt=doubt.say)
    return back_to("/chase", view="numbers", shop=shop_id, done="change")


@post("/shops/{shop_id:int}/number_changes/{change_no:int}/step", sync_to_thread=True)
def put_change_step(desk: AtDesk, shop_id: FromPath[int], change_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """The change came a step further."""
    shop = shop_number(shop_id)
    match data.do:
        case Step.SEND:
            send_change(desk.house, desk.by, shop, change_no, desk.now)
        case Step.DONE:
            said_done(desk.house, desk.by, shop, change_no, desk.now)
        case Step.TOLD:
            told_buyer(desk.house, desk.by, shop, change_no, desk.now)
        case Step.DROP:
            drop_change(desk.house, desk.by, shop, change_no, desk.now)
    return back_to("/chase", view="numbers", shop=shop_id, done=_SAID[data.do])


@post("/shops/{shop_id:int}/extra_parcels", sync_to_thread=True, status_code=200)
def put_extra(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ExtraForm]) -> Template | Redirect:
    """The order has a further parcel."""
    shop = shop_number(shop_id)
    try:
        add_parcel(desk.house, desk.by, shop, data.order_no, data.kind, data.carrier, data.number, desk.now, is_sure=bool(data.sure))
    except Doubtful as doubt:
        return _asked_again(desk, shop, extra=data, extra_doubt=doubt.say)
    return back_to("/chase", view="numbers", shop=shop_id, done="extra")


@post("/shops/{shop_id:int}/extra_parcels/{extra_no:int}/step", sync_to_thread=True)
def put_extra_step(desk: AtDesk, shop_id: FromPath[int], extra_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """The further parcel came a step further."""
    shop = shop_number(shop_id)
    match data.do:
        case Step.SEND:
            send_parcel(desk.house, desk.by, shop, extra_no, desk.now)
        case Step.DONE:
            move_parcel(desk.house, desk.by, shop, extra_no, ExtraState.TOLD, desk.now)
        case Step.TOLD:
            told_buyer_of_parcel(desk.house, desk.by, shop, extra_no, desk.now)
        case Step.DROP:
            move_parcel(desk.house, desk.by, shop, extra_no, ExtraState.DROPPED, desk.now)
    return back_to("/chase", view="numbers", shop=shop_id, done=_SAID[data.do])


_SAID = {Step.SEND: "act", Step.DONE: "kept", Step.TOLD: "told", Step.DROP: "dropped"}


def _asked_again(desk: Desk, shop_id: ShopId, **more: Any) -> Template:
    """The page with what was typed and what speaks against it, so that whoever has looked at the waybill may insist."""
    shop = desk.chosen(desk.shops(Permission.ORDERS_READ), str(shop_id))
    assert shop is not None  # the action has asked for more than reading
    page = numbers_seen(desk.house, desk.by, shop.shop_id)
    lists: dict[str, Any] = {"page": page, "next_href": LISTS.next_of("numbers", shop, page.next_cursor), "next_extra": None}
    return page_of(desk, "numbers", shop, done=None, order_no="", over=False, **lists, **more)
