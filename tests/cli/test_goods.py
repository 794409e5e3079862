"""`zhanggui goods` takes a stock sheet in, and shows what lies there, what orders wait for and what is free."""

from pathlib import Path

import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

PRODUCTS = "商品ID,商品名称,规格ID,规格,商家编码,库存,拼单价,单买价\n9801,核桃,980101,原味,HT-Y,120,29.90,35.00\n"
SHEET = "商家编码,数量,重量,新条码\nHT-Y,3,0.5kg,690111\nNOPE,1,,\n"


@pytest.fixture(scope="module")
def shelves(stocked: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """The shop with a list of one product, and an order that waits for four pieces of it."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "products.csv").write_text(PRODUCTS, "utf-8")
    (folder / "orders.jsonl").write_text(
        '{"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", "order_no": "261116-900000000000009", "stage": "to_ship", "quantity": 4, '
        '"group_formed_at": "2026-11-15T08:00:00+08:00", "sku_id": "980101", "pay_amount": 2990}\n',
        "utf-8",
    )
    for name in ("products.csv", "orders.jsonl"):
        assert stocked.run("import", str(folder / name), "--shop", SHOP, "--yes", "--json").code == 0
    return stocked


def test_it_shows_what_lies_there_and_what_is_missing(shelves: Terminal, tmp_path: Path) -> None:
    sheet = tmp_path / "stock.csv"
    sheet.write_text(SHEET, "utf-8")

    answer = shelves.run("goods", "690111", "--shop", SHOP, "--sheet", str(sheet), "--json")

    assert answer.code == 1
    told = answer.json
    assert told["sheet"]["counted"] == told["sheet"]["noted"] == 1
    assert [(one["row"], one["file"]) for one in told["sheet"]["left_out"]] == [(3, "stock.csv")]
    assert told["short"] == 1
    told_at = told["goods"][0].pop("told_at")
    assert told_at is not None
    assert told["goods"] == [
        {
            "sku": "980101",
            "goods_id": "9801",
            "code": "HT-Y",
            "title": "核桃 原味",
            "on_hand": 3,
            "reserved": 4,
            "free": -1,
            "offered": 120,
            "on_shelf": None,
            "group_price_fen": 2990,
            "single_price_fen": 3500,
            "promised_hours": None,
            "weight_g": 500,
            "packing_g": None,
            "barcodes": ["690111"],
            "location": "",
            "warn_at": None,
        }
    ]


def test_it_speaks_plainly_without_json_and_lists_only_what_is_short(shelves: Terminal) -> None:
    answer = shelves.run("goods", "--shop", SHOP, "--short")

    assert answer.code == 0
    assert answer.out.decode().split() == ["980101", "核桃", "原味", "3", "4", "-1"]


def test_it_refuses_to_read_where_the_shop_is_not_connected(shelves: Terminal) -> None:
    answer = shelves.run("goods", "--shop", SHOP, "--read", "--json")

    assert answer.code == 1
    assert answer.json["read"]["trouble"]
