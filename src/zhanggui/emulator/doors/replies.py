"""Replies written straight onto the wire, also broken ones."""

from email.utils import formatdate

from litestar.types import Send

from zhanggui.emulator.wire.envelope import JSON_TYPE

PROMISED_BYTES = b"1048576"


async def reply(send: Send, body: bytes, *, at: float, status: int = 200, content_type: bytes = JSON_TYPE, with_body: bool = True) -> None:
    """Send a whole reply, dated by the platform's own clock; to a HEAD request without its body."""
    date = formatdate(at, usegmt=True).encode()
    headers = [(b"date", date), (b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if with_body else b"", "more_body": False})


async def hang_up(send: Send) -> None:
    """Begin a reply and drop the connection: the server closes it when the promised bytes do not come."""
    headers = [(b"content-type", JSON_TYPE), (b"content-length", PROMISED_BYTES)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
