"""What the pages at the door have at hand: the throttle, the cookie, and the code of the first run."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Literal

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response.base import Response

from zhanggui.actions.house import House
from zhanggui.people import factors, sign_ins
from zhanggui.people.passkeys import At
from zhanggui.people.throttle import Throttle

OPEN = {"open": True}
"""`opt` of a handler that answers strangers too. Every other handler answers people who are signed in, and nobody else."""

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Door:
    """One door of the house: over plain http on this machine, or over https."""

    house: House
    throttle: Throttle
    secure: bool
    secret: str
    first_run_code: str = field(default_factory=lambda: f"{secrets.randbelow(10**8):08d}")
    from_outside: Callable[[], str | None] = lambda: None
    """The address other machines of the network reach the house by, while they can."""

    @property
    def cookie_name(self) -> str:
        """The name of the sign-in cookie. Browsers share cookies between ports, so two houses on one machine need two names."""
        return self._named("zhanggui")

    @property
    def csrf_cookie_name(self) -> str:
        """The name of the cookie that forms are checked against."""
        return self._named("zhanggui-form")

    @property
    def half_cookie_name(self) -> str:
        """The name of the cookie of whoever has given a right password and has a second factor still to show."""
        return self._named("zhanggui-half")

    def link(self, request: AnyRequest, path: str) -> str:
        """The path as a link for somebody else: asked for at this machine, it must not lead them to their own."""
        here = str(request.base_url).rstrip("/")
        return ((self.from_outside() if is_at_the_machine(request) else None) or here) + path

    def cookie(self, token: str) -> Cookie:
        """The cookie that carries a sign-in."""
        return self._cookie(token, int(sign_ins.LONGEST.total_seconds()))

    def no_cookie(self) -> Cookie:
        """The cookie that takes it away again."""
        return self._cookie("", 0)

    def half_cookie(self, token: str) -> Cookie:
        """The cookie that carries half of a sign-in; an empty one takes it away."""
        return self._cookie(token, int(factors.HALF_LASTS.total_seconds()) if token else 0, self.half_cookie_name)

    def let_in(self, response: Response[Any], token: str) -> None:
        """Hand the token over, with a new form token to come: nothing from before the sign-in stays valid after it."""
        response.set_cookie(self.cookie(token))
        response.set_cookie(self.half_cookie(""))
        self.forget_form_token(response)

    def forget_form_token(self, response: Response[Any]) -> None:
        """Have the browser ask for a new form token."""
        response.set_cookie(Cookie(key=self.csrf_cookie_name, value="", path="/", max_age=0, secure=self.secure, samesite="lax"))

    def _cookie(self, value: str, max_age: int, name: str | None = None) -> Cookie:
        same_site: Literal["lax"] = "lax"
        return Cookie(key=name or self.cookie_name, value=value, path="/", max_age=max_age, httponly=True, secure=self.secure, samesite=same_site)

    def _named(self, name: str) -> str:
        mark = hashlib.sha256(b"cookie name " + self.secret.encode()).hexdigest()[:8]
        return f"__Host-{name}-{mark}" if self.secure else f"{name}-{mark}"


def address_of(request: AnyRequest) -> str | None:
    """The address the request came from."""
    return request.client.host if request.client else None


def is_at_the_machine(request: AnyRequest) -> bool:
    """Whether somebody at this very machine asks: directly, and by a name that no other machine could have given."""
    if any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip")):
        return False
    return _is_loopback(address_of(request)) and _is_loopback(host_of(request.headers.get("host", "")))


_HOST = re.compile(r"(?:\[(?P<six>[^\]@]+)\]|(?P<name>[^\[\]:@/]+))(?::(?P<port>[0-9]{0,5}))?")
_LAST_PORT = 65_535


def host_of(header: str) -> str:
    """The host of a Host header, without port and brackets, in lower case; nothing for what is no such header."""
    found = _HOST.fullmatch(header)
    return (found["six"] or found["name"]).lower().rstrip(".") if found and int(found["port"] or 0) <= _LAST_PORT else ""


def passkey_place(door: Door, request: AnyRequest, purpose: str) -> At | None:
    """Where a passkey would be used: by the name the house was asked for. None for a bare address, which no passkey can be bound to."""
    asked = request.headers.get("host", "").lower()
    host = host_of(asked)
    if not host or _is_address(host):
        return None
    return At(host=host, origin=f"{'https' if door.secure else 'http'}://{asked}", secret=door.secret, purpose=purpose)


def device_of(request: AnyRequest) -> str:
    """A few words of what the browser says of itself, for the list of sign-ins."""
    told = request.headers.get("user-agent", "")
    system = next((name for mark, name in _SYSTEMS if mark in told), "")
    browser = next((name for mark, name in _BROWSERS if mark in told), "")
    return " · ".join(part for part in (browser, system) if part)


LONGEST_WAY_BACK = 2000
"""An address that stands in an answer's header: proxies take a few thousand characters of them, and no page here has one half as long."""


def local_path(path: str | None) -> str:
    """Where to go after signing in: a path of this house, never somebody else's page."""
    if not path or len(path) > LONGEST_WAY_BACK or not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable() or "\\" in path:
        return "/"
    return path


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Looked for in this order: most browsers also claim to be those below them."""
