"""The door where pictures lie: what a buyer showed, drawn from the number of the case, so that the same case always shows the same."""

import struct
import zlib

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.seeded import between

WIDTH, HEIGHT, TILE = 240, 320, 40


@get("/pictures/aftersales/{name:str}", sync_to_thread=False)
def buyers_picture(request: Asking, name: FromPath[str]) -> Response[bytes]:
    """One picture of a case, by `<case>-<place>.jpeg`; nothing for a case that shows none."""
    number, _, place = name.partition(".")[0].partition("-")
    if not (number.isascii() and number.isdecimal() and place.isascii() and place.isdecimal() and len(number) < 20 and len(place) < 3):
        raise NotFoundException
    shown = next((case.pictures for world in platform_of(request).worlds.values() if (case := world.cases.get(int(number))) is not None), 0)
    if int(place) >= shown:
        raise NotFoundException
    return Response(drawn(int(number), int(place)), media_type="image/png")


def drawn(case_id: int, place: int) -> bytes:
    """A picture of coloured tiles."""
    across, down = WIDTH // TILE, HEIGHT // TILE
    tiles = [[bytes(between(30, 225, case_id, place, row, column, shade) for shade in range(3)) for column in range(across)] for row in range(down)]
    lines = b"".join(b"\0" + b"".join(colour * TILE for colour in tiles[line // TILE]) for line in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
