"""Price tables of carriers, from sheets and pasted: what is taken, what is refused and why."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from zhanggui.connectors.files.prices import price_profile, read_pasted_prices, read_prices
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.carriers.prices import PriceBand, PriceTable
from zhanggui.core.money import Fen

CODES = {"圆通": "YTO", "中通快递": "ZTO"}
PASTED = """快递\t省份\t首重(克)\t首重价(元)\t续重价(元)
圆通\t浙江、江苏省\t1000\t2.80\t0.80
圆通\t其他\t1kg\t4.50\t1.50
中通快递\t全国\t\t3.00\t
"""


def test_it_reads_first_weight_and_each_further_kilogram() -> None:
    found = read_pasted_prices(PASTED, price_profile(), CODES.get)

    assert found.bands == (
        PriceBand("YTO", "浙江", 0, Fen(280)),
        PriceBand("YTO", "浙江", 1000, Fen(280), 1000, Fen(80)),
        PriceBand("YTO", "江苏", 0, Fen(280)),
        PriceBand("YTO", "江苏", 1000, Fen(280), 1000, Fen(80)),
        PriceBand("YTO", "", 0, Fen(450)),
        PriceBand("YTO", "", 1000, Fen(450), 1000, Fen(150)),
        PriceBand("ZTO", "", 0, Fen(300)),
    )
    assert found.refused == ()


def test_it_reads_bands_of_weight() -> None:
    text = "快递,重量超过(克),价格\n圆通,0,2.3\n圆通,500,2.6\n圆通,1000,3\n"

    assert [(band.above_g, band.fen) for band in read_pasted_prices(text, price_profile(), CODES.get).bands] == [(0, 230), (500, 260), (1000, 300)]


def test_a_price_beside_one_of_further_weight_is_that_of_the_first_kilogram() -> None:
    bands = read_pasted_prices("快递,省份,首重价,续重价\n圆通,全国,2.8,0.8\n", price_profile(), CODES.get).bands

    assert bands == (PriceBand("YTO", "", 0, Fen(280)), PriceBand("YTO", "", 1000, Fen(280), 1000, Fen(80)))
    assert [PriceTable(bands).price("YTO", "浙江", grams) for grams in (300, 1000, 1001)] == [280, 280, 360]


@pytest.mark.parametrize("first", ["首重(kg)", "首重(公斤)", "首重（KG）"])
def test_a_heading_may_name_kilograms(first: str) -> None:
    text = f"快递,省份,{first},首重价,续重价\n圆通,全国,0.5,2.8,0.8\n圆通,浙江,500g,2.8,0.8\n"

    found = read_pasted_prices(text, price_profile(), CODES.get)

    assert [(band.province, band.above_g) for band in found.bands] == [("", 0), ("", 500), ("浙江", 0), ("浙江", 500)]


def test_provinces_may_be_written_in_short_and_what_is_none_is_refused() -> None:
    text = "快递,省份,价格\n圆通,江浙沪皖,2.8\n圆通,东三省、内蒙古自治区,5\n圆通,偏远地区,9\n圆通,新疆西藏和内蒙,12\n圆通,其他地区,4\n"

    found = read_pasted_prices(text, price_profile(), CODES.get)

    assert [band.province for band in found.bands] == ["江苏", "浙江", "上海", "安徽", "辽宁", "吉林", "黑龙江", "内蒙古", "新疆", "西藏", ""]
    assert [(each.row, each.reason.slots["word"]) for each in found.refused] == [(4, "偏远地区")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_reads_a_file_as_it_reads_what_is_pasted(tmp_path: Path, form: str) -> None:
    path, rows = tmp_path / f"价格.{form}", [line.split("\t") for line in PASTED.splitlines()]
    if form == "csv":
        path.write_bytes("\n".join(",".join(row) for row in rows).encode("gb18030"))
    else:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in [["某某网点"], *rows]:
            sheet.append(row)
        book.save(path)

    assert read_prices(path, price_profile(), CODES.get).bands == read_pasted_prices(PASTED, price_profile(), CODES.get).bands


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("圆桶,浙江,2.8", "{word} is no carrier of the platform."),
        ("圆通,浙江,", "There is no price in this row."),
        ("圆通,浙江,面议", "{cell} is no price."),
        ("圆通,浙江,-3", "{cell} is no price."),
        ("圆通,浙江,2.805", "{cell} is no price."),
    ],
)
def test_it_names_the_row_it_does_not_take(row: str, reason: str) -> None:
    found = read_pasted_prices(f"快递,省份,价格\n圆通,江苏,2.8\n{row}\n", price_profile(), CODES.get)

    assert len(found.bands) == 1
    assert [(each.row, each.reason.text) for each in found.refused] == [(3, reason)]


def test_it_asks_for_the_headings_it_needs() -> None:
    with pytest.raises(Unreadable, match="No heading row"):
        read_pasted_prices("a,b\n1,2\n", price_profile(), CODES.get)
    with pytest.raises(Unreadable, match="No heading row"):
        read_pasted_prices("", price_profile(), CODES.get)


def test_the_house_may_have_headings_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text(
        'grade = "own"\nchecked = 2026-11-22\nsource = "x"\neverywhere = []\n[reads]\ncarrier = ["K"]\nprice = ["P"]\n', "utf-8"
    )

    assert read_pasted_prices("K,P\n圆通,1\n", price_profile(tmp_path), CODES.get).bands == (PriceBand("YTO", "", 0, Fen(100)),)
    (tmp_path / "prices.toml").write_text("x", "utf-8")
    with pytest.raises(Unreadable):
        price_profile(tmp_path)
