"""One's own account: name, password, second factors, where one is signed in, and what happened at the door under one's name."""

import msgspec
from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions import own_account
from zhanggui.actions.own_factors import NewApp, own_factors
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Person
from zhanggui.workbench.codes import drawn_code
from zhanggui.workbench.door.door import passkey_place
from zhanggui.workbench.door.visit import AtDoor, ByPerson, Visit, need_same, onward

ENTRIES_SHOWN = 20


class PasswordForm(msgspec.Struct):
    """The present password and the new one, twice."""

    present: str
    password: str
    password_again: str


class NameForm(msgspec.Struct):
    """The name others see."""

    name: str


class EndForm(msgspec.Struct):
    """Which sign-in to end; none named means all others."""

    number: str = ""


@get("/account", sync_to_thread=True)
def account_page(visit: AtDoor, by: ByPerson, done: FromQuery[str] = "") -> Template:
    """One's own account."""
    return account_shown(visit, by, done=_DONE.get(done))


@post("/account/password", sync_to_thread=True)
def change_password(visit: AtDoor, by: ByPerson, data: URLEncodedBody[PasswordForm]) -> Redirect | Template:
    """Change the password; every other sign-in ends."""
    try:
        need_same(data.password, data.password_again)
        own_account.change_own_password(
            visit.door.house,
            by,
            visit.door.throttle,
            present=data.present,
            new=data.password,
            address=visit.address,
            now=visit.now,
            real_now=clock.unwound(),
            keep=visit.digest,
        )
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return onward("/account?done=password")


@post("/account/name", sync_to_thread=True)
def change_name(visit: AtDoor, by: ByPerson, data: URLEncodedBody[NameForm]) -> Redirect | Template:
    """Change the name others see."""
    try:
        own_account.rename_self(visit.door.house, by, data.name, visit.now)
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return onward("/account?done=name")


@post("/account/ended_sign_ins", sync_to_thread=True)
def end_sign_ins(visit: AtDoor, by: ByPerson, data: URLEncodedBody[EndForm]) -> Redirect:
    """End one sign-in of one's own, or all others."""
    if data.number:
        own_account.end_own_sign_in(visit.door.house, by, data.number)
    else:
        own_account.end_other_sign_ins(visit.door.house, by, visit.now, but=visit.digest)
    return onward("/account?done=sign_ins")


_DONE = {
    "password": say("The password was changed, and every other sign-in was ended."),
    "name": say("The name was changed."),
    "sign_ins": say("The sign-ins were ended."),
    "factors": say("It is removed."),
}


def account_shown(
    visit: Visit, by: Person, *, problem: Say | None = None, done: Say | None = None, new_app: NewApp | None = None, codes: tuple[str, ...] = ()
) -> Template:
    """The page of one's own account; a new app's secret and fresh recovery codes stand on it once."""
    house, place = visit.door.house, passkey_place(visit.door, visit.request, "")
    return visit.page(
        "account",
        status=422 if problem else 200,
        account=own_account.own_account(house, by),
        sign_ins=own_account.own_sign_ins(house, by, clock.unwound(), this=visit.digest),
        entries=own_account.own_entries(house, by, ENTRIES_SHOWN),
        own=own_factors(house, by),
        is_strong=visit.is_strong,
        place=place,
        new_app=new_app,
        drawn=None if new_app is None else drawn_code(new_app.address),
        codes=codes,
        problem=problem,
        done=done,
    )
