"""The pages of a shop's hooks: all of them with a form for one more, and one with what became of its events."""

from datetime import timedelta

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.alerting.sending import allowed_hosts
from zhanggui.actions.hooks.making import (
    MOST_HOOKS,
    OLD_SIGNS_FOR,
    MadeHook,
    add_hook,
    change_secret,
    remove_hook,
    resume_hook,
    send_again,
    send_all_again,
    set_kinds,
    switch_hook,
    try_hook,
)
from zhanggui.actions.hooks.seeing import hook_log, hook_seen, hooks_seen
from zhanggui.actions.hooks.spreading import KEPT
from zhanggui.actions.refused import Refused
from zhanggui.core.hooks.kinds import FAMILIES, EventKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import need_recent, recently_confirmed

_ROWS = 50
_HIGHEST = 2**62
_MOST_HOURS = int(KEPT.total_seconds() // 3600)
_STATES = ("waiting", "taken", "given_up")
_DONE = {
    "kept": say("Kept."),
    "tried": say("The program took the test."),
    "again": say("It is sent once more."),
    "resumed": say("Resumed: what waits is sent now."),
    "removed": say("Removed. Nothing is sent there any more, and what waited is gone."),
}


class HookForm(msgspec.Struct, frozen=True):
    """Where to, under which name, and what is told."""

    name: str = ""
    address: str = ""
    kinds: list[str] | str = msgspec.field(default_factory=list)

    @property
    def chosen(self) -> list[str]:
        """The kinds that were ticked; a form with one tick sends no list."""
        return [self.kinds] if isinstance(self.kinds, str) else self.kinds


class StepForm(msgspec.Struct, frozen=True):
    """What is done to a hook."""

    step: str = ""


class SinceForm(msgspec.Struct, frozen=True):
    """How many hours back everything is sent once more."""

    hours: str = ""


@get("/shops/{shop_id:int}/hooks", sync_to_thread=True)
def hooks_page(desk: AtDesk, shop_id: FromPath[int], done: FromQuery[str] = "") -> Template:
    """The hooks of a shop."""
    return _all(desk, shop_number(shop_id), done=_DONE.get(done))


@post("/shops/{shop_id:int}/hooks", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def new_hook(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[HookForm]) -> Template:
    """Makes a hook. Its secret stands in this answer alone and cannot be read again, hence no redirect."""
    shop = shop_number(shop_id)
    made = add_hook(desk.house, desk.by, shop, data.name, data.address, data.chosen, desk.now)
    return _all(desk, shop, made=made)


@get("/shops/{shop_id:int}/hooks/{hook_no:int}", sync_to_thread=True)
def hook_page(
    desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int], done: FromQuery[str] = "", cursor: FromQuery[str] = "", view: FromQuery[str] = ""
) -> Template:
    """One hook, and what became of its events."""
    return _one(desk, shop_number(shop_id), _number(hook_no), done=_DONE.get(done), cursor=cursor, view=view if view in _STATES else "")


@post("/shops/{shop_id:int}/hooks/{hook_no:int}/secret", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def new_secret(desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int]) -> Template:
    """Gives the hook another secret, which stands in this answer alone."""
    shop, number = shop_number(shop_id), _number(hook_no)
    made = change_secret(desk.house, desk.by, shop, number, desk.now, clock.unwound())
    return _one(desk, shop, number, made=made)


@post("/shops/{shop_id:int}/hooks/{hook_no:int}/kinds", guards=[recently_confirmed], sync_to_thread=True)
def put_kinds(desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int], data: URLEncodedBody[HookForm]) -> Redirect:
    """Keeps which events the hook is told of."""
    shop, number = shop_number(shop_id), _number(hook_no)
    set_kinds(desk.house, desk.by, shop, number, data.chosen, desk.now)
    return back_to(hook_path(shop, number), done="kept")


