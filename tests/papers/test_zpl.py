"""Labels as ZPL: read and drawn by another library as the PDF looks, codes read back, and nothing written can become a command."""

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from zplkit.parse import parse

from tests.papers.looking import ORDER, PARCEL, codes, drawn, label
from tests.papers.test_labels import BOTH, FEW, TEXTS, is_sound
from zhanggui.papers.bars import bars_of, told_to_printer
from zhanggui.papers.drawing import label_sheet
from zhanggui.papers.engine import typeset_pictures
from zhanggui.papers.geometry import SIZES, Size
from zhanggui.papers.shapes import Party
from zhanggui.papers.zpl import DPI, fields_of, labels_zpl

ALLOWED = {"XA", "PW", "LL", "LH", "FO", "GF", "FS", "BY", "BC", "FD", "XZ"}
SMALL = SIZES["76x130"]


def commands(zpl: str) -> list[str]:
    """The commands another library reads, one after the other, by their two letters."""
    elements = parse(zpl).elements
    assert {element.kind for element in elements} <= {"format_command", "control_character"}
    return [bytes(element)[1:3].decode() for element in elements if element.kind == "format_command"]


@BOTH
def test_another_library_draws_it_and_the_codes_are_read_back(size: Size) -> None:
    pages = drawn(labels_zpl([label(), label(tracking_no=None)], size), size)

    assert [page.size for page in pages] == [(size.width * 8, size.height * 8)] * 2
    assert [codes(page) for page in pages] == [{"Code 128": PARCEL, "QR Code": ORDER}, {"Code 128": ORDER, "QR Code": ORDER}]


def test_heads_of_300_dpi_are_drawn_finer() -> None:
    zpl = labels_zpl([label()], SMALL, dpi=300)
    (page,) = drawn(zpl, SMALL, dpi=300, dots_a_mm=300 / 25.4)

    assert "^PW898\n^LL1535" in zpl
    assert codes(page) == {"Code 128": PARCEL, "QR Code": ORDER}


def test_what_is_drawn_is_what_was_set() -> None:
    (picture,) = typeset_pictures("label", label_sheet([label()], SMALL, with_bars=False), dots_per_inch=DPI[203])
    with Image.open(BytesIO(picture)) as opened:
        meant = opened.convert("L").point(lambda light: 0 if light < 150 else 255)
    (page,) = drawn(labels_zpl([label()], SMALL), SMALL)

    bars = (0, 224, 608, 336)
    for each in (meant, page):
        each.paste(255, bars)
    assert ImageChops.difference(meant, page.point(lambda light: 0 if light < 128 else 255)).getbbox() is None


def test_it_is_plain_text_of_known_commands() -> None:
    zpl = labels_zpl([label()], SMALL)

    assert zpl.isascii()
    assert set(commands(zpl)) == ALLOWED
    assert re.findall(r"\^FD(.*?)\^FS", zpl) == [">:YT7>5351946208153"]


@pytest.mark.parametrize(
    ("number", "told"), [("YT99", ">:YT99"), ("9999", ">;9999"), ("99999", ">:9>59999"), ("A99999B", ">:A9>59999>6B"), ("A-1", ">:A-1"), ("123", ">:123")]
)
def test_each_change_of_set_is_said(number: str, told: str) -> None:
    assert told_to_printer(bars_of(number)) == told


def test_a_picture_is_cut_into_fields_that_hold_all_its_ink() -> None:
    picture = Image.new("1", (608, 400), 0)
    for box in ((0, 0, 3, 3), (600, 100, 608, 290), (7, 395, 9, 400)):
        picture.paste(1, box)
    again = Image.new("1", picture.size, 0)

    fields = list(fields_of(picture))
    for field in fields:
        again.paste(Image.frombytes("1", (len(field.rows[0]) * 8, len(field.rows)), b"".join(field.rows)), (field.x, field.y))

    assert again.tobytes() == picture.tobytes()
    assert [(field.x, field.y, len(field.rows)) for field in fields] == [(0, 0, 3), (600, 100, 160), (600, 260, 30), (0, 395, 5)]


@FEW
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=4))
def test_nothing_written_becomes_a_command(told: list[tuple[str, str, str, str]]) -> None:
    labels = [
        label(receiver=Party.hidden(name, name, address[:100]), goods=goods, carrier=carrier)
        for name, address, goods, carrier in told
        if is_sound(goods, carrier)
    ] or [label()]

    zpl = labels_zpl(labels, SMALL)

    assert zpl.isascii()
    assert set(commands(zpl)) <= ALLOWED
    assert commands(zpl).count("XA") == commands(zpl).count("XZ") == len(labels)
    assert [codes(page)["Code 128"] for page in drawn(zpl, SMALL)] == [PARCEL] * len(labels)


@FEW
@given(st.from_regex(r"[0-9A-Z][0-9A-Z-]{2,19}", fullmatch=True))
def test_every_number_is_read_back_as_the_printer_draws_it(number: str) -> None:
    size = SIZES["100x180"]
    (page,) = drawn(labels_zpl([label(tracking_no=number)], size), size)

    assert codes(page)["Code 128"] == number
