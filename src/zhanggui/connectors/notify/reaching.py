"""Which machine a name leads to, asked once, so that what was checked is what is spoken to; private networks are out of reach unless allowed."""

import ipaddress
import socket
from collections.abc import Collection

from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.pdd.errors import Trouble


def reached(host: str, port: int, *, allowed: Collection[str] | None) -> tuple[str, int]:
    """The address to connect to for this host. `allowed` names hosts that may lie in a private network; None: any host may. Raises NotifyError."""
    try:
        found = [entry[4] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise NotifyError(Trouble.RETRY, "no_way", text=f"{host}: no such host") from None
    if not found:
        raise NotifyError(Trouble.RETRY, "no_way", text=f"{host}: no such host")
    if allowed is not None and host.lower().rstrip(".") not in allowed:
        for address in found:
            _refuse_private(host, str(address[0]))
    return str(found[0][0]), int(found[0][1])


def _refuse_private(host: str, written: str) -> None:
    """Every address that a name leads to has to be public: a name with one of each could be turned inwards."""
    ip = ipaddress.ip_address(written.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    if not ip.is_global or not inner.is_global or ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False):
        raise NotifyError(Trouble.PERSON, "private", text=host)
