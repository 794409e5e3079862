"""Makes a screenshot small: at most 256 colours, so that pictures of pages weigh little in the repository. Standard library only."""

import struct
import zlib
from collections import Counter

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small_png(png: bytes) -> bytes:
    """The same picture with a palette. Colours past the 256 most frequent take the nearest of those."""
    width, height, channels, raw = _read(png)
    pixels = _pixels(_unfiltered(raw, width, height, channels), channels)
    counted = Counter(pixels)
    palette = _palette(counted)
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in index:
            index[colour] = _nearest(colour, palette)
    rows = bytearray()
    for row in range(height):
        rows.append(0)
        rows += bytes([index[colour] for colour in pixels[row * width : (row + 1) * width]])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"PLTE", b"".join(palette)) + _chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + _chunk(b"IEND", b"")


def _palette(counted: Counter[bytes]) -> list[bytes]:
    """The 256 colours to keep: the most frequent one of every corner of the colour space first, so that no rare hue is lost, then the most frequent of all."""
    corners: dict[tuple[int, ...], bytes] = {}
    for colour, _ in counted.most_common():
        corners.setdefault(tuple(part >> 5 for part in colour), colour)
    kept = dict.fromkeys(list(corners.values())[:160])
    for colour, _ in counted.most_common(256):
        if len(kept) < 256:
            kept[colour] = None
    return list(kept)


def _read(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, bytes per pixel and the inflated data of an 8-bit RGB or RGBA picture."""
    at, data, header = len(_SIGNATURE), b"", b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if name == b"IHDR" else header
        data += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, kind = struct.unpack(">IIBB", header[:10])
    assert (depth, kind) in ((8, 2), (8, 6)), "Chromium writes 8-bit RGB or RGBA"
    return width, height, 3 if kind == 2 else 4, zlib.decompress(data)


def _unfiltered(raw: bytes, width: int, height: int, channels: int) -> bytes:
    """The bytes of the pixels, row after row, with the PNG filters undone."""
    stride = width * channels
    above = bytearray(stride)
    out = bytearray()
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        _undo(raw[start], line, above, channels)
        out += line
        above = line
    return bytes(out)


def _undo(kind: int, line: bytearray, above: bytearray, step: int) -> None:
    match kind:
        case 0:
            return
        case 1:
            for i in range(step, len(line)):
                line[i] = (line[i] + line[i - step]) & 255
        case 2:
            line[:] = bytes((value + up) & 255 for value, up in zip(line, above, strict=True))
        case 3:
            for i in range(len(line)):
                left = line[i - step] if i >= step else 0
                line[i] = (line[i] + (left + above[i]) // 2) & 255
        case _:
            for i in range(len(line)):
                left, corner = (line[i - step], above[i - step]) if i >= step else (0, 0)
                line[i] = (line[i] + _paeth(left, above[i], corner)) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    to_left, to_up, to_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def _pixels(data: bytes, channels: int) -> list[bytes]:
    return [data[i : i + 3] for i in range(0, len(data), channels)]


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    red, green, blue = colour
    return min(range(len(palette)), key=lambda i: abs(palette[i][0] - red) + abs(palette[i][1] - green) + abs(palette[i][2] - blue))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
