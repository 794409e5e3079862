"""Whether two pictures show the same: one may be cut, shrunk, brightened or saved anew. Needs the extra `images`.

A picture is told by perceptual hashes of itself and of windows in it, so that a cut copy, which is one of those windows, is found too. Hashes only point at
candidates; each is checked by laying one picture over the other, very small, and moving it about a little.
"""

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

MOST_PIXELS = 80_000_000
"""More than any telephone takes; a file may claim far more than it holds."""
MOST_DRAWN = 30_000_000
"""The same of anything but a JPEG, which alone is made small while it is read: ten thousand bytes of a PNG may take a gigabyte to draw."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO")
SCALES = (1.0, 0.85, 0.7)
STEPS = (0.0, 0.5, 1.0)
"""Where windows lie: at the start, in the middle, at the end of the room there is."""
SIDE, KEPT = 32, 8
"""A hash is taken of so many pixels a side, and of so many frequencies a side."""
SKETCH = 64
CLOSE = 18
"""Bits of 64 in which the hashes of a candidate may differ at most."""
MOST_CANDIDATES = 60
ALIKE = 940
"""From so much likeness of a thousand on two pictures count as the same; measured by the proof `photos`."""
_PLAIN = 6.0
"""A picture whose brightness varies less than this (of 255) shows nothing to tell it by."""
_NOWHERE_NEAR = 0.3
"""What fits no better than this where it lies is not moved at all: most candidates go here."""
_HOPELESS = 0.55
"""What fits no better than this at first does not come to fit by moving it about more finely."""
_ROUNDS = 4
_NUDGES = (-0.07, 0.0, 0.07)
_SHIFTS = tuple((x, y, x, y) for x in _NUDGES for y in _NUDGES)
_STRETCHES = tuple((0.0, 0.0, x, y) for x in _NUDGES for y in _NUDGES)
_SHRINKS = tuple((x, y, 0.0, 0.0) for x in _NUDGES for y in _NUDGES)
"""How a window is moved about, as shares of the picture's sides; half as far in each round."""
_BROKEN = (OSError, ValueError, SyntaxError, struct.error, zlib.error, EOFError, IndexError, KeyError, OverflowError, MemoryError, ZeroDivisionError, TypeError)
"""What damaged and made-up files raise while they are read."""


class PhotoState(StrEnum):
    """What came of looking at a picture."""

    READ = "read"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    PLAIN = "plain"


class Look(msgspec.Struct, frozen=True):
    """What a picture looks like: the hashes of the whole and of its windows, 8 bytes each, and the picture very small."""

    state: PhotoState
    width: int = 0
    height: int = 0
    prints: bytes = b""
    sketch: bytes = b""


class ImagesMissing(Exception):
    """The extra `images` is not installed."""


def is_there() -> bool:
    """Whether pictures can be compared here."""
    try:
        _needed("PIL.Image"), _needed("numpy")
    except ImagesMissing:
        return False
    return True


