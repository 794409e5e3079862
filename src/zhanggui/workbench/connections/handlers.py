"""The page of a shop's connection, its forms, and the way back from the platform's own page.

Refusals are shown on the page itself, beside the forms; what was typed as a secret is never sent back.
"""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from zhanggui import clock
from zhanggui.actions.applications import NewApplication, choose_app, connect_app
from zhanggui.actions.connecting import GivenTokens, begin_connect, connect_by_hand, finish_connect
from zhanggui.actions.connections import check_connection, confirm_shop, connection_state, disconnect, refuse_shop
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing import sync_state
from zhanggui.connectors.pdd.doors import Doors, UnsafeDoor, doors_of, production_doors
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import recently_confirmed

BACK = "/platform/authorised"
_DONE = {
    "connected": say("Connected. Orders and cases are being read, the newest first."),
    "app": say("The application is kept. Connect the shop next."),
    "checked": say("The platform takes the token: all is well."),
    "disconnected": say("Disconnected. The tokens are wiped; what was read stays."),
    "refused": say("Nothing of that shop was kept."),
}


class ApplicationForm(msgspec.Struct, frozen=True):
    """An application: one already known, by its number, or a new one."""

    app_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    for_all_shops: str = ""
    gateway: str = ""

    def __repr__(self) -> str:
        return "ApplicationForm(***)"


class TokenForm(msgspec.Struct, frozen=True):
    """A token as the platform shows it for an application of one's own."""

    access_token: str = ""
    refresh_token: str = ""
    ends_at: str = ""

    def __repr__(self) -> str:
        return "TokenForm(***)"


class AnswerForm(msgspec.Struct, frozen=True):
    """Whether the shop that came back is the one meant."""

    owner_id: str = ""
    answer: str = ""


@get("/shops/{shop_id:int}/connection", sync_to_thread=True)
def connection_page(desk: AtDesk, shop_id: FromPath[int], done: FromQuery[str] = "") -> Template:
    """How the shop's connection stands, and everything that can be done about it."""
    return _page(desk, shop_id, done=_DONE.get(done))


@post("/shops/{shop_id:int}/connection/application", guards=[recently_confirmed], sync_to_thread=True)
def put_application(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ApplicationForm]) -> Redirect | Template:
    """Keeps the application the shop goes by."""
    try:
        _keep_application(desk, shop_id, data)
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return back_to(_path(shop_id), done="app")


@post("/shops/{shop_id:int}/connection/authorisation", guards=[recently_confirmed], sync_to_thread=True)
def leave_for_platform(desk: AtDesk, shop_id: FromPath[int]) -> Template:
    """A page that leads on to the platform's. A form may not lead there at once: the content policy lets forms go nowhere but here."""
    try:
        address = begin_connect(desk.house, desk.by, shop_number(shop_id), sign_in=_sign_in(desk), redirect_uri=callback(desk), wall=clock.unwound())
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return desk.page("connections/leaving.html", address=address, back=_path(shop_id), here="settings")


@get(BACK, sync_to_thread=True)
def come_back(desk: AtDesk, code: FromQuery[str] = "", told: Annotated[str, QueryParameter(name="state")] = "") -> Redirect:
    """The browser is back from the platform with a code. The address is left at once, so that the code stays in no history."""
    outcome = finish_connect(desk.house, desk.by, state=told, code=code, sign_in=_sign_in(desk), now=desk.now, wall=clock.unwound())
    return back_to(_path(outcome.shop_id), done=outcome.state.value)


@post("/shops/{shop_id:int}/connection/token", guards=[recently_confirmed], sync_to_thread=True)
def put_token(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TokenForm]) -> Redirect | Template:
    """Connects with a token given by hand."""
    try:
        ends_at = desk.moment(data.ends_at) if data.ends_at.strip() else None
        given = GivenTokens(access_token=data.access_token, refresh_token=data.refresh_token or None, ends_at=ends_at)
        outcome = connect_by_hand(desk.house, desk.by, shop_number(shop_id), given, desk.now, clock.unwound())
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return back_to(_path(shop_id), done=outcome.state.value)


@post("/shops/{shop_id:int}/connection/confirmation", sync_to_thread=True)
def put_answer(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Redirect | Template:
    """Says whether the shop that came back is the one meant."""
    try:
        if data.answer == "yes":
            confirm_shop(desk.house, desk.by, shop_number(shop_id), data.owner_id, desk.now, clock.unwound())
        else:
            refuse_shop(desk.house, desk.by, shop_number(shop_id), desk.now)
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return back_to(_path(shop_id), done="connected" if data.answer == "yes" else "refused")


@post("/shops/{shop_id:int}/connection/check", sync_to_thread=True)
def put_check(desk: AtDesk, shop_id: FromPath[int]) -> Redirect | Template:
    """Asks the platform once."""
    try:
        check_connection(desk.house, desk.by, shop_number(shop_id), desk.now, clock.unwound())
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return back_to(_path(shop_id), done="checked")


@post("/shops/{shop_id:int}/connection/removal", sync_to_thread=True)
def take_away(desk: AtDesk, shop_id: FromPath[int]) -> Redirect | Template:
    """Disconnects."""
    try:
        disconnect(desk.house, desk.by, shop_number(shop_id), desk.now)
    except Refused as refusal:
        return _page(desk, shop_id, problem=refusal.say)
    return back_to(_path(shop_id), done="disconnected")


def callback(desk: Desk) -> str:
    """The address the platform sends the browser back to, as this very browser reaches the house: its scheme and name, behind a proxy too."""
    return str(desk.request.base_url).rstrip("/") + BACK


def _page(desk: Desk, shop_id: int, *, problem: Say | None = None, done: Say | None = None) -> Template:
    shops = desk.shops(Permission.SETTINGS_READ)
    view = connection_state(desk.house, desk.by, shop_number(shop_id), desk.now)
    return desk.page(
        "connections/page.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if problem else 200,
        here="settings",
        shop=desk.chosen(shops, str(shop_id)),
        view=view,
        sync=sync_state(desk.house, desk.by, shop_number(shop_id), desk.now),
        may_write=desk.by.may(Permission.SETTINGS_WRITE, shop_number(shop_id)),
        is_platforms_own=view.application is not None and view.application.doors == production_doors(),
        callback=callback(desk),
        problem=problem,
        done=done,
    )


def _keep_application(desk: Desk, shop_id: int, data: ApplicationForm) -> None:
    """Raises Refused."""
    known = number_in(data.app_id)
    if known is not None:
        choose_app(desk.house, desk.by, shop_number(shop_id), known, desk.now)
        return
    app = NewApplication(client_id=data.client_id, client_secret=data.client_secret, doors=_doors(data.gateway), for_all_shops=bool(data.for_all_shops))
    connect_app(desk.house, desk.by, shop_number(shop_id), app, desk.now)


def _doors(gateway: str) -> Doors | None:
    """The addresses that go with a gateway; None for the platform's own. Raises Refused."""
    try:
        return doors_of(gateway.strip()) if gateway.strip() else None
    except UnsafeDoor as unsafe:
        raise Refused(unsafe.say) from None


def _sign_in(desk: Desk) -> bytes:
    """The digest of this very sign-in."""
    digest = desk.request.auth
    assert isinstance(digest, bytes)
    return digest


def _path(shop_id: int) -> str:
    return f"/shops/{shop_id}/connection"
