"""The second factors of one's own account: added, removed, and the recovery codes, which are shown once."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Response, Template

from zhanggui import clock
from zhanggui.actions.own_factors import add_passkey, begin_app, begun_app, drop_app, drop_passkey, new_recovery_codes, passkey_to_make, prove_app
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people.passkeys import At
from zhanggui.people.permissions import Person
from zhanggui.workbench.door.account import account_shown
from zhanggui.workbench.door.confirming import recently_confirmed
from zhanggui.workbench.door.door import passkey_place
from zhanggui.workbench.door.visit import AtDoor, ByPerson, Visit, onward

NO_NAME = say("A passkey is bound to a name. Open the house by its name instead of a number, for instance as localhost, and try again.")


class ProofForm(msgspec.Struct):
    """A code of the app."""

    code: str


class NewPasskeyForm(msgspec.Struct):
    """What the browser answers, and what to call the passkey."""

    answer: str
    name: str = ""


class DropPasskeyForm(msgspec.Struct):
    """Which passkey goes."""

    number: str


@post("/account/code-app", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def put_app(visit: AtDoor, by: ByPerson) -> Template:
    """Begins an app. Its secret stands in this answer alone, hence no redirect."""
    try:
        return account_shown(visit, by, new_app=begin_app(visit.door.house, by, clock.unwound()))
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)


@post("/account/code-app/proof", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def put_app_proof(visit: AtDoor, by: ByPerson, data: URLEncodedBody[ProofForm]) -> Template:
    """The app works from now on. Recovery codes stand in this answer alone."""
    house = visit.door.house
    try:
        fresh = prove_app(house, by, data.code, this=visit.sign_in, now=visit.now, wall=clock.unwound())
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say, new_app=begun_app(house, by))
    return account_shown(visit, by, done=say("The app is added. From now on a code of it is asked when you sign in."), codes=fresh)


@post("/account/code-app/removal", guards=[recently_confirmed], sync_to_thread=True)
def put_app_removal(visit: AtDoor, by: ByPerson) -> Redirect | Template:
    """Takes the app away."""
    try:
        drop_app(visit.door.house, by, visit.now)
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return onward("/account?done=factors")


@get("/account/passkeys/asked", guards=[recently_confirmed], sync_to_thread=True)
def ask_new_passkey(visit: AtDoor, by: ByPerson) -> Response[Any]:
    """What the browser is asked, to make a passkey."""
    at = _place(visit, by)
    if at is None:
        return Response({}, status_code=404)
    return Response(passkey_to_make(visit.door.house, by, at, clock.unwound()))


@post("/account/passkeys", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def put_passkey(visit: AtDoor, by: ByPerson, data: URLEncodedBody[NewPasskeyForm]) -> Template:
    """Keeps the passkey the browser made. Recovery codes stand in this answer alone."""
    at = _place(visit, by)
    if at is None:
        return account_shown(visit, by, problem=NO_NAME)
    try:
        fresh = add_passkey(visit.door.house, by, at, data.answer, data.name, this=visit.sign_in, now=visit.now, wall=clock.unwound())
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return account_shown(visit, by, done=say("The passkey is kept. It opens the house alone, and is asked after your password."), codes=fresh)


@post("/account/passkeys/removal", guards=[recently_confirmed], sync_to_thread=True)
def put_passkey_removal(visit: AtDoor, by: ByPerson, data: URLEncodedBody[DropPasskeyForm]) -> Redirect | Template:
    """Takes a passkey away."""
    try:
        drop_passkey(visit.door.house, by, data.number, visit.now)
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return onward("/account?done=factors")


@post("/account/recovery-codes", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def put_recovery_codes(visit: AtDoor, by: ByPerson) -> Template:
    """Makes fresh recovery codes. They stand in this answer alone."""
    try:
        fresh = new_recovery_codes(visit.door.house, by, now=visit.now, wall=clock.unwound())
    except Refused as refusal:
        return account_shown(visit, by, problem=refusal.say)
    return account_shown(visit, by, codes=fresh)


def _place(visit: Visit, by: Person) -> At | None:
    return passkey_place(visit.door, visit.request, f"new passkey of {by.person_id}")