@post("/shops/{shop_id:int}/hooks/{hook_no:int}/step", sync_to_thread=True)
def step_hook(desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Tries, opens, closes, resumes or removes the hook."""
    shop, number = shop_number(shop_id), _number(hook_no)
    house, by, now, wall = desk.house, desk.by, desk.now, clock.unwound()
    if data.step in {"on", "resume"}:
        need_recent(desk.request)
    match data.step:
        case "test":
            try_hook(house, by, shop, number, now, wall)
            return back_to(hook_path(shop, number), done="tried")
        case "on" | "off":
            switch_hook(house, by, shop, number, now, is_on=data.step == "on")
            return back_to(hook_path(shop, number), done="kept")
        case "resume":
            resume_hook(house, by, shop, number, now, wall)
            return back_to(hook_path(shop, number), done="resumed")
        case "remove":
            remove_hook(house, by, shop, number, now)
            return back_to(f"/shops/{shop}/hooks", done="removed")
        case _:
            raise Refused(say("This form is out of date. Load the page again."))


@post("/shops/{shop_id:int}/hooks/{hook_no:int}/events/{place:int}/again", sync_to_thread=True)
def event_again(desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int], place: FromPath[int]) -> Redirect:
    """Has one event sent once more."""
    shop, number = shop_number(shop_id), _number(hook_no)
    send_again(desk.house, desk.by, shop, number, _number(place), clock.unwound())
    return back_to(hook_path(shop, number), done="again")


@post("/shops/{shop_id:int}/hooks/{hook_no:int}/again", sync_to_thread=True)
def events_again(desk: AtDesk, shop_id: FromPath[int], hook_no: FromPath[int], data: URLEncodedBody[SinceForm]) -> Redirect:
    """Has everything of the last hours sent once more, in its order."""
    shop, number, hours = shop_number(shop_id), _number(hook_no), number_in(data.hours.strip())
    if hours is None or not 0 < hours <= _MOST_HOURS:
        raise Refused(say("Give the hours as a whole number between 1 and {most}.", most=_MOST_HOURS))
    send_all_again(desk.house, desk.by, shop, number, desk.now - timedelta(hours=hours), clock.unwound())
    return back_to(hook_path(shop, number), done="again")


def hook_path(shop_id: ShopId, hook_no: int) -> str:
    """The page of a hook."""
    return f"/shops/{shop_id}/hooks/{hook_no}"


def _all(desk: Desk, shop_id: ShopId, *, done: Say | None = None, made: MadeHook | None = None) -> Template:
    hooks = hooks_seen(desk.house, desk.by, shop_id)
    return desk.page(
        "hooks/page.html",
        shop=desk.chosen(desk.shops(Permission.SETTINGS_READ), str(shop_id)),
        hooks=hooks,
        made=made,
        made_hook=next((hook for hook in hooks if made is not None and hook.hook_no == made.hook_no), None),
        done=done,
        most=MOST_HOOKS,
        plain_hosts=sorted(allowed_hosts()),
        families=_families(),
        may_write=desk.by.may(Permission.SETTINGS_WRITE, shop_id),
    )


def _one(desk: Desk, shop_id: ShopId, hook_no: int, *, done: Say | None = None, made: MadeHook | None = None, cursor: str = "", view: str = "") -> Template:
    hook = hook_seen(desk.house, desk.by, shop_id, hook_no)
    return desk.page(
        "hooks/hook.html",
        shop=desk.chosen(desk.shops(Permission.SETTINGS_READ), str(shop_id)),
        hook=hook,
        log=hook_log(desk.house, desk.by, shop_id, hook_no, cursor=cursor, limit=_ROWS, state=view or None),
        states=_STATES,
        view=view,
        path=hook_path(shop_id, hook_no),
        made=made,
        done=done,
        old_hours=int(OLD_SIGNS_FOR.total_seconds() // 3600),
        most_hours=_MOST_HOURS,
        families=_families(),
        may_write=desk.by.may(Permission.SETTINGS_WRITE, shop_id),
    )


def _families() -> dict[str, tuple[EventKind, ...]]:
    """The kinds of event by what they are about."""
    return {family: tuple(kind for kind in EventKind if kind.value.startswith(f"{family}.")) for family in FAMILIES}


def _number(number: int) -> int:
    """The number, where a row can bear it. Raises NotFoundException."""
    if not 0 < number < _HIGHEST:
        raise NotFoundException
    return number


route_handlers = (hooks_page, new_hook, hook_page, new_secret, put_kinds, step_hook, event_again, events_again)
