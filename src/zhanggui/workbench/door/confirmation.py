"""Showing once more who sits there, before what is weighty: by password, a code, or a passkey."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template

from zhanggui import clock
from zhanggui.actions.own_factors import own_factors
from zhanggui.actions.refused import Refused
from zhanggui.actions.second_factors import confirm_by_code, confirm_by_passkey, confirm_by_password, passkeys_to_show
from zhanggui.core.say import Say
from zhanggui.people.passkeys import At
from zhanggui.people.permissions import Person
from zhanggui.workbench.door.door import local_path, passkey_place
from zhanggui.workbench.door.visit import AtDoor, ByPerson, Visit, onward


class ConfirmationForm(msgspec.Struct):
    """One of the three, and where to go on."""

    password: str = ""
    code: str = ""
    answer: str = ""
    next: str = "/account"


@get("/account/confirmation", sync_to_thread=True)
def confirmation_page(visit: AtDoor, by: ByPerson, next: FromQuery[str] = "/account") -> Template:  # noqa: A002 - the name of the query parameter
    """The page that asks."""
    return _page(visit, by, local_path(next))


@get("/account/confirmation/asked", sync_to_thread=True)
def ask_passkey_again(visit: AtDoor, by: ByPerson) -> Response[Any]:
    """What the browser is asked about a passkey."""
    at = _place(visit, by)
    if at is None:
        return Response({}, status_code=404)
    return Response(passkeys_to_show(visit.door.house, at, by.person_id, clock.unwound()))


@post("/account/confirmation", sync_to_thread=True)
def put_confirmation(visit: AtDoor, by: ByPerson, data: URLEncodedBody[ConfirmationForm]) -> Redirect | Template:
    """It is still they: for ten minutes nothing is asked again."""
    door, back, came, now = visit.door, local_path(data.next), visit.came, clock.unwound()
    at = _place(visit, by) if data.answer else None
    try:
        if at is not None:
            confirm_by_passkey(door.house, by, door.throttle, visit.sign_in, at, data.answer, came=came, now=now)
        elif data.code:
            confirm_by_code(door.house, by, door.throttle, visit.sign_in, data.code, came=came, now=now)
        else:
            confirm_by_password(door.house, by, door.throttle, visit.sign_in, data.password, came=came, now=now)
    except Refused as refusal:
        return _page(visit, by, back, problem=refusal.say)
    return onward(back)


def _page(visit: Visit, by: Person, back: str, *, problem: Say | None = None) -> Template:
    status = 422 if problem else 200
    return visit.page("confirmation", status=status, own=own_factors(visit.door.house, by), by_name=visit.is_by_name, next=back, problem=problem)


def _place(visit: Visit, by: Person) -> At | None:
    return passkey_place(visit.door, visit.request, f"confirmation of {by.person_id}")
