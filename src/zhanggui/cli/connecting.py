"""`zhanggui connect` and `disconnect`: a shop to the platform, with an application and a token given by hand."""

import sys
from datetime import datetime
from typing import IO

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.connections import ConnectionView, connection_state
from zhanggui.actions.connections import disconnect as take_away
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc_or_none
from zhanggui.cli.shop_option import shop_of, shop_option, shop_or_new
from zhanggui.connectors.pdd.doors import Doors, UnsafeDoor, doors_of
from zhanggui.core.say import say

_LARGEST = 1_000_000


class PlatformShop(msgspec.Struct, frozen=True):
    """One of several shops that a file tells the tokens of."""

    shop_id: str | int
    access_token: str
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return f"PlatformShop({self.shop_id!r})"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a file or another program tells: the first line of an emulator is one. Members it does not name are left aside."""

    client_id: str
    client_secret: str
    access_token: str = ""
    refresh_token: str | None = None
    shop_id: str | int | None = None
    gateway: str | None = None
    shops: tuple[PlatformShop, ...] = ()

    def __repr__(self) -> str:
        return f"Given({self.client_id!r})"


class ConnectionShape(msgspec.Struct, frozen=True, kw_only=True):
    """How a shop is connected now. No secret is ever told."""

    shop: str
    state: str
    mall_name: str | None
    platform_shop: str | None
    client_id: str | None
    gateway: str | None
    ends_at: datetime | None
    """When what was granted ends, as the platform told it; null where it told nothing."""
    renew_by: datetime | None


@click.command("connect")
@shop_option
@click.option("--from", "file", type=click.File("rb"), metavar="FILE", help="JSON with client_id, client_secret and access_token; - reads it from stdin.")
@click.option("--client-id", metavar="ID", help="The application's client_id; its secret and the shop's token are then asked for, and not shown.")
@click.option("--gateway", metavar="URL", help="Another gateway than the platform's own, such as an emulator's.")
@click.option("--platform-shop", metavar="ID", help="The platform's number of the shop; any other that comes back is refused.")
@click.option("--ends-at", type=MOMENT, metavar="MOMENT", help="When the token ends, where you know it.")
@click.option("--all-shops", is_flag=True, help="Keep the application for every shop of the house.")
@click.option("--create", is_flag=True, help="Make the shop when there is none of that name.")
@with_desk
def connect(
    desk: Desk,
    shop_name: str,
    file: IO[bytes] | None,
    client_id: str | None,
    gateway: str | None,
    platform_shop: str | None,
    ends_at: datetime | None,
    all_shops: bool,
    create: bool,
) -> int:
    """Connect a shop to the platform with a token of an application of your own. Over the platform's page it goes from the Settings page.

    Secrets are read from a file, from stdin or from a prompt, never from the command line, where everybody on the machine could see them.
    """
    given = _read(file) if file is not None else _asked(client_id)
    tokens = _tokens(given, platform_shop, ends_at)
    app = NewApplication(client_id=given.client_id, client_secret=given.client_secret, doors=_doors(gateway or given.gateway), for_all_shops=all_shops)
    with desk.house() as house:
        now, wall = clock.now(), clock.unwound()
        shop_id = shop_or_new(house, desk.by, shop_name, now, create=create)
        connect_app(house, desk.by, shop_id, app, now)
        connect_by_hand(house, desk.by, shop_id, tokens, now, wall, is_sure=True)
        view = connection_state(house, desk.by, shop_id, now)
    desk.document(connection_shape(shop_name, view))
    desk.line("{shop} is connected to {mall_name} ({owner_id}).", shop=shop_name, mall_name=view.mall_name or "", owner_id=view.owner_id or "")
    return DONE


@click.command("disconnect")
@shop_option
@with_desk
def disconnect(desk: Desk, shop_name: str) -> int:
    """Take a shop's connection away: its tokens are wiped, what was read stays."""
    with desk.house() as house:
        now = clock.now()
        shop_id = shop_of(house, desk.by, shop_name)
        take_away(house, desk.by, shop_id, now)
        view = connection_state(house, desk.by, shop_id, now)
    desk.document(connection_shape(shop_name, view))
    desk.line("{shop} is disconnected. Its tokens are wiped; what was read stays.", shop=shop_name)
    return DONE


def connection_shape(shop_name: str, view: ConnectionView) -> ConnectionShape:
    """The connection as JSON."""
    return ConnectionShape(
        shop=shop_name,
        state=view.state.value,
        mall_name=view.mall_name,
        platform_shop=view.owner_id,
        client_id=view.application.client_id if view.application else None,
        gateway=view.application.doors.router if view.application else None,
        ends_at=utc_or_none(view.ends_at),
        renew_by=utc_or_none(view.renewal.deadline.due_at if view.renewal else None),
    )


def _read(file: IO[bytes]) -> Given:
    """What the file tells: its first line where it is no JSON document as a whole, as when an emulator goes on talking. Raises Refused."""
    line = file.readline(_LARGEST)
    told = line if line.strip().endswith(b"}") else line + file.read(_LARGEST)
    try:
        return msgspec.json.decode(told, type=Given)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # neither the text nor what is wrong with it is repeated: it holds secrets
        raise Refused(say("The file is no JSON object with client_id, client_secret and access_token.")) from None


def _asked(client_id: str | None) -> Given:
    """What a person types, unseen. Raises Refused where nobody is there, click's own complaint where nothing was named."""
    if client_id is None:
        raise click.UsageError("Name a file with --from, or the application with --client-id.")
    if not sys.stdin.isatty():
        raise Refused(say("Nobody is here to type the secrets. Hand them over with --from FILE, or with --from - from another program."))
    secret = click.prompt("client_secret", hide_input=True, err=True)
    token = click.prompt("access_token", hide_input=True, err=True)
    refresh = click.prompt("refresh_token", hide_input=True, err=True, default="", show_default=False)
    return Given(client_id=client_id, client_secret=secret, access_token=token, refresh_token=refresh or None)


def _tokens(given: Given, platform_shop: str | None, ends_at: datetime | None) -> GivenTokens:
    """The tokens of the shop that is meant. Raises Refused where the file tells of no such."""
    if platform_shop is not None and given.shops:
        chosen = next((shop for shop in given.shops if str(shop.shop_id) == platform_shop), None)
        if chosen is None:
            names = ", ".join(str(shop.shop_id) for shop in given.shops)
            raise Refused(say("The file tells of no shop {wanted}; it tells of {names}.", wanted=platform_shop, names=names))
        return GivenTokens(access_token=chosen.access_token, refresh_token=chosen.refresh_token, owner_id=platform_shop, ends_at=ends_at)
    owner_id = platform_shop or (None if given.shop_id is None else str(given.shop_id))
    return GivenTokens(access_token=given.access_token, refresh_token=given.refresh_token, owner_id=owner_id or None, ends_at=ends_at)


def _doors(gateway: str | None) -> Doors | None:
    """The addresses that go with a gateway; None for the platform's own. Raises Refused."""
    try:
        return None if gateway is None else doors_of(gateway)
    except UnsafeDoor as unsafe:
        raise Refused(unsafe.say) from None
