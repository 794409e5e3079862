"""A picture is found again however it was cut and saved; two pictures are not taken for one; and no file, however made, does any harm."""

import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.makers.pictures import CHANGES, jpeg, scene
from zhanggui.estimates.photos import ALIKE, Look, PhotoState, candidates, likeness, look_at, windows


def _is_same(one: Look, other: Look) -> bool:
    return bool(candidates(one, [other.prints])) and likeness(one, other) >= ALIKE


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in ("mirrored", "a black bar with text over 15 %")])
def test_it_finds_a_picture_again(change: str) -> None:
    picture = scene(1)

    changed = look_at(jpeg(CHANGES[change](picture, random.Random(1))))

    assert _is_same(changed, look_at(jpeg(picture)))


def test_it_finds_a_mirrored_picture_by_its_mirror_image() -> None:
    picture = scene(1)
    turned = jpeg(CHANGES["mirrored"](picture, random.Random(1)))

    assert _is_same(look_at(turned, mirrored=True), look_at(jpeg(picture)))


def test_it_does_not_take_two_pictures_for_one() -> None:
    looks = [look_at(jpeg(scene(number))) for number in range(12)]

    same = [(a, b) for a in range(12) for b in range(a) if _is_same(looks[a], looks[b])]

    assert same == []


def test_it_turns_a_picture_as_the_telephone_says_it_was_held() -> None:
    picture = scene(2)
    exif = Image.Exif()
    exif[0x0112] = 6
    held = jpeg(picture.transpose(Image.Transpose.ROTATE_90), exif=exif)

    assert _is_same(look_at(held), look_at(jpeg(picture)))


def test_it_looks_at_no_picture_that_claims_to_be_huge() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))

    look = look_at(b"\x89PNG\r\n\x1a\n" + chunk)

    assert look.state in (PhotoState.TOO_LARGE, PhotoState.UNREADABLE)


@pytest.mark.parametrize(("side", "form", "state"), [(6000, "PNG", PhotoState.TOO_LARGE), (5000, "PNG", PhotoState.PLAIN), (6000, "JPEG", PhotoState.PLAIN)])
def test_it_draws_no_more_than_memory_bears_where_a_picture_has_to_be_drawn_whole(side: int, form: str, state: PhotoState) -> None:
    file = io.BytesIO()
    Image.new("L", (side, side)).save(file, form)

    look = look_at(file.getvalue())

    assert (look.state, len(file.getvalue()) < 1_000_000) == (state, True)


def test_it_tells_nothing_by_a_blank_picture() -> None:
    blank = look_at(jpeg(Image.new("RGB", (300, 200), "white")))

    assert (blank.state, candidates(blank, [blank.prints])) == (PhotoState.PLAIN, [])


def test_it_says_of_a_file_that_is_none_that_it_cannot_read_it() -> None:
    whole = jpeg(scene(3))

    states = [look_at(content).state for content in (b"", b"\xff\xd8\xff an opened box", whole[: len(whole) // 2])]

    assert states == [PhotoState.UNREADABLE] * 3


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_no_damage_to_a_file_does_harm(at: int, junk: bytes) -> None:
    whole = bytearray(_SMALL)
    whole[at % len(whole) : at % len(whole) + len(junk)] = junk

    assert look_at(bytes(whole)).state in PhotoState


def test_it_reads_what_one_can_see_through_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")

    assert look_at(out.getvalue()).state is PhotoState.PLAIN


def test_the_first_window_is_the_whole() -> None:
    assert (windows()[0], len(windows())) == ((0.0, 0.0, 1.0, 1.0), 49)


_SMALL = jpeg(scene(4, (160, 120)))
