"""Where the platform can be reached, and in whose name: an application, its secret, its addresses."""

import ipaddress
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import msgspec

from zhanggui.core.say import Say, say

_WEB, _SOCKET = ("https", "http"), ("wss", "ws")
_LONGEST, _LONGEST_LABEL, _SHOWN = 500, 63, 100
OPEN_DOOR = say(
    "{address} would carry secrets in the clear. Give an address that begins with https:// (wss:// for messages); only this machine itself may do without."
).text
NO_DOOR = say("{address} is no address of a gateway. Give one such as https://gw-api.pinduoduo.com/api/router.").text


class UnsafeDoor(ValueError):
    """An address that calls must not be sent to; `say` tells why."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text.format_map(sentence.slots))
        self.say = sentence


class Doors(msgspec.Struct, frozen=True):
    """The addresses of one platform; every one is safe, or of this very machine. Raises UnsafeDoor."""

    router: str
    upload: str
    authorise: str
    token: str
    messages: str

    def __post_init__(self) -> None:
        for address in (self.router, self.upload, self.authorise, self.token):
            _check(address, _WEB)
        _check(self.messages, _SOCKET)


class App(msgspec.Struct, frozen=True):
    """An application of the Open Platform. Its secret is never shown."""

    client_id: str
    client_secret: str
    doors: Doors

    def __repr__(self) -> str:
        return f"App(client_id={self.client_id!r}, client_secret=***, router={self.doors.router!r})"


@cache
def production_doors() -> Doors:
    """The addresses of the platform itself."""
    text = (files("zhanggui.connectors.pdd") / "doors.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["doors"], Doors)


def doors_of(gateway: str) -> Doors:
    """The addresses that go with a gateway: the platform's own, or those of an emulator, which has all its doors on one port. Raises UnsafeDoor."""
    ours = production_doors()
    if gateway.rstrip("/") == ours.router:
        return ours
    _check(gateway, _WEB)
    parts = urlsplit(gateway)
    base = f"{parts.scheme}://{parts.netloc}"
    socket = "wss" if parts.scheme == "https" else "ws"
    return Doors(gateway, f"{base}/api/upload", f"{base}/service-market/auth", f"{base}/oauth/token", f"{socket}://{parts.netloc}/message")


def safe_address(address: str) -> str:
    """The address, which secrets may be sent to. Raises UnsafeDoor for one that is none, or that goes over a network in the clear."""
    _check(address, _WEB)
    return address


def _check(address: str, schemes: tuple[str, str]) -> None:
    """Refuse an address that is none, or that goes over a network in the clear."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what raises for a port that is none
    except ValueError:
        raise UnsafeDoor(Say(NO_DOOR, {"address": _without_user(address)})) from None
    if parts.scheme not in schemes or not host or parts.username is not None or parts.password is not None or not _can_be_sent_to(address, host):
        raise UnsafeDoor(Say(NO_DOOR, {"address": _without_user(address)}))
    if parts.scheme != schemes[0] and not _is_this_machine(host):
        raise UnsafeDoor(Say(OPEN_DOOR, {"address": address[:_SHOWN]}))


def _can_be_sent_to(address: str, host: str) -> bool:
    """Whether every reader of the address finds the same host in it: some leave out control characters, or turn a backslash."""
    if len(address) > _LONGEST or not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return False
    return ":" in host or all(0 < len(label) <= _LONGEST_LABEL for label in host.removesuffix(".").split("."))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_user(address: str) -> str:
    """The start of the address, without a name and password in it."""
    head, sign, tail = address.rpartition("@")
    return (f"***@{tail}" if sign and head else address)[:_SHOWN]
