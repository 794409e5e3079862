"""What a caller sent, read straight off the wire: it may come in six forms, and more of it than we take."""

import msgspec
from litestar.datastructures import Headers
from litestar.types import Receive, Scope

from zhanggui.emulator.wire.multipart import parsed
from zhanggui.emulator.wire.parameters import from_body, from_query

LARGEST_BODY = 8 * 1024 * 1024


class BodyTooLargeError(Exception):
    """The body is larger than the gateway takes."""


class Sent(msgspec.Struct, frozen=True):
    """One request: its parameters from query and body together, its files, and where it came from and to."""

    parameters: dict[str, str]
    files: dict[str, bytes]
    client: str
    base_url: str


async def sent_with(scope: Scope, receive: Receive) -> Sent:
    """Read a request whole; the body wins over the query."""
    headers = Headers.from_scope(scope)
    content_type, body = headers.get("content-type", ""), await body_of(receive)
    found, files = from_query(scope["query_string"]), dict[str, bytes]()
    if content_type.startswith("multipart/"):
        form = parsed(content_type, body)
        found, files = found | form.fields, form.files
    else:
        found |= from_body(content_type, body)
    client = scope["client"][0] if scope["client"] else ""
    return Sent(found, files, client, f"http://{headers.get('host', '127.0.0.1')}")


async def body_of(receive: Receive) -> bytes:
    """The whole body, unless it is too large."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(pieces)
        pieces.append(message["body"])
        size += len(message["body"])
        if size > LARGEST_BODY:
            raise BodyTooLargeError
        if not message["more_body"]:
            return b"".join(pieces)
