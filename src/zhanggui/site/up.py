"""One command brings the house up: the database, the pages over http on this machine and over https in the shop's network, and the worker."""

import asyncio
import logging
import signal
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from socket import socket

import msgspec
from jinja2.runtime import Context
from litestar import Litestar
from litestar.types import ASGIApp, ControllerRouterHandler

from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.joining import nobody_yet
from zhanggui.actions.lines import line_at
from zhanggui.connectors.pdd.line import Line
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import embedded
from zhanggui.site.app import create_app
from zhanggui.site.certificates import Certificates
from zhanggui.site.lan import lan_addresses
from zhanggui.site.listening import EVERYWHERE, by_local_address, checked_plan, is_loopback, listening_socket
from zhanggui.site.metrics import Figures
from zhanggui.site.phone import create_phone_app
from zhanggui.site.serving import QuietServer, plain_server, secure_server, serve_until
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live
from zhanggui.worker.loop import work

log = logging.getLogger("zhanggui.site")

WORKER_ENDS_WITHIN = 20.0
PATIENCE = 10.0
"""Seconds a page waits for a connection to the database before it says that there is none."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The house is open: what to tell whoever started it."""

    address: str
    """The address to open on this machine."""
    network_addresses: tuple[str, ...] = ()
    """The https addresses for other machines of the network."""
    phone_address: str | None = None
    """The page to open first on a phone: it hands out the certificate."""
    certificate_fingerprint: str | None = None
    """The SHA-256 of the certificate that page hands out, to compare on the phone."""
    first_run_code: str | None = None
    """Asked of whoever makes the first account from another machine; None once somebody lives here."""


def up(
    settings: Settings,
    *,
    announce: Callable[[Opened], None],
    open_browser: bool = False,
    stop: threading.Event | None = None,
    prepare: Callable[[House], None] | None = None,
    more_handlers: Sequence[ControllerRouterHandler] = (),
    bar: Callable[[Context], str] | None = None,
    worker: bool = True,
    line: Line | None = None,
) -> None:
    """Bring the house up and keep it up until Ctrl-C, SIGTERM or `stop`. Raises CannotListen, ServerTrouble.

    `prepare` is run once over the house before it opens; `more_handlers`, `bar` and `line` are the demo's. Without `worker` the pages alone are
    brought up, and workers run elsewhere.
    """
    stop = stop or threading.Event()
    with ExitStack() as open_things:
        # The ports first: a second start by mistake is told so before anything else is touched.
        plan = checked_plan(settings)
        sockets = [open_things.enter_context(listening_socket(place)) for place in plan.places]
        open_things.enter_context(stopped_by_signals(stop))
        house = open_things.enter_context(_opened_house(settings, line or line_at(settings.home)))
        if prepare is not None:
            prepare(house)
        serving = _Serving(house, settings, more_handlers, bar)
        servers = serving.servers(sockets)
        if worker:
            open_things.enter_context(_working(house, stop))
        opened = serving.opened()
        asyncio.run(
            serve_until(stop, servers, started=lambda: _say_so(opened, announce, open_browser=open_browser), hourly=serving.renew, closing=serving.live.close)
        )


class _Serving:
    """The applications of one run, and the certificate they answer with."""

    def __init__(self, house: House, settings: Settings, more_handlers: Sequence[ControllerRouterHandler], bar: Callable[[Context], str] | None) -> None:
        self.house = house
        self.settings = settings
        self.addresses = lan_addresses() if settings.lan else ()
        self.certificates = Certificates(settings.home / "certificates") if settings.lan else None
        self._more = more_handlers
        self._bar = bar
        self._secure_server: QuietServer | None = None
        self.live = Live(house, clock.now, clock.unwound)
        self.figures = Figures()
        self.local = self._app(secure=settings.behind_proxy)

    def servers(self, sockets: Sequence[socket]) -> list[tuple[QuietServer, socket]]:
        """A server for each socket: plain http, and https where the network is served."""
        if self.certificates is None:
            return [(plain_server(self.local, self.settings), sockets[0])]
        self.renew()
        self._secure_server = secure_server(self._app(secure=True), self.certificates)
        return [(plain_server(self._plain(self.certificates), self.settings), sockets[0]), (self._secure_server, sockets[1])]

    def renew(self) -> None:
        """Have a certificate that fits today's addresses and is not near its end; connections made from now on get it."""
        if self.certificates is None:
            return
        self.addresses = lan_addresses()
        try:
            renewed = self.certificates.renewed(clock.unwound(), self.addresses)
        except OSError as problem:
            if not self.certificates.are_there:
                raise
            log.error("the certificate could not be renewed, the one before is used: %s", problem.strerror)  # noqa: TRY400 - such as a full disk
            return
        if renewed and self._secure_server is not None:
            self._secure_server.reload(self.certificates)

    def opened(self) -> Opened:
        """What to tell about this run."""
        port, https_port = self.settings.port, self.settings.https_port
        return Opened(
            address=self._address(),
            network_addresses=tuple(f"https://{address}:{https_port}/" for address in self.addresses),
            phone_address=f"http://{self.addresses[0]}:{port}/phone" if self.addresses else None,
            certificate_fingerprint=self.certificates.authority_fingerprint() if self.certificates else None,
            first_run_code=self.local.state.door.first_run_code if nobody_yet(self.house) else None,
        )

    def _address(self) -> str:
        """Where to open the house on this machine: by plain http wherever that is answered here."""
        settings = self.settings
        if settings.behind_proxy:
            return f"http://{settings.host}:{settings.port}/"
        if settings.lan and settings.host not in {EVERYWHERE, "localhost"} and not is_loopback(settings.host):
            return f"https://{settings.host}:{settings.https_port}/"
        return f"http://127.0.0.1:{settings.port}/"

    def _plain(self, certificates: Certificates) -> ASGIApp:
        phone = create_phone_app(certificates, self.settings.https_port)
        return by_local_address(here=self.local, elsewhere=phone)

    def _app(self, *, secure: bool) -> Litestar:
        code = None if not hasattr(self, "local") else self.local.state.door.first_run_code
        return create_app(
            self.house,
            self.settings,
            secure=secure,
            first_run_code=code,
            more_handlers=self._more,
            bar=self._bar,
            live=self.live,
            figures=self.figures,
        )


@contextmanager
def _opened_house(settings: Settings, line: Line) -> Iterator[House]:
    settings.home.mkdir(parents=True, exist_ok=True)
    clock.use_home(settings.home)
    with embedded(settings.home) as conninfo:
        migrate(conninfo)
        with open_pool(conninfo, min_size=2, max_size=12, patience=PATIENCE) as pool:
            yield House(pool=pool, home=settings.home, rulebook=rulebook.load(), line=line)


@contextmanager
def _working(house: House, stop: threading.Event) -> Iterator[None]:
    """The worker in a thread of its own, ended before the database is."""
    thread = threading.Thread(target=work, args=(house, stop), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WORKER_ENDS_WITHIN)


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the house in order. In a thread there are no signals to hear."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda _number, _frame: stop.set()) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_so(opened: Opened, announce: Callable[[Opened], None], *, open_browser: bool) -> None:
    announce(opened)
    if open_browser:
        webbrowser.open(opened.address)
