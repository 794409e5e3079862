"""Signing in and out: by name and password, a second factor after them, or a passkey alone."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template

from zhanggui import clock
from zhanggui.actions.joining import nobody_yet
from zhanggui.actions.own_factors import second_factors_of
from zhanggui.actions.refused import Refused
from zhanggui.actions.second_factors import enter_by_code, enter_by_passkey, enter_by_second_passkey, half_way, passkeys_to_show
from zhanggui.people import admission, sign_ins
from zhanggui.people.admission import EntryRefused
from zhanggui.people.permissions import PersonId
from zhanggui.workbench.door.door import OPEN, local_path, passkey_place
from zhanggui.workbench.door.visit import AtDoor, Visit, asked, onward

PURPOSE = "sign in"


class SignInForm(msgspec.Struct):
    """What the form of the sign-in page sends."""

    login: str
    password: str
    next: str = "/"


class PasskeyForm(msgspec.Struct):
    """What the browser answers about a passkey."""

    answer: str
    next: str = "/"


class SecondForm(msgspec.Struct):
    """The second factor: a code, or what the browser answers about a passkey."""

    code: str = ""
    answer: str = ""
    next: str = "/"


@get("/", opt=OPEN, sync_to_thread=True)
def threshold(visit: AtDoor) -> Redirect:
    """The first address: to the list of the day, or to the door."""
    return onward("/today" if visit.by else "/sign-in")


@get("/sign-in", opt=OPEN, sync_to_thread=True)
def sign_in_page(visit: AtDoor, next: FromQuery[str] = "/") -> Redirect | Template:  # noqa: A002 - the name of the query parameter
    """The sign-in page; the first-run page where nobody lives yet."""
    if visit.by is not None:
        return onward(local_path(next))
    if nobody_yet(visit.door.house):
        return onward("/first-run")
    return visit.page("sign_in", next=local_path(next), login="", by_name=visit.is_by_name)


@post("/sign-in", opt=OPEN, sync_to_thread=True)
def sign_in(visit: AtDoor, data: URLEncodedBody[SignInForm]) -> Redirect | Template:
    """Let somebody in by name and password, or half way where more is to be shown."""
    try:
        admitted = admission.enter(
            visit.door.house.pool,
            visit.door.throttle,
            login=data.login,
            password=data.password,
            came=visit.came,
            now=clock.unwound(),
        )
    except EntryRefused as refusal:
        return visit.again("sign_in", refusal.reason, next=local_path(data.next), login=data.login[:60], by_name=visit.is_by_name)
    if admitted.is_whole:
        return visit.enter(admitted.token, local_path(data.next))
    answer = onward(asked("/sign-in/second", next=local_path(data.next)))
    answer.set_cookie(visit.door.half_cookie(admitted.token))
    return answer


@get("/sign-in/passkey", opt=OPEN, sync_to_thread=True)
def ask_passkey(visit: AtDoor) -> Response[Any]:
    """What the browser is asked, of whoever signs in by a passkey alone."""
    return _options(visit, None)


@post("/sign-in/passkey", opt=OPEN, sync_to_thread=True)
def sign_in_by_passkey(visit: AtDoor, data: URLEncodedBody[PasskeyForm]) -> Redirect | Template:
    """Let somebody in by a passkey alone."""
    door, at = visit.door, passkey_place(visit.door, visit.request, PURPOSE)
    if at is None:
        return onward("/sign-in")
    try:
        token = enter_by_passkey(door.house, door.throttle, at, data.answer, came=visit.came, now=clock.unwound())
    except Refused as refusal:
        return visit.again("sign_in", refusal.say, next=local_path(data.next), login="", by_name=True)
    return visit.enter(token, local_path(data.next))


@get("/sign-in/second", opt=OPEN, sync_to_thread=True)
def second_page(visit: AtDoor, next: FromQuery[str] = "/") -> Redirect | Template:  # noqa: A002 - the name of the query parameter
    """The page that asks for the second factor."""
    person_id = _half(visit)
    if person_id is None:
        return onward(asked("/sign-in", next=local_path(next)))
    return visit.page("second", next=local_path(next), **_held(visit, person_id))


@get("/sign-in/second/passkey", opt=OPEN, sync_to_thread=True)
def ask_second_passkey(visit: AtDoor) -> Response[Any]:
    """What the browser is asked, of whoever has given a right password."""
    person_id = _half(visit)
    return Response({}, status_code=404) if person_id is None else _options(visit, person_id)


@post("/sign-in/second", opt=OPEN, sync_to_thread=True)
def second(visit: AtDoor, data: URLEncodedBody[SecondForm]) -> Redirect | Template:
    """Let somebody in who has shown the second factor too."""
    door, person_id, half = visit.door, _half(visit), _half_token(visit)
    if person_id is None or half is None:
        return onward(asked("/sign-in", next=local_path(data.next)))
    came, now = visit.came, clock.unwound()
    at = passkey_place(door, visit.request, _second_purpose(person_id)) if data.answer else None
    try:
        if at is not None:
            token = enter_by_second_passkey(door.house, door.throttle, half, at, data.answer, came=came, now=now)
        else:
            token = enter_by_code(door.house, door.throttle, half, data.code, came=came, now=now)
    except Refused as refusal:
        return visit.again("second", refusal.say, next=local_path(data.next), **_held(visit, person_id))
    return visit.enter(token, local_path(data.next))


@post("/sign-out", sync_to_thread=True)
def sign_out(visit: AtDoor) -> Redirect:
    """End this sign-in, here and on the server."""
    if visit.digest is not None:
        with visit.door.house.pool.connection() as tx:
            sign_ins.end(tx, visit.digest)
    answer = onward("/sign-in")
    answer.set_cookie(visit.door.no_cookie())
    visit.door.forget_form_token(answer)
    return answer


def _half_token(visit: Visit) -> str | None:
    return visit.request.cookies.get(visit.door.half_cookie_name)


def _half(visit: Visit) -> PersonId | None:
    return half_way(visit.door.house, _half_token(visit), clock.unwound())


def _held(visit: Visit, person_id: PersonId) -> dict[str, Any]:
    """What the person can show here."""
    held, at = second_factors_of(visit.door.house, person_id), passkey_place(visit.door, visit.request, "")
    hosts = sorted({each.host for each in held.passkeys})
    return {"has_app": held.has_app, "hosts": hosts, "shows_passkey": at is not None and at.host in hosts}


def _second_purpose(person_id: PersonId) -> str:
    return f"second factor of {person_id}"


def _options(visit: Visit, person_id: PersonId | None) -> Response[Any]:
    at = passkey_place(visit.door, visit.request, PURPOSE if person_id is None else _second_purpose(person_id))
    if at is None:
        return Response({}, status_code=404)
    return Response(passkeys_to_show(visit.door.house, at, person_id, clock.unwound()))
