"""A text as long as its field allows is taken, whatever line ends the browser sends."""

import asyncio
from typing import Any

import pytest

from zhanggui.site.line_ends import with_plain_line_ends

BODY = b"a=1%0D%0A2%0D%0A%0D&b=%0D%0A"


@pytest.mark.parametrize("size", range(1, len(BODY) + 1))
def test_line_ends_are_put_right_wherever_the_body_is_cut(size: int) -> None:
    pieces = [BODY[start : start + size] for start in range(0, len(BODY), size)]
    messages: list[Any] = [{"type": "http.request", "body": piece, "more_body": place < len(pieces) - 1} for place, piece in enumerate(pieces)]

    async def receive() -> Any:
        return messages.pop(0)

    async def whole() -> bytes:
        received, read = with_plain_line_ends(receive), bytearray()
        while True:
            message: Any = await received()
            read += message["body"]
            if not message["more_body"]:
                return bytes(read)

    assert asyncio.run(whole()) == b"a=1%0A2%0A%0D&b=%0A"
