"""Who may come in: programs, and pages of the emulator's own. A page that a browser has open elsewhere must not steer a world on this machine."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler


def only_neighbours(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Turns away whoever asks for a page of elsewhere, or under a name of elsewhere that was made to lead here. Raises PermissionDeniedException."""
    host, origin = connection.headers.get("host", ""), connection.headers.get("origin")
    if not _is_near(host) or (origin is not None and not _is_ours(origin, host)):
        raise PermissionDeniedException("only programs and the emulator's own pages may ask")


def _is_ours(origin: str, host: str) -> bool:
    """Whether the page is the emulator's own, or one that is served on this machine, as the desk that prints may be."""
    try:
        parts = urlsplit(origin)
        return parts.netloc == host or parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Whether the name is an address, or one that only the surroundings know: none that a stranger could own."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return "." not in name.rstrip(".") or bool(ip_address(name))
    except ValueError:
        return False
