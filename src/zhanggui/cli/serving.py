"""`zhanggui up` and `zhanggui demo`: the pages and the worker, over the shop's own data or over the invented shop."""

import io
import os
from collections.abc import Callable

import click
import msgspec
import segno

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.house_keys import make_new_keys, refuse_without_keys
from zhanggui.cli.production import refuse_unsafe, refuse_unsafe_data
from zhanggui.core.say import say
from zhanggui.demo import opening, pages, telling
from zhanggui.records.migrate import MigrationRefused
from zhanggui.site.homes import demo_home
from zhanggui.site.listening import is_loopback
from zhanggui.site.settings import Settings, settings_from
from zhanggui.site.up import Opened
from zhanggui.site.up import up as keep_up


class OpenedShape(msgspec.Struct, frozen=True, kw_only=True):
    """Where the pages are."""

    address: str
    network_addresses: tuple[str, ...]
    phone_address: str | None
    certificate_fingerprint: str | None
    first_run_code: str | None
    login: str | None = None
    password: str | None = None
    """Of the demo's owner; never of a real shop's."""


@click.command("up")
@click.option("--host", metavar="ADDRESS", help="The address to listen on; this machine alone when left out.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="The port of the pages; 8000 when left out.")
@click.option("--https-port", type=click.IntRange(1, 65535), metavar="N", help="The port of the pages for the shop's network; 8443 when left out.")
@click.option("--lan", is_flag=True, help="Serve phones in the shop's network too, by https.")
@click.option("--open", "open_browser", is_flag=True, help="Open the pages in the browser.")
@click.option("--no-worker", is_flag=True, help="Start the pages alone; the worker then runs by itself: zhanggui worker")
@click.option("--new-keys", is_flag=True, help="Where the keys of what lies sealed are lost for good: leave it shut, and seal with new ones from now on.")
@with_desk
def up(desk: Desk, host: str | None, port: int | None, https_port: int | None, lan: bool, open_browser: bool, no_worker: bool, new_keys: bool) -> int:
    """Start the pages and the worker; the last line is the address to open."""
    settings = _told(settings_from(home=desk.named_home), host=host, port=port, https_port=https_port, lan=lan or None)
    refuse_unsafe(settings)

    def prepare(house: House) -> None:
        refuse_unsafe_data(house, settings)
        if new_keys:
            make_new_keys(house)
        elif no_worker or settings.database_url is not None:
            refuse_without_keys(house)  # there may be another home over the same data

    keep_up(settings, announce=_announcer(desk), open_browser=open_browser, prepare=prepare, worker=not no_worker)
    return DONE


@click.command("demo")
@click.option("--fresh", is_flag=True, help="Forget how far the story has come, and begin anew.")
@click.option("--host", metavar="ADDRESS", help="The address to listen on; this machine alone when left out.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="The port of the pages; PORT, or 8000, when left out.")
@click.option("--open", "open_browser", is_flag=True, help="Open the pages in the browser.")
@with_desk
def demo(desk: Desk, fresh: bool, host: str | None, port: int | None, open_browser: bool) -> int:
    """Start an invented shop whose week can be stepped through; the last line is the address to open."""
    settings = _told(settings_from(home=desk.named_home or demo_home(os.environ)), host=host, port=port)
    _keep_here(settings)
    if fresh and settings.database_url is not None:
        raise Refused(
            say(
                "The database that DATABASE_URL names is not thrown away with the folder of the demo. Name an empty one for a fresh demo, or leave "
                "DATABASE_URL out."
            )
        )
    if fresh:
        telling.fresh(settings.home)
    telling.begin_clock(settings.home)
    try:
        with opening.opened(settings.home) as prepare:
            keep_up(
                settings,
                announce=_announcer(desk, is_demo=True),
                open_browser=open_browser,
                prepare=prepare,
                more_handlers=pages.route_handlers,
                bar=pages.demo_bar(settings.home),
                line=opening.unhurried_line(),
            )
    except MigrationRefused:
        raise Refused(say("The demo in {home} was made by another version. Start it afresh with: zhanggui demo --fresh", home=str(settings.home))) from None
    return DONE


def _keep_here(settings: Settings) -> None:
    """Raises Refused for settings that would let others reach the demo."""
    if settings.lan or settings.behind_proxy or not is_loopback(settings.host):
        raise Refused(say("The demo lets everybody in with one click, so it is for this machine alone. Leave out ZHANGGUI_LAN, ZHANGGUI_PROXIES and --host."))


def _drawn(address: str) -> list[str]:
    """The address as a code for the phone's camera, drawn in characters."""
    drawing = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawing, compact=True)
    return drawing.getvalue().splitlines()


def _told(settings: Settings, **told: object) -> Settings:
    """The settings with what was said at the command line laid over them."""
    return msgspec.structs.replace(settings, **{name: value for name, value in told.items() if value is not None})


def _announcer(desk: Desk, *, is_demo: bool = False) -> Callable[[Opened], None]:
    """What to say once the house is open; the address to open comes last."""

    def announce(opened: Opened) -> None:
        told = msgspec.to_builtins(opened)
        account = {"login": telling.LOGIN, "password": telling.PASSWORD} if is_demo else {}
        desk.document(msgspec.convert(told | account, OpenedShape))
        if is_demo:
            desk.line(
                "The demo shop, its clock at {moment}. Sign in with one click, or as {login} with the password {password}.", moment=clock.now(), **account
            )
        for address in opened.network_addresses:
            desk.line("In the shop's network: {address}", address=address)
        if opened.phone_address:
            desk.line("On a phone, open this first: {address}", address=opened.phone_address)
            desk.lines(_drawn(opened.phone_address))
            desk.line("The fingerprint of its certificate (SHA-256): {fingerprint}", fingerprint=opened.certificate_fingerprint)
        if opened.first_run_code:
            desk.line("To make the first account from another machine, the page asks for this code: {code}", code=opened.first_run_code)
        desk.lines([opened.address])

    return announce
