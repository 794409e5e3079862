"""Labels as PDF: the right size, every code read back, the font inside, nothing cut off and nothing clear, whatever is written on them."""

import re

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.papers.looking import NOW, ORDER, PARCEL, POINTS_A_MM, Character, characters, codes, label, pictures, text_of
from zhanggui.papers.drawing import LONGEST_ADDRESS, LONGEST_SENDER, labels_pdf
from zhanggui.papers.geometry import SIZES, Box, Size
from zhanggui.papers.shapes import Party
from zhanggui.papers.trouble import CannotEncode

BOTH = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
NASTY = (
    "^XZ",
    "~JA",
    "^FS^XA",
    "\n",
    "\r\n",
    "\t",
    "😀",
    "👨‍👩‍👧",
    "𠮷",
    "龘",
    "\u202e",
    "\0",
    '#image("/etc/passwd")',
    "*",
    "_",
    "$x$",
    "<b>",
    "\\",
    "`",
    "@",
    "W" * 40,
    "﷽",
    "شارع",
    "ﾊﾝｶｸ",
)
TEXTS = st.lists(
    st.sampled_from(NASTY) | st.text("浙江省杭州市余杭区某某街道花园小区东西南北中发白", min_size=1, max_size=12) | st.text(max_size=8), max_size=9
).map("".join)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@BOTH
def test_it_has_the_size_of_the_label(size: Size) -> None:
    pdf = pypdfium2.PdfDocument(labels_pdf([label(), label()], size, made_at=NOW))

    assert [tuple(round(side / POINTS_A_MM, 1) for side in page.get_size()) for page in pdf] == [(size.width, size.height)] * 2


@BOTH
def test_both_codes_are_read_back_from_the_picture(size: Size) -> None:
    pages = pictures(labels_pdf([label(), label(tracking_no=None)], size, made_at=NOW))

    assert [codes(page) for page in pages] == [{"Code 128": PARCEL, "QR Code": ORDER}, {"Code 128": ORDER, "QR Code": ORDER}]


@pytest.mark.parametrize(
    "number",
    ["123", "9999999999999", "SF1234567890123", "JDVA00012345678-1-1-", "YT99", "A9B99C999D9999", "1234567", "abc-123", "98000012345678901234", "99999999"],
)
def test_every_shape_of_number_is_read_back(number: str) -> None:
    (page,) = pictures(labels_pdf([label(tracking_no=number)], SIZES["100x180"], made_at=NOW))

    assert codes(page)["Code 128"] == number


def test_it_embeds_only_the_characters_used_of_a_chinese_font() -> None:
    pdf = labels_pdf([label()], SIZES["76x130"], made_at=NOW)

    assert b"NotoSansCJK" in pdf
    assert len(pdf) < 100_000
    assert "浙江省杭州市余杭区五常街道文一西路969号" in text_of(pdf)


def test_the_same_label_at_the_same_moment_is_the_same_file() -> None:
    assert labels_pdf([label()], SIZES["76x130"], made_at=NOW) == labels_pdf([label()], SIZES["76x130"], made_at=NOW)


@pytest.mark.parametrize("number", ["YT^XZ", "YT 123", "单号1234567", "YT12\n34", "１２３４", "", "Z" * 49])
def test_it_refuses_a_number_that_is_no_barcode(number: str) -> None:
    if not number:  # as good as none: the order's own is taken
        assert labels_pdf([label(tracking_no=number)], SIZES["76x130"], made_at=NOW)
        return
    with pytest.raises(CannotEncode):
        labels_pdf([label(tracking_no=number)], SIZES["76x130"], made_at=NOW)


def test_a_number_too_long_for_the_small_label_fits_the_large_one() -> None:
    long = label(tracking_no="ABCDEFGHIJKLMNOPQRSTUVWX")

    with pytest.raises(CannotEncode, match="too long"):
        labels_pdf([long], SIZES["76x130"], made_at=NOW)
    (page,) = pictures(labels_pdf([long], SIZES["100x180"], made_at=NOW))

    assert codes(page)["Code 128"] == "ABCDEFGHIJKLMNOPQRSTUVWX"


@pytest.mark.parametrize(("who", "longest"), [("receiver", LONGEST_ADDRESS), ("sender", LONGEST_SENDER)])
def test_an_address_longer_than_a_label_takes_is_refused_not_cut(who: str, longest: int) -> None:
    with pytest.raises(CannotEncode, match="more than the"):
        labels_pdf([label(**{who: Party("张*", "138******34", "某" * (longest + 1))})], SIZES["76x130"], made_at=NOW)


@pytest.mark.parametrize("number", [PARCEL, None])
@BOTH
def test_the_longest_address_is_printed_whole_inside_its_box(size: Size, number: str | None) -> None:
    address = "新疆维吾尔自治区巴音郭楞蒙古自治州和静县" + "某某街道" * ((LONGEST_ADDRESS - 20) // 4)
    region, receiver = "新疆维吾尔自治区 巴音郭楞蒙古自治州 和静县", Party("欧**", "138******34", address)
    sender = Party("林记坚果", "057*******00", "浙江省杭州市临平区" + "东湖" * ((LONGEST_SENDER - 9) // 2))
    pdf = labels_pdf([label(receiver=receiver, sender=sender, goods="坚果" * 200, region=region, tracking_no=number)], size, made_at=NOW)

    assert address in text_of(pdf)
    assert sender.address in text_of(pdf)
    assert outside(characters(pdf), size) == []


@FEW
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=6))
def test_whatever_is_written_stays_in_its_box_and_the_codes_can_be_read(told: list[tuple[str, str, str, str]]) -> None:
    labels = [
        label(receiver=Party.hidden(name, "13800001234", address[:LONGEST_ADDRESS]), goods=goods, region=region[:30]) for name, address, goods, region in told
    ]
    labels = [each for each in labels if is_sound(each.goods, each.region)]
    size = SIZES["76x130"]

    pdf = labels_pdf(labels or [label()], size, made_at=NOW)

    for page, picture in enumerate(pictures(pdf)):
        assert outside(characters(pdf, page), size) == []
        assert codes(picture) == {"Code 128": PARCEL, "QR Code": ORDER}
    assert not re.search(r"\d{6,}", text_of(pdf).replace(PARCEL, "").replace(ORDER, "").replace("41833", "").replace("2026-11-16", ""))


def is_sound(goods: str, region: str) -> bool:
    """Whether these texts are nobody's data by chance."""
    try:
        label(goods=goods, region=region).refuse_clear()
    except Exception:  # noqa: BLE001 - which refusal it is does not matter here
        return False
    return not re.search(r"\d{4}", goods + region)


def outside(found: list[Character], size: Size) -> list[str]:
    """Characters that stand in no box of the label; a hair's breadth is allowed, since ink of some signs leaves its line."""
    boxes = [size.head, size.region, size.caption, size.receiver, size.sender, size.goods, size.sign]
    return [each.text for each in found if not any(_holds(box, each) for box in boxes)]


def _holds(box: Box, sign: Character, hair: float = 0.5) -> bool:
    across = box.x - hair <= sign.left and sign.right <= box.x + box.width + hair
    return across and box.y - hair <= sign.top and sign.bottom <= box.y + box.height + hair
