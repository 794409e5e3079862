"""The forms of the page that sets alerts."""

from collections.abc import Sequence
from datetime import time

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui import clock
from zhanggui.actions.alerting.channels import add_channel, keep_quiet, keep_terms, remove_channel, switch_channel, terms_seen, try_channel
from zhanggui.actions.refused import Refused
from zhanggui.connectors.notify.ways import Typed
from zhanggui.core.alerts.quiet import Days, Quiet
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import say
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import need_recent, recently_confirmed

_SHOWN = 20
_MOST_TYPED = 200


class ChannelForm(Typed, frozen=True, kw_only=True):
    """A new channel; which fields count depends on the service."""

    service: str = ""
    name: str = ""
    tells: str = "alerts"
    mine: str = ""

    def __repr__(self) -> str:
        return "ChannelForm(***)"


class StepForm(msgspec.Struct, frozen=True):
    """What becomes of a channel: on, off, gone."""

    step: str = ""


class QuietForm(msgspec.Struct, frozen=True):
    """Periods as typed, side by side: a row that is empty counts for nothing."""

    begins: list[str] | str = ""
    ends: list[str] | str = ""
    days: list[str] | str = ""
    own: str = ""

    @property
    def periods(self) -> tuple[Quiet, ...]:
        """The periods. Raises Refused."""
        return _periods(_each(self.begins), _each(self.ends), _each(self.days))


class TermsForm(msgspec.Struct, frozen=True):
    """The shop's terms as typed; kinds and their minutes side by side."""

    is_on: str = ""
    least_money: str = ""
    escalate_minutes: str = ""
    digest_at: str = ""
    people: list[str] | str = ""
    kind: list[str] | str = ""
    minutes: list[str] | str = ""
    begins: list[str] | str = ""
    ends: list[str] | str = ""
    days: list[str] | str = ""


@post("/shops/{shop_id:int}/alert_channels", guards=[recently_confirmed], sync_to_thread=True)
def put_channel(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ChannelForm]) -> Redirect:
    """Adds a channel, of the shop or of one's own."""
    add_channel(desk.house, desk.by, shop_number(shop_id), data.service, data.name, data, desk.now, tells=data.tells, mine=bool(data.mine))
    return back_to("/alerts/settings", shop=shop_id, done="added")


@post("/shops/{shop_id:int}/alert_channels/{channel_no:int}/test", sync_to_thread=True)
def test_channel(desk: AtDesk, shop_id: FromPath[int], channel_no: FromPath[int]) -> Redirect:
    """Sends a test through the channel."""
    try_channel(desk.house, desk.by, shop_number(shop_id), channel_no, desk.now, clock.unwound())
    return back_to("/alerts/settings", shop=shop_id, done="tested")


@post("/shops/{shop_id:int}/alert_channels/{channel_no:int}/state", sync_to_thread=True)
def step_channel(desk: AtDesk, shop_id: FromPath[int], channel_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Opens, closes or removes the channel."""
    if data.step == "removed":
        remove_channel(desk.house, desk.by, shop_number(shop_id), channel_no, desk.now)
        return back_to("/alerts/settings", shop=shop_id, done="removed")
    if data.step == "on":
        need_recent(desk.request)
    switch_channel(desk.house, desk.by, shop_number(shop_id), channel_no, desk.now, is_on=data.step == "on")
    return back_to("/alerts/settings", shop=shop_id, done="switched")


@post("/shops/{shop_id:int}/alert_quiet", sync_to_thread=True)
def put_quiet(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[QuietForm]) -> Redirect:
    """Keeps when this person is left alone."""
    keep_quiet(desk.house, desk.by, shop_number(shop_id), data.periods if data.own else None)
    return back_to("/alerts/settings", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/alert_terms", sync_to_thread=True)
def put_alert_terms(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TermsForm]) -> Redirect:
    """Keeps the shop's terms."""
    shop = shop_number(shop_id)
    people = [number_in(each) for each in _each(data.people) if each]
    terms = msgspec.structs.replace(
        terms_seen(desk.house, desk.by, shop),
        is_on=bool(data.is_on),
        least_money=_money(data.least_money),
        escalate_minutes=_number(data.escalate_minutes),
        digest_at=_time(data.digest_at) if data.digest_at.strip() else None,
        people=tuple(dict.fromkeys(number for number in people if number is not None)),
        warn_minutes=_minutes(_each(data.kind), _each(data.minutes)),
        quiet=_periods(_each(data.begins), _each(data.ends), _each(data.days)),
    )
    keep_terms(desk.house, desk.by, shop, terms, desk.now)
    return back_to("/alerts/settings", shop=shop_id, done="kept")


def _each(typed: list[str] | str) -> list[str]:
    return [typed] if isinstance(typed, str) else typed[:_MOST_TYPED]


def _minutes(kinds: Sequence[str], minutes: Sequence[str]) -> dict[DeadlineKind, int | None]:
    return {DeadlineKind(kind): _number(typed) for kind, typed in zip(kinds, minutes, strict=False) if kind in set(DeadlineKind)}


def _periods(begins: Sequence[str], ends: Sequence[str], days: Sequence[str]) -> tuple[Quiet, ...]:
    rows = zip(begins, ends, days, strict=False)
    return tuple(Quiet(_time(begin), _time(end), Days(day) if day in set(Days) else Days.EVERY_DAY) for begin, end, day in rows if begin.strip() or end.strip())


def _time(typed: str) -> time:
    try:
        found = time.fromisoformat(typed.strip())
    except ValueError:
        raise Refused(say("{typed} is not a time of day. Write it like 22:00.", typed=typed[:_SHOWN])) from None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _number(typed: str) -> int | None:
    if not typed.strip():
        return None
    number = number_in(typed.strip())
    if number is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:_SHOWN]))
    return number


def _money(typed: str) -> Fen:
    try:
        return fen_from_yuan(typed) if typed.strip() else Fen(0)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of money. Write it in yuan, like 12.50.", typed=typed[:_SHOWN])) from None
