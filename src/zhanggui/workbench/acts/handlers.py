"""The page of automatic handling: what is announced and what became of it, the levels, and the one switch."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.outbox import Stopped, confirm, open_switch, resolve, set_limits, stop, stop_shop, throw_switch
from zhanggui.actions.outbox.seeing import acts, kinds, send_proposed
from zhanggui.actions.outbox.wording import DOES, FOUND, what_is_sent, what_level_means
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan, yuan
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, own_path, shop_number
from zhanggui.workbench.door.confirming import need_recent

_DONE = {
    "stopped": say("Stopped. It is not sent."),
    "halted": say("It had left already, so it cannot be called back; it is not sent again."),
    "sent": say("It is on its way."),
    "found": say("Kept what you found."),
    "kept": say("Kept."),
    "shop_off": say("Everything of this shop is off, and what was announced is stopped."),
    "closed": say("Everything automatic is off in the whole house, and what was announced is stopped."),
    "open": say("The house may send again. What was stopped stays stopped."),
}
HERE = "/acts"


class FindingForm(msgspec.Struct, frozen=True):
    """What a person found in the back office."""

    happened: str


class LevelForm(msgspec.Struct, frozen=True):
    """How far the house goes by itself with a kind; money in yuan."""

    kind: ActKind
    level: ActLevel
    wait: str = ""
    daily_cap: str = ""
    daily_money: str = ""
    most_money: str = ""


class SwitchForm(msgspec.Struct, frozen=True):
    """How the one switch shall stand."""

    door: str


class SendForm(msgspec.Struct, frozen=True):
    """Which to-do is answered by which act; `after` is the newest act that the person saw there, `saw` the digest of what would be sent."""

    subject_kind: SubjectKind
    subject_no: str
    kind: DeadlineKind
    act: ActKind
    after: str = "0"
    saw: str = ""
    back: str = ""


@get(HERE, sync_to_thread=True)
def acts_page(desk: AtDesk, shop: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """Everything the house sends by itself or was asked to send."""
    return desk.page("acts/page.html", done=_DONE.get(done), **_context(desk, shop))


@get("/acts/lists", sync_to_thread=True)
def acts_lists(desk: AtDesk, shop: FromQuery[str] = "") -> Template:
    """The lists of the page alone, to be fetched anew."""
    return desk.page("acts/lists.html", **_context(desk, shop))


@post("/shops/{shop_id:int}/acts", sync_to_thread=True)
def send_act(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[SendForm]) -> Redirect:
    """Sends what a to-do calls for."""
    subject = Subject(data.subject_kind, data.subject_no)
    send_proposed(desk.house, desk.by, shop_number(shop_id), subject, data.kind, desk.now, act=data.act, after=number_in(data.after) or 0, saw=data.saw)
    return back_to(own_path(data.back, HERE), done="sent")


@post("/shops/{shop_id:int}/acts/{act_no:int}/stop", sync_to_thread=True)
def stop_act(desk: AtDesk, shop_id: FromPath[int], act_no: FromPath[int]) -> Redirect:
    """Stops an act."""
    brought = stop(desk.house, desk.by, shop_number(shop_id), act_no, desk.now)
    return _back(desk, "stopped" if brought is Stopped.STOPPED else "halted")


@post("/shops/{shop_id:int}/acts/{act_no:int}/confirmation", sync_to_thread=True)
def confirm_act(desk: AtDesk, shop_id: FromPath[int], act_no: FromPath[int]) -> Redirect:
    """Sends an act that waited for a person."""
    confirm(desk.house, desk.by, shop_number(shop_id), act_no, desk.now)
    return _back(desk, "sent")


@post("/shops/{shop_id:int}/acts/{act_no:int}/finding", sync_to_thread=True)
def find_act(desk: AtDesk, shop_id: FromPath[int], act_no: FromPath[int], data: URLEncodedBody[FindingForm]) -> Redirect:
    """Keeps whether an act happened that nobody here could be sure of."""
    if data.happened not in ("yes", "no"):
        raise NotFoundException
    resolve(desk.house, desk.by, shop_number(shop_id), act_no, desk.now, has_happened=data.happened == "yes")
    return _back(desk, "found")


@post("/shops/{shop_id:int}/act_levels", sync_to_thread=True)
def put_level(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[LevelForm]) -> Redirect:
    """Keeps the level and the bounds of a kind."""
    if data.level is not ActLevel.OFF:
        need_recent(desk.request)
    shop = shop_number(shop_id)
    standing = next(view.limits for view in kinds(desk.house, desk.by, shop, desk.now) if view.terms.kind is data.kind)
    set_limits(desk.house, desk.by, shop, data.kind, _limits(data, standing), desk.now)
    return back_to(f"{HERE}?shop={shop_id}", done="kept")


@post("/shops/{shop_id:int}/act_levels/off", sync_to_thread=True)
def all_off(desk: AtDesk, shop_id: FromPath[int]) -> Redirect:
    """Puts every kind of a shop to off."""
    stop_shop(desk.house, desk.by, shop_number(shop_id), desk.now)
    return back_to(f"{HERE}?shop={shop_id}", done="shop_off")


@post("/door", sync_to_thread=True)
def put_door(desk: AtDesk, data: URLEncodedBody[SwitchForm]) -> Redirect:
    """Throws the one switch of the house, or sets it back."""
    if data.door not in ("open", "closed"):
        raise NotFoundException
    if data.door == "closed":
        throw_switch(desk.house, desk.by, desk.now)
    else:
        need_recent(desk.request)
        open_switch(desk.house, desk.by, desk.now)
    return back_to(HERE, done=data.door)


def _context(desk: Desk, shop: str) -> dict[str, Any]:
    shops = desk.shops(Permission.ACTS_READ)
    chosen = desk.chosen(shops, shop)
    levelled = chosen or (shops[0] if len(shops) == 1 else None)
    return {
        "shops": shops,
        "shop": chosen,
        "levelled": levelled,
        "acts": acts(desk.house, desk.by, None if chosen is None else [chosen.shop_id]),
        "kinds": kinds(desk.house, desk.by, levelled.shop_id, desk.now) if levelled else (),
        "may_write": levelled is not None and desk.by.may(Permission.ACTS_WRITE, levelled.shop_id),
        "many_shops": len(shops) > 1,
        "sent": what_is_sent,
        "means": what_level_means,
        "does": DOES,
        "found": FOUND,
        "yuan": _yuan,
    }


def _limits(data: LevelForm, standing: Limits) -> Limits:
    """The bounds of the form; what it leaves empty stays as it is."""
    return Limits(
        level=data.level,
        wait_minutes=_number(data.wait, standing.wait_minutes),
        daily_cap=_number(data.daily_cap, standing.daily_cap),
        daily_money=_money(data.daily_money, standing.daily_money),
        most_money=_money(data.most_money, standing.most_money),
    )


def _number(typed: str, otherwise: int) -> int:
    if not typed.strip():
        return otherwise
    number = number_in(typed.strip())
    if number is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed.strip()[:40]))
    return number


def _money(typed: str, otherwise: Fen) -> Fen:
    if not typed.strip():
        return otherwise
    try:
        return fen_from_yuan(typed)
    except NotMoney:
        raise Refused(say("{typed} is no sum of money. Write it like 50 or 49.90.", typed=typed.strip()[:40])) from None


def _yuan(amount: Fen) -> str:
    return yuan(amount).replace(",", "").removesuffix(".00")


def _back(desk: Desk, done: str) -> Redirect:
    """Back to the list, filtered as it was."""
    shop = desk.request.query_params.get("shop", "")
    return back_to(HERE, shop=shop or None, done=done)
