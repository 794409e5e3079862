"""How papers are looked at: pages as pictures and as placed characters, ZPL drawn by another library, codes read by another decoder."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pypdfium2
import zplkit
import zxingcpp
from PIL import Image

from zhanggui.papers.geometry import Size
from zhanggui.papers.shapes import Item, Label, Party, Slip

NOW = datetime(2026, 11, 16, 1, 5, tzinfo=UTC)
ORDER, PARCEL = "261116-480221756310337", "YT7351946208153"
DOTS_A_MM = 8
POINTS_A_MM = 72 / 25.4


@dataclass(frozen=True)
class Character:
    """A character of a page and the box of its ink, in millimetres from the left upper corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def label(**changes: object) -> Label:
    """A label as any other, with what is told differently."""
    plain: dict[str, object] = {
        "order_no": ORDER,
        "tracking_no": PARCEL,
        "carrier": "圆通速递",
        "region": "浙江省 杭州市 余杭区",
        "receiver": Party("欧**", "138******34", "浙江省杭州市余杭区五常街道文一西路969号西溪花园3幢*单元****室"),
        "shop": "林记坚果",
        "sender": Party("林记坚果", "", "杭州市临平区东湖街道1号仓库"),
        "goods": "每日坚果混合装 750g ×2；开心果 ×1",
        "pieces": 3,
        "made_at": "2026-11-16 09:05",
    }
    return Label(**(plain | changes))  # type: ignore[arg-type]  # a test may tell anything


def slip(**changes: object) -> Slip:
    """A packing slip as any other, with what is told differently."""
    plain: dict[str, object] = {
        "order_no": ORDER,
        "shop": "林记坚果",
        "formed_at": "2026-11-16 08:12",
        "made_at": "2026-11-16 09:05",
        "carrier": "圆通速递",
        "tracking_no": PARCEL,
        "receiver": Party("欧**", "138******34"),
        "region": "浙江省 杭州市 余杭区",
        "items": (Item(title="每日坚果混合装", spec="750g", code="JG-750", pieces=2),),
        "has_note": False,
    }
    return Slip(**(plain | changes))  # type: ignore[arg-type]  # a test may tell anything


def pictures(pdf: bytes, *, dots_a_mm: float = DOTS_A_MM) -> list[Image.Image]:
    """The pages as a head with so many dots a millimetre would burn them."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dots_a_mm / POINTS_A_MM).to_pil().convert("L") for page in document]


def codes(picture: Image.Image) -> dict[str, str]:
    """What a decoder reads in the picture, by kind of code."""
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(picture)}


def drawn(zpl: str, size: Size, *, dpi: int = 203, dots_a_mm: float = DOTS_A_MM) -> list[Image.Image]:
    """The labels as another library draws the ZPL. It refuses commands it does not know."""
    options = zplkit.Options(width=round(size.width * dots_a_mm), height=round(size.height * dots_a_mm), dpi=dpi)
    document = zplkit.render(zpl, options)
    assert document.warnings == []
    rasters = [scene.rasterize() for scene in document.labels]
    return [_picture(raster.width, raster.height, raster.pixels) for raster in rasters]


def _picture(width: int, height: int, pixels: bytes) -> Image.Image:
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[len(pixels) // (width * height)]
    return Image.frombytes(mode, (width, height), pixels).convert("L")


def text_of(pdf: bytes) -> str:
    """All that can be read on the pages, without spaces and places to break."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return "".join("".join(pages).split()).replace("\u200b", "")


def characters(pdf: bytes, page: int = 0) -> list[Character]:
    """Every character with ink on a page, and where it stands."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    height, text = sheet.get_height(), sheet.get_textpage()
    found = []
    for place in range(text.count_chars()):
        sign = text.get_text_range(place, 1)
        left, bottom, right, top = (each / POINTS_A_MM for each in text.get_charbox(place))
        if sign.strip() and right > left and top > bottom:
            found.append(Character(sign, left, height / POINTS_A_MM - top, right, height / POINTS_A_MM - bottom))
    return found