def look_at(content: bytes, *, mirrored: bool = False) -> Look:
    """What the picture in these bytes (or its mirror image) looks like; says of bytes that are none, or too large a one. Raises ImagesMissing."""
    image, numpy = _needed("PIL.Image"), _needed("numpy")
    turned = _needed("PIL.ImageOps").exif_transpose
    try:
        with image.open(io.BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > (MOST_PIXELS if opened.format in ("JPEG", "MPO") else MOST_DRAWN):
                return Look(PhotoState.TOO_LARGE, width, height)
            opened.draft("RGB", (4 * SKETCH, 4 * SKETCH))
            upright = turned(opened)
            flat = _on_white(image, upright).resize((4 * SKETCH, 4 * SKETCH), image.Resampling.BOX, reducing_gap=2.0)
    except image.DecompressionBombError:
        return Look(PhotoState.TOO_LARGE)
    except _BROKEN:
        return Look(PhotoState.UNREADABLE)
    pixels = numpy.asarray(flat, dtype=numpy.float32)
    pixels = pixels[:, ::-1] if mirrored else pixels
    small = pixels.reshape(SKETCH, 4, SKETCH, 4).mean(axis=(1, 3))
    state = PhotoState.READ if float(small.std()) >= _PLAIN else PhotoState.PLAIN
    prints = b"".join(int(bits).to_bytes(8, "big") for bits in _hashes(pixels))
    return Look(state, width, height, prints, numpy.rint(small).clip(0, 255).astype(numpy.uint8).tobytes())


def candidates(look: Look, prints: Sequence[bytes]) -> list[int]:
    """The places of those pictures that may show the same as this one, the closest first. All are given by their hashes."""
    numpy = _needed("numpy")
    if look.state is not PhotoState.READ or not prints:
        return []
    ours = numpy.frombuffer(look.prints, dtype=">u8")
    theirs = numpy.frombuffer(b"".join(prints), dtype=">u8").reshape(len(prints), -1)
    as_part = numpy.bitwise_count(theirs ^ ours[0]).min(axis=1)
    as_whole = numpy.bitwise_count(theirs[:, :1] ^ ours[None, :]).min(axis=1)
    apart = numpy.minimum(as_part, as_whole)
    near = numpy.flatnonzero(apart <= CLOSE)
    ordered = near[numpy.argsort(apart[near], kind="stable")]
    return [int(place) for place in ordered[:MOST_CANDIDATES]]


def likeness(one: Look, other: Look) -> int:
    """How much two pictures show the same, of a thousand: the best that laying one over windows of the other comes to."""
    return max(_laid_over(one, other), _laid_over(other, one))


def _laid_over(whole: Look, other: Look) -> int:
    """How well the whole of one picture fits a window of the other, moved and stretched a little."""
    numpy = _needed("numpy")
    ours = numpy.frombuffer(whole.prints, dtype=">u8")[0]
    apart = numpy.bitwise_count(numpy.frombuffer(other.prints, dtype=">u8") ^ ours)
    best = 0.0
    sketch = _pixels(other)
    wanted = _normed(_shrunk(_pixels(whole)))
    for place in numpy.argsort(apart, kind="stable")[:4]:
        if apart[place] > CLOSE:
            break
        best = max(best, _fit(wanted, sketch, windows()[int(place)]))
    return max(round(best * 1000), 0)


def _fit(wanted: Any, sketch: Any, window: tuple[float, float, float, float]) -> float:
    """The best correlation over this window moved about, coarse first, then finer about the best."""
    numpy = _needed("numpy")
    as_it_lies = float((_normed(_sampled(sketch, numpy.array([window]))) * wanted).sum())
    if as_it_lies < _NOWHERE_NEAR:
        return as_it_lies
    best, box, step = as_it_lies, window, 1.0
    for _ in range(_ROUNDS):
        # first moved as it is, then its far and its near edges stretched: twenty-seven tries in place of eighty-one
        for moves in (_SHIFTS, _STRETCHES, _SHRINKS):
            boxes = numpy.array(box) + step * numpy.array(moves)
            fits = _normed(_sampled(sketch, boxes)) @ wanted
            place = int(fits.argmax())
            if float(fits[place]) > best:
                best, box = float(fits[place]), tuple(boxes[place])
        if best < _HOPELESS:
            break
        step /= 2
    return best


def _sampled(sketch: Any, boxes: Any) -> Any:
    """The sketch within each box, as 16 by 16 mean values; beyond its edge the edge is repeated."""
    numpy = _needed("numpy")
    side = SIDE
    at = (numpy.arange(side) + 0.5) / side
    across = ((boxes[:, 0, None] + (boxes[:, 2] - boxes[:, 0])[:, None] * at) * SKETCH - 0.5).clip(0, SKETCH - 1)
    down = ((boxes[:, 1, None] + (boxes[:, 3] - boxes[:, 1])[:, None] * at) * SKETCH - 0.5).clip(0, SKETCH - 1)
    found = sketch[numpy.rint(down).astype(int)[:, :, None], numpy.rint(across).astype(int)[:, None, :]]
    return found.reshape(len(boxes), side // 2, 2, side // 2, 2).mean(axis=(2, 4)).reshape(len(boxes), -1)


def _shrunk(sketch: Any) -> Any:
    side = SKETCH * 2 // SIDE
    return sketch.reshape(SIDE // 2, side, SIDE // 2, side).mean(axis=(1, 3)).reshape(1, -1)


def _normed(rows: Any) -> Any:
    """Rows with mean 0 and length 1, so that their product is their correlation. One row comes back as a vector."""
    numpy = _needed("numpy")
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = numpy.sqrt((centred**2).sum(axis=1, keepdims=True))
    normed = centred / numpy.maximum(length, 1e-6)
    return normed[0] if len(normed) == 1 else normed


def _pixels(look: Look) -> Any:
    numpy = _needed("numpy")
    return numpy.frombuffer(look.sketch, dtype=numpy.uint8).reshape(SKETCH, SKETCH).astype(numpy.float32)


def _hashes(pixels: Any) -> Iterator[int]:
    """The hash of the whole and of every window: the signs of its lowest frequencies about their median."""
    numpy = _needed("numpy")
    size = len(pixels)
    summed = numpy.zeros((size + 1, size + 1), dtype=numpy.float64)
    summed[1:, 1:] = pixels.cumsum(axis=0, dtype=numpy.float64).cumsum(axis=1)
    waves = _waves()
    for left, top, right, bottom in windows():
        across = numpy.rint(numpy.linspace(left * size, right * size, SIDE + 1)).astype(int)
        down = numpy.rint(numpy.linspace(top * size, bottom * size, SIDE + 1)).astype(int)
        corners = summed[down[:, None], across[None, :]]
        area = (down[1:] - down[:-1])[:, None] * (across[1:] - across[:-1])[None, :]
        cells = (corners[1:, 1:] - corners[:-1, 1:] - corners[1:, :-1] + corners[:-1, :-1]) / area
        low = (waves @ cells @ waves.T).ravel()
        bits = low > numpy.median(low[1:])
        yield int("".join("1" if bit else "0" for bit in bits), 2)


@cache
def windows() -> tuple[tuple[float, float, float, float], ...]:
    """The windows a picture is told by, the whole first: left, top, right, bottom as shares of its sides."""
    found = []
    for wide in SCALES:
        for high in SCALES:
            for x in STEPS if wide < 1 else STEPS[:1]:
                for y in STEPS if high < 1 else STEPS[:1]:
                    left, top = (1 - wide) * x, (1 - high) * y
                    found.append((left, top, left + wide, top + high))
    return tuple(found)


@cache
def _waves() -> Any:
    """The lowest frequencies of the cosine transform, as a matrix."""
    numpy = _needed("numpy")
    rows = numpy.arange(KEPT)[:, None]
    return numpy.cos(numpy.pi * (2 * numpy.arange(SIDE)[None, :] + 1) * rows / (2 * SIDE))


def _on_white(image: Any, picture: Any) -> Any:
    """The picture in shades of grey, on white where one can see through it."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = image.new("RGBA", clear.size, (255, 255, 255, 255))
        return image.alpha_composite(ground, clear).convert("L")
    return picture.convert("L")


def _needed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ImagesMissing from None
