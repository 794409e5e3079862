"""The Activities page of one shop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.activities.asking import asking_of
from zhanggui.actions.activities.enrolling import enrolments_of
from zhanggui.actions.activities.figures import Product, products_of
from zhanggui.actions.activities.foreseeing import forecasts_of
from zhanggui.actions.activities.regulars import regulars_of
from zhanggui.actions.activities.rewarding import rewards_of
from zhanggui.actions.activities.seeing import activities_of
from zhanggui.actions.measures.counting import FOR_A_PAGE, catch_up
from zhanggui.core.moments import in_shanghai
from zhanggui.core.notices.steps import is_quiet
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.activities import activity_book
from zhanggui.workbench.activities import wording
from zhanggui.workbench.desk import AtDesk, Desk, number_in
from zhanggui.workbench.lists import Lists

HERE = "/activities"
VIEWS = {
    "activities": say("Thresholds"),
    "enrolments": say("Enrolments"),
    "forecasts": say("Forecasts"),
    "asking": say("Asking for reviews"),
    "rewards": say("Review rewards"),
    "regulars": say("Regular buyers"),
}
LISTS = Lists(HERE, Permission.ORDERS_READ, VIEWS)
_NEEDS = {"asking": Permission.CONVERSATIONS_READ, "regulars": Permission.CONVERSATIONS_READ, "rewards": Permission.MONEY_READ}
"""What some views ask for beyond the right to look at orders: who comes back is a matter of those who talk with buyers, a budget of those who see money."""
_DONE = {
    "kept": say("Kept."),
    "planned": say("Kept. Its clocks run; they stand on Today."),
    "begun": say("Begun. Set it up in the back office as it stands here; what reviewers get is counted by itself."),
    "stopped": say("Stopped here. Stop it in the back office, too."),
    "thanked": say("Noted: this buyer was thanked."),
}


@get(HERE, sync_to_thread=True)
def activities_page(
    desk: AtDesk, view: FromQuery[str] = "activities", shop: FromQuery[str] = "", after: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Template:
    """One view of the shop's growth."""
    chosen = LISTS.opened(desk, view, shop)
    return activities_template(desk, view, chosen, after=after, done=_DONE.get(done))


def activities_template(desk: Desk, view: str, chosen: ShopInfo | None, *, after: str = "", **more: Any) -> Template:
    """The page with this view."""
    may = tuple(tab for tab in VIEWS if chosen is None or tab not in _NEEDS or desk.by.may(_NEEDS[tab], chosen.shop_id))
    if view in VIEWS and view not in may:
        raise NotFoundException
    seen = {} if chosen is None else _SEEN[view](desk, chosen, after)
    cursor = seen.pop("next_cursor", None)
    return desk.page(
        "activities/page.html",
        shops=desk.shops(LISTS.permission),
        shop=chosen,
        view=view,
        views=tuple(tab for tab in LISTS.tabs(chosen) if tab[0] in may),
        may_ask="asking" in may,
        may_write=chosen is not None and desk.by.may(Permission.ACTIVITIES_WRITE, chosen.shop_id),
        may_thank=chosen is not None and desk.by.may(Permission.CONVERSATIONS_WRITE, chosen.shop_id),
        next_href=None if chosen is None else LISTS.next_of(view, chosen, cursor),
        first_href=LISTS.address(view, chosen) if after else None,
        word=wording,
        **{"done": None, "judged": None, "typed": None, **more, **seen},
    )


def _activities(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    catch_up(desk.house, shop.shop_id, desk.now, most=FOR_A_PAGE)
    return {"activities": activities_of(desk.house, desk.by, shop.shop_id, desk.now)}


def _enrolments(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    page = enrolments_of(desk.house, desk.by, shop.shop_id, desk.now, cursor=after or None)
    open_to = tuple(each for each in activity_book().in_force(desk.today) if each.enrols)
    return {"page": page, "open_to": open_to, "products": _products(desk, shop), "next_cursor": page.next_cursor}


def _forecasts(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    catch_up(desk.house, shop.shop_id, desk.now, most=FOR_A_PAGE)
    return {"forecasts": forecasts_of(desk.house, desk.by, shop.shop_id, desk.now)}


def _asking(desk: Desk, shop: ShopInfo, _after: str) -> dict[str, Any]:
    return {"asking": asking_of(desk.house, desk.by, shop.shop_id, desk.now), "is_quiet": is_quiet(desk.now)}


def _rewards(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    page = rewards_of(desk.house, desk.by, shop.shop_id, desk.now, before=number_in(after))
    today = in_shanghai(desk.now).date()
    return {
        "page": page,
        "terms": activity_book().reward,
        "products": _products(desk, shop),
        "from_day": today.isoformat(),
        "until_day": (today + timedelta(days=13)).isoformat(),
        "next_cursor": None if page.next_no is None else str(page.next_no),
    }


def _products(desk: Desk, shop: ShopInfo) -> tuple[Product, ...]:
    return products_of(desk.house, desk.by, shop.shop_id, desk.now)


def _regulars(desk: Desk, shop: ShopInfo, after: str) -> dict[str, Any]:
    seen = regulars_of(desk.house, desk.by, shop.shop_id, desk.now, cursor=after or None)
    return {"regulars": seen, "next_cursor": seen.next_cursor, "is_quiet": is_quiet(desk.now)}


_SEEN: dict[str, Callable[[Desk, ShopInfo, str], dict[str, Any]]] = {
    "activities": _activities,
    "enrolments": _enrolments,
    "forecasts": _forecasts,
    "asking": _asking,
    "rewards": _rewards,
    "regulars": _regulars,
}
