"""The headers every answer carries: what a browser may load, run, frame, keep and tell others."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere. `blob:` is the camera's picture before it is sent."""
PRINTING_POLICY = CONTENT_POLICY.replace("connect-src 'self'", "connect-src 'self' ws://127.0.0.1:* wss://127.0.0.1:*")
"""The same on a page that prints: the sockets of the reader's own computer are the print component's."""

ALWAYS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), clipboard-read=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STRICT_TRANSPORT = ("strict-transport-security", "max-age=2592000")
"""Thirty days: long enough to matter, short enough for a house whose certificate authority was lost with its home."""


async def add_headers(message: Message, scope: Scope) -> None:
    """Lay our headers on an answer. A page that says nothing of being kept is not kept."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in ALWAYS.items():
        headers[name] = value
    if scope.get("state", {}).get("prints"):
        headers["content-security-policy"] = PRINTING_POLICY
    if scope.get("scheme") == "https":
        headers[STRICT_TRANSPORT[0]] = STRICT_TRANSPORT[1]
    if "cache-control" not in headers:
        headers["cache-control"] = "no-store"
