"""Which names this house answers to. A page of somebody else whose name is made to point here (DNS rebinding) gets nothing."""

import socket
from collections.abc import Iterable
from ipaddress import ip_address

from litestar.datastructures import Headers
from litestar.exceptions import ClientException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from zhanggui.site.lan import is_of_a_lan
from zhanggui.workbench.door.door import host_of


class UnknownHost(ClientException):
    """The house was asked for by a name it does not know."""


class KnownHosts(ASGIMiddleware):
    """Refuses requests whose Host header is none of ours, and forms sent from pages of other sites.

    Litestar's own check compares the whole header, port and all, with a fixed list; the addresses of a shop's network change.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(name.lower() for name in names)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Go on, or raise."""
        headers = Headers.from_scope(scope)
        if not is_ours(host_of(headers.get("host", "")), self.names):
            raise UnknownHost
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"} and scope.get("method", "GET") not in {"GET", "HEAD"}:
            raise ClientException("sent from a page of another site")
        await next_app(scope, receive, send)


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Whether the host is a name of ours or a bare address: a stranger's name can point here, but a bare address can only be typed."""
    if host in names:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_link_local or is_of_a_lan(host)


def own_names(configured: Iterable[str]) -> tuple[str, ...]:
    """The names this machine goes by, and those the settings add."""
    machine = socket.gethostname().lower()
    return ("localhost", machine, f"{machine}.local", *configured)
