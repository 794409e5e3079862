"""The Plan page: when to print, what a hand-over leaves behind, and the figures plans go by."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.carrier_choice import carrier_name
from zhanggui.actions.planning import hand_over, plan
from zhanggui.actions.planning.settling import BOUNDS, plan_terms, set_plan_terms
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan, yuan
from zhanggui.core.planning.hours import OpenHours, on_day
from zhanggui.core.planning.latest import percent
from zhanggui.core.planning.terms import PACK_SECONDS
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.places import order_path
from zhanggui.workbench.plan.dayline import day_line

_DONE = {"kept": say("Kept. The plan goes by it from now on.")}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
MONEY = ("round_fen", "day_fen", "stall_fen")


class TermsForm(msgspec.Struct, frozen=True):
    """The shop's figures as they were typed."""

    opens: str = ""
    closes: str = ""
    weekdays: list[str] | str = msgspec.field(default_factory=list)
    people: str = ""
    pack_seconds: str = ""
    print_seconds: str = ""
    setup_minutes: str = ""
    round_fen: str = ""
    day_fen: str = ""
    safe_percent: str = ""
    most_a_day: str = ""
    slot_minutes: str = ""
    weight_g: str = ""
    stall_fen: str = ""


@get("/plan", sync_to_thread=True)
def plan_page(desk: AtDesk, shop: FromQuery[str] = "", at: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """The plan of today for one shop; with `at`, also what a hand-over then leaves behind."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    made = plan(desk.house, desk.by, chosen.shop_id, desk.now) if chosen else None
    moment = _moment(desk, at) if at and chosen else None
    return desk.page(
        "plan/page.html",
        shops=shops,
        shop=chosen,
        plan=made,
        line=None if made is None else day_line(made),
        at=at,
        handing=hand_over(desk.house, desk.by, chosen.shop_id, moment, desk.now) if chosen and moment else None,
        terms=plan_terms(desk.house, desk.by, chosen.shop_id) if chosen else None,
        may_write=chosen is not None and desk.by.may(Permission.PLANNING_WRITE, chosen.shop_id),
        may_ship=chosen is not None and desk.by.may(Permission.SHIPPING_WRITE, chosen.shop_id),
        bounds=BOUNDS,
        money=MONEY,
        yuan=yuan,
        percent=percent,
        carrier_name=partial(carrier_name, carriers=carriers_now(desk.house)),
        order_path=order_path,
        done=_DONE.get(done),
    )


@post("/shops/{shop_id:int}/plan_terms", sync_to_thread=True)
def put_plan_terms(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TermsForm]) -> Redirect:
    """Keeps the figures plans go by."""
    days = [data.weekdays] if isinstance(data.weekdays, str) else data.weekdays
    hours = OpenHours(data.opens.strip(), data.closes.strip(), tuple(sorted({int(day) for day in days if day in set("1234567")})))
    own_pace = bool(data.pack_seconds.strip())
    typed = data if own_pace else msgspec.structs.replace(data, pack_seconds=str(PACK_SECONDS))
    told: dict[str, Any] = {name: _money(getattr(typed, name)) if name in MONEY else _number(getattr(typed, name)) for name in BOUNDS}
    kept = plan_terms(desk.house, desk.by, shop_number(shop_id))
    set_plan_terms(desk.house, desk.by, shop_number(shop_id), msgspec.structs.replace(kept, hours=hours, tells_pace=own_pace, **told), desk.now)
    return back_to("/plan", shop=shop_id, done="kept")


def _moment(desk: Desk, typed: str) -> datetime:
    """A time of today, or a whole moment. Raises Refused."""
    return on_day(desk.today, typed) if _CLOCK.fullmatch(typed.strip()) else desk.moment(typed)


def _number(typed: str) -> int:
    number = number_in(typed.strip())
    if number is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    return number


def _money(typed: str) -> Fen:
    try:
        return fen_from_yuan(typed)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of money.", typed=typed[:40])) from None
