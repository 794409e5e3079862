"""Where the house listens, and what it says to whom there."""

import errno
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from zhanggui.core.say import say
from zhanggui.site.cannot_listen import CannotListen
from zhanggui.site.settings import Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only with LAN asked for, and then plain http shows nothing but the certificate
TOLD_TO_ALL = ("/health", "/metrics")
NOT_BY_ITSELF = "请通过代理的 https 地址访问掌柜，不要直接连接。\nOpen Zhanggui by the https address of its proxy, not directly.\n"
BUSY = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE), getattr(errno, "WSAEACCES", errno.EACCES)}


class Place(msgspec.Struct, frozen=True):
    """An address and a port to listen on."""

    host: str
    port: int


class Plan(msgspec.Struct, frozen=True):
    """The places to listen on: plain http first, https second where the network is served."""

    places: tuple[Place, ...]


def checked_plan(settings: Settings) -> Plan:
    """Where to listen. Raises CannotListen rather than offer passwords and orders to a network in the clear."""
    if settings.lan:
        host = settings.host if not is_loopback(settings.host) else EVERYWHERE
        return Plan((Place(host, settings.port), Place(host, settings.https_port)))
    if not is_loopback(settings.host) and not settings.behind_proxy:
        raise CannotListen(
            say(
                "Listening on {host} would send passwords and orders through the network in the clear. Set ZHANGGUI_LAN=1 to serve the network "
                "by https, or name the proxy that does so in ZHANGGUI_PROXIES.",
                host=settings.host,
            )
        )
    return Plan((Place(settings.host, settings.port),))


@contextmanager
def listening_socket(place: Place) -> Iterator[socket.socket]:
    """A socket bound to the place. Raises CannotListen."""
    listening = socket.socket(socket.AF_INET6 if ":" in place.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        # On Windows SO_REUSEADDR would let two programs share a port; elsewhere it only skips the wait after an old connection.
        if sys.platform == "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listening, place)
        yield listening
    finally:
        listening.close()


def by_local_address(*, here: ASGIApp, elsewhere: ASGIApp) -> ASGIApp:
    """Plain http: whoever came to a loopback address gets the house, whoever came over the network gets the other application.

    The address a connection came *to* cannot be forged from another machine.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        came_to = scope.get("server")
        is_here = scope["type"] not in {"http", "websocket"} or (came_to is not None and is_loopback(came_to[0]))
        await (here if is_here else elsewhere)(scope, receive, send)

    return answer


def by_named_peers(app: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """Behind proxies: whoever comes over the network by none of them would speak to the house in the clear, and gets a refusal.

    It has to stand before what reads the headers of proxies, since those say another peer. Health and figures, which guard themselves, are told to everybody.
    """
    named = _networks(proxies)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or named is None or scope["path"].startswith(TOLD_TO_ALL) or _is_known(scope, named):
            await app(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await send({"type": "http.response.body", "body": NOT_BY_ITSELF.encode(), "more_body": False})

    return answer


def _networks(proxies: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...] | None:
    """None where one is no address, so that nobody can be told from it."""
    try:
        return tuple(ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError:
        return None


def _is_known(scope: Scope, named: Sequence[IPv4Network | IPv6Network]) -> bool:
    came_to, peer = scope.get("server"), scope.get("client")
    if came_to is None or peer is None or is_loopback(came_to[0]):
        return True
    try:
        return any(_plain(peer[0]) in network for network in named)
    except ValueError:
        return False


def _plain(host: str) -> IPv4Address | IPv6Address:
    """The address; one of IPv4 as a socket of both kinds tells it, as that. Raises ValueError."""
    address = ip_address(host)
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return _plain(host).is_loopback
    except ValueError:
        return False


def _bind(listening: socket.socket, place: Place) -> None:
    try:
        listening.bind((place.host, place.port))
        listening.listen(256)
    except OSError as error:
        if error.errno in BUSY:
            raise CannotListen(
                say(
                    "Port {port} is taken by another program, perhaps by a Zhanggui that runs already: open http://127.0.0.1:{port}/ to see. "
                    "Otherwise choose another port with --port.",
                    port=place.port,
                )
            ) from None
        raise CannotListen(say("This machine has no address {host} to listen on.", host=place.host)) from None
