"""Several servers in one event loop, ended together."""

import asyncio
import gc
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from socket import socket
from typing import Any

import uvicorn

from zhanggui.site.certificates import Certificates
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
    """A server for http: on this machine, or behind the proxies that the settings name."""
    trusted = ",".join(settings.proxies)
    return _server(app, proxy_headers=settings.behind_proxy, forwarded_allow_ips=trusted or None)


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
            await asyncio.to_thread(hourly)
    await closing()
    for server in servers:
        server.should_exit = True


def _server(app: Any, *, proxy_headers: bool = False, **more: Any) -> QuietServer:
    config = uvicorn.Config(
        app,
        proxy_headers=proxy_headers,
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
