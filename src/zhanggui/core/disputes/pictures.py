"""What the head of a picture file tells without drawing it: how large it is, and whether it is as a camera made it."""

import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

import msgspec


class PictureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Size in pixels, and traces of a camera; the size the camera wrote down differs from the picture's own where it was cut or made smaller."""

    width: int
    height: int
    has_camera: bool = False
    shot_width: int | None = None
    shot_height: int | None = None
    is_turned: bool = False
    """Whether the file says that it is to be shown on its side."""


class Doubt(StrEnum):
    """What makes a picture a weak piece of evidence."""

    NO_PICTURE = "doubt_no_picture"
    TOO_LARGE = "doubt_too_large"
    SMALL = "doubt_small"
    CUT = "doubt_cut"
    """The camera noted another size than the picture has."""
    ODD_SHAPE = "doubt_odd_shape"
    """Neither the shape of a camera's picture nor that of a screen."""
    NO_ORIGINAL = "doubt_no_original"
    """No trace of a camera: a screenshot, or a picture that was sent on."""
    NO_MOMENT = "doubt_no_moment"
    """Nobody said when what it shows happened."""


ByteOrder = Literal["little", "big"]

_SHAPES = (1.0, 4 / 3, 3 / 2, 16 / 9, 5 / 4)
_SCREENS = (16 / 9, 2.0, 19.5 / 9, 20 / 9, 21 / 9, 16 / 10)
_NEAR = 0.015


def picture_facts(content: bytes) -> PictureFacts | None:
    """What the head of this PNG, JPEG, GIF or WebP tells; None for anything else, and for what is broken before that."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _sized(*struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _sized(*struct.unpack("<HH", content[6:10]))
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        return _jpeg(content) if content.startswith(b"\xff\xd8") else None
    except (struct.error, IndexError, ValueError):
        return None


def doubts_of(picture: PictureFacts | None, size: int, *, is_screen: bool, has_moment: bool, most_bytes: int, least_side: int) -> tuple[Doubt, ...]:
    """What speaks against the picture; `is_screen` says that it shows a screen, so that no camera is to be expected."""
    if picture is None:
        return (Doubt.NO_PICTURE,)
    width, height = picture.width, picture.height
    found = {
        Doubt.TOO_LARGE: size > most_bytes,
        Doubt.SMALL: min(width, height) < least_side,
        Doubt.CUT: _is_cut(picture),
        Doubt.ODD_SHAPE: not is_screen and not _has_shape(width, height),
        Doubt.NO_ORIGINAL: not is_screen and not picture.has_camera,
        Doubt.NO_MOMENT: not has_moment,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _is_cut(picture: PictureFacts) -> bool:
    if picture.shot_width is None or picture.shot_height is None:
        return False
    return {picture.shot_width, picture.shot_height} != {picture.width, picture.height}


def _has_shape(width: int, height: int) -> bool:
    shape = max(width, height) / max(1, min(width, height))
    return any(abs(shape - known) <= known * _NEAR for known in (*_SHAPES, *_SCREENS))


def _sized(width: int, height: int) -> PictureFacts | None:
    return PictureFacts(width=width, height=height) if width > 0 and height > 0 else None


def _webp(content: bytes) -> PictureFacts | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return _sized(1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return _sized(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack("<HH", content[26:30])
    return _sized(width & 0x3FFF, height & 0x3FFF)


_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def _jpeg(content: bytes) -> PictureFacts | None:
    shot = _Shot()
    for marker, body in _segments(content):
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            shot = _exif(body[6:])
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", body[1:5])
            found = _sized(width, height)
            return found and msgspec.structs.replace(
                found, has_camera=shot.has_camera, shot_width=shot.width, shot_height=shot.height, is_turned=shot.orientation in (5, 6, 7, 8)
            )
    return None


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG before its picture: marker and body."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return
        marker = content[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2 or marker == 0xDA:
            return
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length


class _Shot(msgspec.Struct, frozen=True):
    """What the camera wrote down."""

    has_camera: bool = False
    width: int | None = None
    height: int | None = None
    orientation: int = 1


_MAKE, _MODEL, _ORIENTATION, _MORE, _WIDTH, _HEIGHT, _TAKEN = 0x010F, 0x0110, 0x0112, 0x8769, 0xA002, 0xA003, 0x9003
_MOST_TAGS = 200


def _exif(tiff: bytes) -> _Shot:
    """The few tags of Exif that matter; nothing where they cannot be read."""
    if tiff[:2] not in (b"II", b"MM"):
        return _Shot()
    order: ByteOrder = "little" if tiff.startswith(b"II") else "big"
    tags = dict(_tags(tiff, int.from_bytes(tiff[4:8], order), order))
    more = dict(_tags(tiff, tags[_MORE], order)) if _MORE in tags else {}
    has_camera = _MAKE in tags or _MODEL in tags or _TAKEN in more
    return _Shot(has_camera, more.get(_WIDTH), more.get(_HEIGHT), tags.get(_ORIENTATION, 1))


def _tags(tiff: bytes, at: int, order: ByteOrder) -> Iterator[tuple[int, int]]:
    """Tag and number of one directory; for what is no single number, where it lies."""
    count = int.from_bytes(tiff[at : at + 2], order)
    for place in range(at + 2, at + 2 + 12 * min(count, _MOST_TAGS), 12):
        field = tiff[place : place + 12]
        if len(field) < 12:
            return
        tag, kind = int.from_bytes(field[:2], order), int.from_bytes(field[2:4], order)
        width = 2 if kind == 3 else 4
        yield tag, int.from_bytes(field[8 : 8 + width], order)
