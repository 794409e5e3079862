"""Texts to telephones: let go and stopped by a person, and set up by an owner."""

from typing import Any

import msgspec
from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.refused import Refused
from zhanggui.actions.texts.deciding import let_texts_go
from zhanggui.actions.texts.seeing import festivals_near
from zhanggui.actions.texts.sending import stop_text
from zhanggui.actions.texts.settling import NewWay, bring_numbers, keep_template, keep_terms, keep_way
from zhanggui.core.say import say
from zhanggui.core.texts.kinds import TextKind, TextWay
from zhanggui.core.texts.terms import TextTerms
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import recently_confirmed

HERE = "/notices"


class GoForm(msgspec.Struct, frozen=True):
    """The texts that are let go."""

    kind: str
    orders: list[str] | str = ""
    festival: str = ""


class StopForm(msgspec.Struct, frozen=True):
    """A text that is stopped, or a buyer who wants none."""

    do: str = "stop"


class WayForm(msgspec.Struct, frozen=True):
    """A door."""

    way: str
    sign: str = ""
    key_id: str = ""
    secret: str = ""
    on: str = ""


class TemplateForm(msgspec.Struct, frozen=True):
    """A template."""

    kind: str
    way: str
    code: str = ""
    content: str = ""


class TermsForm(msgspec.Struct, frozen=True):
    """The shop's bounds, as typed."""

    price_li: str = ""
    monthly_yuan: str = ""
    a_day: str = ""
    a_month: str = ""
    opens: str = ""
    closes: str = ""
    keep_days: str = ""


class NumbersForm(msgspec.Struct, frozen=True):
    """A list of numbers, one a line."""

    numbers: str = ""


@post("/shops/{shop_id:int}/texts", sync_to_thread=True)
def put_texts(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[GoForm]) -> Redirect:
    """Texts are let go."""
    orders = [no for no in ([data.orders] if isinstance(data.orders, str) else data.orders) if no]
    festival = data.festival if data.festival in festivals_near(desk.house, desk.now) else ""
    gone = let_texts_go(desk.house, desk.by, shop_number(shop_id), _kind(data.kind), orders, desk.now, festival=festival)
    return _back(shop_id, "texts" if gone.text_nos else "no_texts")


@post("/shops/{shop_id:int}/texts/{text_no:int}/stopped", sync_to_thread=True)
def put_text_stopped(desk: AtDesk, shop_id: FromPath[int], text_no: FromPath[int], data: URLEncodedBody[StopForm]) -> Redirect:
    """A text is stopped, or its buyer wants none any more."""
    stop_text(desk.house, desk.by, shop_number(shop_id), text_no, desk.now, wants_none=data.do == "none")
    return _back(shop_id, "text_stopped")


@post("/shops/{shop_id:int}/texts/ways", guards=[recently_confirmed], sync_to_thread=True)
def put_text_way(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[WayForm]) -> Redirect:
    """A door is set up."""
    new = NewWay(way=_way(data.way), sign=data.sign.strip(), is_on=bool(data.on), key_id=data.key_id.strip(), secret=data.secret.strip())
    keep_way(desk.house, desk.by, shop_number(shop_id), new, desk.now)
    return _back(shop_id, "kept")


@post("/shops/{shop_id:int}/texts/templates", sync_to_thread=True)
def put_text_template(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TemplateForm]) -> Redirect:
    """A template is kept, or dropped."""
    keep_template(desk.house, desk.by, shop_number(shop_id), _kind(data.kind), _way(data.way), data.code, data.content, desk.now)
    return _back(shop_id, "kept")


@post("/shops/{shop_id:int}/texts/terms", sync_to_thread=True)
def put_text_terms(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TermsForm]) -> Redirect:
    """The shop's bounds are kept."""
    shop = desk.by.need(Permission.SETTINGS_WRITE, shop_number(shop_id))  # before anything that was typed is looked at
    told: dict[str, Any] = {name: _number(value) for name, value in msgspec.structs.asdict(data).items() if name != "monthly_yuan"}
    keep_terms(desk.house, desk.by, shop, TextTerms(monthly_li=_number(data.monthly_yuan) * 1000, **told), desk.now)
    return _back(shop_id, "kept")


@post("/shops/{shop_id:int}/texts/numbers", sync_to_thread=True)
def put_text_numbers(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[NumbersForm]) -> Redirect:
    """Numbers are sealed."""
    brought = bring_numbers(desk.house, desk.by, shop_number(shop_id), data.numbers, desk.now)
    return _back(shop_id, "some_numbers" if brought.lines_left else "numbers")


def _back(shop_id: int, done: str) -> Redirect:
    return back_to(HERE, view="texts", shop=shop_id, done=done)


def _kind(word: str) -> TextKind:
    if word not in {kind.value for kind in TextKind}:
        raise NotFoundException
    return TextKind(word)


def _way(word: str) -> TextWay:
    if word not in {way.value for way in TextWay}:
        raise NotFoundException
    return TextWay(word)


def _number(typed: str) -> int:
    found = number_in(typed.strip())
    if found is None or found > 1_000_000_000:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:20]))
    return found
