"""Several servers in one event loop, ended together."""

import asyncio
import gc
import logging
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from socket import socket
from typing import Any

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from zhanggui.site.certificates import Certificates
from zhanggui.site.listening import by_named_peers
from zhanggui.site.settings import Settings

log = logging.getLogger("zhanggui.site")

LOOKS_EVERY = 0.1
RENEWS_EVERY = 3600.0
GRACE_SECONDS = 5
"""How long answers under way may take once the house closes."""
KEPT_SECONDS = 60
"""How long a silent connection is kept: whoever clicks once a minute need not shake hands each time."""


class QuietServer(uvicorn.Server):
    """A server that leaves signals to the house, so that all servers of a run end together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear no signals."""
        yield

    def reload(self, certificates: Certificates) -> None:
        """Answer new connections with today's certificate."""
        if self.config.ssl is not None:
            self.config.ssl.load_cert_chain(certificates.chain_file, certificates.key_file)


def plain_server(app: Any, settings: Settings) -> QuietServer:
    """A server for http: on this machine, or behind the proxies that the settings name, and then for nobody else beyond this machine."""
    if not settings.behind_proxy:
        return _server(app)
    behind: Any = ProxyHeadersMiddleware(app, trusted_hosts=list(settings.proxies))
    return _server(by_named_peers(behind, settings.proxies))


def secure_server(app: Any, certificates: Certificates) -> QuietServer:
    """A server for https with the house's own certificate."""
    return _server(app, ssl_certfile=str(certificates.chain_file), ssl_keyfile=str(certificates.key_file))


async def serve_until(
    stop: threading.Event,
    servers: Sequence[tuple[QuietServer, socket]],
    *,
    started: Callable[[], None],
    hourly: Callable[[], None],
    closing: Callable[[], Awaitable[None]],
) -> None:
    """Serve on every socket until `stop`, say so once all have started, and do the hourly things meanwhile. `closing` ends answers that have no end."""
    gc.freeze()  # the application stays for good: no later round for garbage looks through it again, which holds up every page
    running = [asyncio.ensure_future(server.serve(sockets=[listening])) for server, listening in servers]
    watching = _watch(stop, [server for server, _ in servers], started, hourly, closing)
    await asyncio.gather(watching, _then_stop(stop, running))


async def _then_stop(stop: threading.Event, running: Sequence[asyncio.Future[None]]) -> None:
    try:
        await asyncio.gather(*running)
    finally:
        stop.set()


async def _watch(
    stop: threading.Event, servers: Sequence[QuietServer], started: Callable[[], None], hourly: Callable[[], None], closing: Callable[[], Awaitable[None]]
) -> None:
    said, waited = False, 0.0
    while not stop.is_set():
        await asyncio.sleep(LOOKS_EVERY)
        waited += LOOKS_EVERY
        if not said and all(server.started for server in servers):
            started()
            said = True
        if waited >= RENEWS_EVERY:
            waited = 0.0
            await _done(hourly)
    await closing()
    for server in servers:
        server.should_exit = True


async def _done(hourly: Callable[[], None]) -> None:
    """Do the hourly things; where that fails, as on a full disk, the house goes on as it is until the next hour."""
    try:
        await asyncio.to_thread(hourly)
    except Exception as error:  # noqa: BLE001 - the house must outlive it
        log.error(  # noqa: TRY400 - the message of an error may hold what nobody is to read; where it happened says enough
            "the hourly round failed: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
        )


def _server(app: Any, **more: Any) -> QuietServer:
    config = uvicorn.Config(
        app,
        proxy_headers=False,
        server_header=False,
        # The log holds no addresses of pages: some carry a token or a number of an order.
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
        timeout_keep_alive=KEPT_SECONDS,
        **more,
    )
    return QuietServer(config)
