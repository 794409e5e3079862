"""The pages of quality: five views of one shop, and what a person says of a promise."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.conversations.replaying import reply_rate
from zhanggui.actions.conversations.saying import say_of_promise
from zhanggui.actions.conversations.seeing import promise_ledger
from zhanggui.actions.quality.practising import practice_seen
from zhanggui.actions.quality.seeing import PERIODS, quality_seen
from zhanggui.actions.quality.staffing import MOST_REPS, OPEN_HOURS, SECONDS, shift_seen
from zhanggui.actions.refused import Refused
from zhanggui.core.clocks.replies import Answer
from zhanggui.core.grading import FaultKind
from zhanggui.core.promises.keeping import PromiseSaid
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number

HERE = "/quality"
VIEWS = {
    "grades": say("Grades"),
    "replies": say("Replies"),
    "promises": say("Promises"),
    "staffing": say("Staffing"),
    "practice": say("Practice"),
}
_REPLY_DAYS = 30


class SaidForm(msgspec.Struct, frozen=True):
    """What a person says of a promise."""

    said: str = ""


@get(HERE, sync_to_thread=True)
def quality_page(
    desk: AtDesk,
    view: FromQuery[str] = "grades",
    shop: FromQuery[str] = "",
    days: FromQuery[str] = "",
    rep: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    after: FromQuery[str] = "",
    reps: FromQuery[str] = "",
    seconds: FromQuery[str] = "",
) -> Template:
    """One of the views of one shop."""
    shops = desk.shops(Permission.CONVERSATIONS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    shown = view if view in VIEWS else "grades"
    asked = {"days": days, "rep": rep, "kind": kind, "after": after, "reps": reps, "seconds": seconds}
    told: Mapping[str, Any] = {} if chosen is None else _TOLD[shown](desk, chosen, asked)
    here = {"shop": chosen.shop_id} if chosen else {}
    views = tuple((name, title, f"{HERE}?{urlencode({'view': name, **here})}") for name, title in VIEWS.items())
    return desk.page("quality/page.html", shops=shops, shop=chosen, view=shown, views=views, may_write=_may_write(desk, chosen), **told)


@post("/shops/{shop_id:int}/promises/{promise_no:int}", sync_to_thread=True)
def put_promise_said(desk: AtDesk, shop_id: FromPath[int], promise_no: FromPath[int], data: URLEncodedBody[SaidForm]) -> Redirect:
    """A person says that a promise was kept, broken, or no longer holds."""
    if data.said not in set(PromiseSaid):
        raise Refused(say("This form is out of date. Load the page again."))
    say_of_promise(desk.house, desk.by, shop_number(shop_id), promise_no, PromiseSaid(data.said), desk.now)
    return back_to(HERE, view="promises", shop=shop_id)


def _may_write(desk: Desk, shop: ShopInfo | None) -> bool:
    return shop is not None and desk.by.may(Permission.CONVERSATIONS_WRITE, shop.shop_id)


def _address(view: str, shop: ShopInfo, **more: object) -> str:
    return f"{HERE}?{urlencode({'view': view, 'shop': shop.shop_id, **{name: value for name, value in more.items() if value}})}"


def _grades(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> Mapping[str, Any]:
    days, kind = _days(asked["days"], PERIODS[-1]), asked["kind"] if asked["kind"] in set(FaultKind) else ""
    rep = asked["rep"][:60]
    seen = quality_seen(desk.house, desk.by, shop.shop_id, desk.now, days=days, rep=rep, kind=kind, cursor=asked["after"] or None)
    return {
        "seen": seen,
        "days": days,
        "rep": rep,
        "kind": kind,
        "kinds": tuple(FaultKind),
        "periods": tuple((each, _address("grades", shop, days=each, rep=rep, kind=kind)) for each in PERIODS),
        "next_href": _address("grades", shop, days=days, rep=rep, kind=kind, after=seen.next_cursor) if seen.next_cursor else None,
    }


def _replies(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ARG001  (every view has the same shape)
    rates = tuple((answer, reply_rate(desk.house, desk.by, shop.shop_id, answer, desk.now, days=_REPLY_DAYS)) for answer in Answer)
    days: dict[Any, list[int]] = {}
    for day in rates[0][1].days:
        told = days.setdefault(day.day, [0, 0])
        told[0] += 1
        told[1] += day.has_failed
    return {"rates": rates, "by_day": tuple((day, asked_of, failed) for day, (asked_of, failed) in sorted(days.items(), reverse=True)), "days": _REPLY_DAYS}


def _promises(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> Mapping[str, Any]:
    ledger = promise_ledger(desk.house, desk.by, shop.shop_id, desk.now, cursor=asked["after"] or None, limit=50)
    return {"ledger": ledger, "next_href": _address("promises", shop, after=ledger.next_cursor) if ledger.next_cursor else None}


def _staffing(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> Mapping[str, Any]:
    days, typed = _days(asked["days"], 14), number_in(asked["seconds"])
    everywhere = number_in(asked["reps"])
    reps = dict.fromkeys(OPEN_HOURS, min(everywhere, MOST_REPS)) if everywhere else None
    seconds = SECONDS if typed is None else typed
    shift = shift_seen(desk.house, desk.by, shop.shop_id, desk.now, days=days, reps=reps, seconds=seconds)
    periods = tuple((each, _address("staffing", shop, days=each, reps=everywhere, seconds=shift.seconds)) for each in PERIODS)
    return {"shift": shift, "days": days, "everywhere": everywhere, "most": MOST_REPS, "periods": periods}


def _practice(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ARG001
    return {"seen": practice_seen(desk.house, desk.by, shop.shop_id)}


def _days(text: str, otherwise: int) -> int:
    typed = number_in(text)
    return typed if typed in PERIODS else otherwise


_TOLD = {"grades": _grades, "replies": _replies, "promises": _promises, "staffing": _staffing, "practice": _practice}
