"""1,000 labels as PDF and as ZPL, with barcode, QR code and a Chinese font embedded, against the seconds a person at the printer will wait; and how many of
the codes another decoder reads back from pictures as coarse as a thermal head.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pypdfium2
import zplkit
import zxingcpp
from PIL import Image

from bench.support import QUICK, report, say_progress
from zhanggui.papers.drawing import labels_pdf, slips_pdf
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Item, Label, Party, Slip
from zhanggui.papers.zpl import labels_zpl

NOW = datetime(2026, 11, 16, 1, 5, tzinfo=UTC)
MANY = 60 if QUICK else 1_000
RUNS = 1 if QUICK else 3
READ = 10 if QUICK else 100
LIMIT_PDF, LIMIT_ZPL, LIMIT_SLIPS = 10.0, 60.0, 30.0
"""Seconds for 1,000: 500 labels in five seconds as PDF; as ZPL as fast as a quick printer burns them, 16 a second; slips while a printer prints 20."""
SIZE = SIZES["76x130"]
_DOTS_A_POINT = 203.2 / 72
_PLACES = ("浙江省 杭州市 余杭区", "广东省 广州市 白云区", "新疆维吾尔自治区 巴音郭楞蒙古自治州 和静县", "上海市 浦东新区")
_GOODS = "每日坚果混合装独立小包装孕妇儿童零食大礼包 750g ×{pieces}；手工红糖姜茶块 240g罐装 ×1"


def main() -> None:
    """Print the figures as JSON lines."""
    dice = random.Random(7)
    batches = [[_label(dice, number) for number in range(MANY)] for _ in range(RUNS)]
    say_progress(f"{MANY:,} labels")
    pdf = _measure("labels as PDF", lambda labels: labels_pdf(labels, SIZE, made_at=NOW), batches, LIMIT_PDF)
    zpl = _measure("labels as ZPL", lambda labels: labels_zpl(labels, SIZE).encode("ascii"), batches, LIMIT_ZPL)
    _measure("packing slips as PDF", lambda labels: slips_pdf([_slip(label) for label in labels], made_at=NOW), batches, LIMIT_SLIPS)
    _read_back("PDF", batches[-1], _pages(pdf))
    _read_back("ZPL", batches[-1], _drawn(zpl))


def _measure(what: str, make: Callable[[Sequence[Label]], bytes], batches: Sequence[Sequence[Label]], limit: float) -> bytes:
    """The quickest of some runs, per thousand, against the limit. Each run has labels of its own: the typesetter remembers what it has set."""
    took, made = [], b""
    for labels in batches:
        began = time.perf_counter()
        made = make(labels)
        took.append(time.perf_counter() - began)
    seconds = min(took) * 1_000 / MANY
    report(
        f"1,000 {what}, {len(made) / MANY / 1_000:.1f} kB each",
        value=1_000 / seconds,
        unit="a second",
        against=f"{limit:.0f} s for 1,000",
        ratio=seconds / limit,
        target="<= 1",
        ok=seconds <= limit or QUICK,
    )
    return made


def _read_back(form: str, labels: Sequence[Label], pictures: Sequence[Image.Image]) -> None:
    right = sum(
        {found.text for found in zxingcpp.read_barcodes(picture)} == {label.tracking_no, label.order_no}
        for label, picture in zip(labels, pictures, strict=False)
    )
    share = right / len(pictures)
    report(f"labels of {len(pictures)} whose barcode and QR code are read back from {form} at 203 dpi", value=right, ratio=share, target="all", ok=share == 1)


def _pages(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [document[page].render(scale=_DOTS_A_POINT).to_pil().convert("L") for page in range(READ)]


def _drawn(zpl: bytes) -> list[Image.Image]:
    """Each label drawn by itself: the other library takes only so much at once."""
    written = [label + b"^XZ" for label in zpl.split(b"^XZ")[:READ]]
    options = zplkit.Options(width=SIZE.width * 8, height=SIZE.height * 8, dpi=203)
    rasters = [zplkit.render(label, options).labels[0].rasterize() for label in written]
    return [Image.frombytes("L", (raster.width, raster.height), raster.pixels) for raster in rasters]


def _label(dice: random.Random, number: int) -> Label:
    place = dice.choice(_PLACES)
    street = f"{place.replace(' ', '')}某某街道文一西路{dice.randrange(1, 999)}号西溪花园{dice.randrange(1, 30)}幢*单元****室"
    pieces = dice.randrange(1, 4)
    return Label(
        order_no=f"261116-{dice.randrange(10**15):015d}",
        tracking_no=f"YT{dice.randrange(10**13):013d}",
        carrier="圆通速递",
        region=place,
        receiver=Party(f"{dice.choice('赵钱孙李周吴郑王')}**", f"1{dice.randrange(30, 99)}******{number % 100:02d}", street),
        shop="林记坚果",
        sender=Party("林记坚果", "", "杭州市临平区东湖街道1号仓库"),
        goods=_GOODS.format(pieces=pieces),
        pieces=pieces + 1,
        made_at="2026-11-16 09:05",
    )


def _slip(label: Label) -> Slip:
    items = (Item(title="每日坚果混合装独立小包装", spec="750g", code="JG-750", pieces=label.pieces), Item(title="手工红糖姜茶块", code="HT-240"))
    return Slip(
        order_no=label.order_no,
        shop=label.shop,
        formed_at="2026-11-16 08:12",
        made_at=label.made_at,
        carrier=label.carrier,
        tracking_no=label.tracking_no,
        receiver=label.receiver,
        region=label.region,
        items=items,
        has_note=False,
    )


if __name__ == "__main__":
    main()
