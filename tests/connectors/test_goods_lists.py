"""Lists of products as files: recognised by their headers, weights and terms in whatever unit, and never mistaken for a list of orders."""

from pathlib import Path

import pytest

from tests.connectors.desk import told
from zhanggui.connectors.files import Refused
from zhanggui.connectors.files.cells import NotUnderstood, grams, hours, link
from zhanggui.core.facts import OrderFacts, SkuFacts
from zhanggui.core.money import Fen

SHEET = (
    "商品ID,商品名称,规格ID,规格,商家编码,库存,价格,重量,上下架,承诺发货时间,图片\n"
    "801,核桃,80101,原味,HT-Y,120,29.90,0.55kg,上架,48小时,https://img.pddpic.com/a.jpeg\n"
    "801,核桃,80102,奶香,,0,31.9,560,下架,2天内发货,http://elsewhere/a.jpeg\n"
    "801,核桃,,无,,1,1.00,1,上架,48,\n"
)


def test_a_plain_sheet_becomes_variants(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(SHEET, "utf-8")

    rows = told(path)

    assert [one.facts for one in rows if not isinstance(one, Refused)] == [
        SkuFacts(
            sku_id="80101",
            goods_id="801",
            title="核桃",
            spec="原味",
            outer_sku="HT-Y",
            on_shelf=True,
            offered=120,
            group_price=Fen(2990),
            weight_g=550,
            promised_hours=48,
            picture="https://img.pddpic.com/a.jpeg",
        ),
        SkuFacts(sku_id="80102", goods_id="801", title="核桃", spec="奶香", on_shelf=False, offered=0, group_price=Fen(3190), weight_g=560, promised_hours=48),
    ]
    assert [one.place.column for one in rows if isinstance(one, Refused)] == ["规格ID"]


def test_an_order_export_with_goods_in_it_is_still_one_of_orders(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("订单号,订单状态,商品,商品id,样式ID,商品规格,商家编码-规格维度\n260301-111111111111111,待发货,核桃,801,80101,原味,HT-Y\n", "utf-8")

    assert [type(one.facts) for one in told(path) if not isinstance(one, Refused)] == [OrderFacts]


@pytest.mark.parametrize(("cell", "expected"), [("250", 250), ("250g", 250), ("0.25 kg", 250), ("1斤", 500), ("1.5公斤", 1500), ("-", None), ("", None)])
def test_weights_are_read_in_their_units(cell: str, expected: int | None) -> None:
    assert grams(cell) == expected


@pytest.mark.parametrize(("cell", "expected"), [("48", 48), ("48小时内发货", 48), ("2天", 48), ("1 day", 24), ("--", None)])
def test_terms_are_read_in_their_units(cell: str, expected: int | None) -> None:
    assert hours(cell) == expected


@pytest.mark.parametrize("cell", ["heavy", "-3", "0.0001kg", "1e9", "999999999999"])
def test_what_is_no_weight_is_refused(cell: str) -> None:
    with pytest.raises(NotUnderstood):
        grams(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("https://a.b/c.jpeg", "https://a.b/c.jpeg"), ("http://a.b/c.jpeg", None), ('https://a.b/"onload', None), ("javascript:x", None)],
)
def test_only_pictures_over_a_safe_line_pass(cell: str, expected: str | None) -> None:
    assert link(cell) == expected
