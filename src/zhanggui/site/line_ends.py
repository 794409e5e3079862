"""Line ends in forms: browsers count one as one character and send it as two, so a text as long as its field allows would be too long here."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

SENT, MEANT = b"%0D%0A", b"%0A"


class PlainLineEnds(ASGIMiddleware):
    """Lets a URL-encoded form be read with the line ends that its writer saw."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Go on; where a form comes, with what is received put right."""
        await next_app(scope, with_plain_line_ends(receive) if _is_form(scope) else receive, send)


def with_plain_line_ends(receive: Receive) -> Receive:
    """The same messages; a line end that is cut by the end of one is looked at with the next."""
    held = b""

    async def received() -> HTTPReceiveMessage:
        nonlocal held
        message = await receive()
        if message["type"] != "http.request":
            return message  # type: ignore[return-value]  # that whoever asked has gone
        body = (held + message.get("body", b"")).replace(SENT, MEANT)
        cut = _cut(body) if message.get("more_body") else len(body)
        held = body[cut:]
        return {**message, "body": body[:cut]}

    return received


def _cut(body: bytes) -> int:
    """Where the last bytes begin that may become a line end with what follows."""
    return next((len(body) - size for size in range(len(SENT) - 1, 0, -1) if body.endswith(SENT[:size])), len(body))


def _is_form(scope: Scope) -> bool:
    if scope["type"] != ScopeType.HTTP:
        return False
    return any(name == b"content-type" and value.lower().startswith(b"application/x-www-form-urlencoded") for name, value in scope["headers"])
