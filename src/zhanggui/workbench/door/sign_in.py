"""Signing in and out."""

import msgspec
from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.joining import nobody_yet
from zhanggui.people import admission, sign_ins
from zhanggui.people.admission import EntryRefused
from zhanggui.workbench.door.door import OPEN, device_of, local_path
from zhanggui.workbench.door.visit import AtDoor, onward


class SignInForm(msgspec.Struct):
    """What the form of the sign-in page sends."""

    login: str
    password: str
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
    return visit.page("sign_in", next=local_path(next), login="")


@post("/sign-in", opt=OPEN, sync_to_thread=True)
def sign_in(visit: AtDoor, data: URLEncodedBody[SignInForm]) -> Redirect | Template:
    """Let somebody in by name and password."""
    try:
        token = admission.enter(
            visit.door.house.pool,
            visit.door.throttle,
            login=data.login,
            password=data.password,
            address=visit.address,
            device=device_of(visit.request),
            now=clock.unwound(),
        )
    except EntryRefused as refusal:
        return visit.again("sign_in", refusal.reason, next=local_path(data.next), login=data.login[:60])
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
