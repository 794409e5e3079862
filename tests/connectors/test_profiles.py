"""Profiles: which table is which, and files of any other shop system."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.desk import NO, order, sighting, told, words, write
from zhanggui.connectors.files import Refused, Unreadable, profiles, reread, survey
from zhanggui.core.facts import FactKind, OrderFacts, OrderLineFacts, OrderStage

MINE = """
name = "mine"
utc_offset = "+09:00"
money = "fen"
times = ["%d.%m.%Y %H:%M"]

[[family]]
name = "sales"
gives = "order"
key = ["order_no"]

[family.columns]
order_no = { headers = ["No."], as = "id" }
created_at = { headers = ["Placed"], as = "moment", event = true }
ship_by = { headers = ["Ship before"], as = "moment" }
pay_amount = { headers = ["Paid"], as = "money" }
status_text = { headers = ["State"], as = "words", unknown = { stage = "unknown" } }

[family.line_columns]
order_no = { headers = ["No."], as = "id" }
line_no = { headers = ["Line"], as = "id" }
title = { headers = ["Article"], as = "text" }

[family.words.status_text]
"open" = { stage = "to_ship" }

[family.leave]
headers = ["Colour"]
"""


def mine(folder: Path, text: str = MINE) -> str:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("field", ["order_no", "line_no"])
def test_it_takes_no_profile_that_calls_what_a_row_is_known_by_a_hint(tmp_path: Path, field: str) -> None:
    header = {"order_no": "No.", "line_no": "Line"}[field]
    text = MINE.replace(f'{field} = {{ headers = ["{header}"], as = "id" }}', f'{field} = {{ headers = ["{header}"], as = "id", hint = true }}')

    with pytest.raises(Unreadable):
        survey(write(tmp_path, "x"), profile=mine(tmp_path, text))


def test_it_brings_five_profiles_along() -> None:
    assert profiles() == ("goods", "olist", "pdd", "tmall", "facts")


def test_it_reads_another_shop_system_by_a_profile_of_ones_own(tmp_path: Path) -> None:
    rows = [f"A1;{line};20.11.2026 09:00;22.11.2026 09:00;1990;open;red;{article}" for line, article in ((1, "cup"), (2, "pot"))]
    path = write(tmp_path, "\n".join(["no.;Line;PLACED;Ship before;Paid;State;Colour;Article", *rows]))

    found = [one.facts for one in told(path, mine(tmp_path)) if not isinstance(one, Refused)]

    assert found == [
        OrderFacts(
            order_no="A1",
            created_at=datetime(2026, 11, 20, 0, 0, tzinfo=UTC),
            ship_by=datetime(2026, 11, 22, 0, 0, tzinfo=UTC),
            pay_amount=1990,  # type: ignore[arg-type]  # fen
            status_text="open",
            stage=OrderStage.TO_SHIP,
        ),
        OrderLineFacts(order_no="A1", line_no="1", title="cup"),
        OrderLineFacts(order_no="A1", line_no="2", title="pot"),
    ]


def test_it_mends_a_row_by_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = write(tmp_path, "No.;Line;Paid;State;Article\nA1;1;19.90;open;cup\n")
    (refused,) = told(path, mine(tmp_path))
    assert isinstance(refused, Refused)

    again = reread(mine(tmp_path), refused.kind, refused.cells | {"Paid": "1990"}, refused.place)

    assert refused.cells == {"No.": "A1", "Line": "1", "Paid": "19.90", "State": "open", "Article": "cup"}
    assert not isinstance(again, Refused)
    assert [type(one.facts) for one in again] == [OrderFacts, OrderLineFacts]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("pay_amount", "paid_amount"), "OrderFacts has no field paid_amount"),
        (('as = "money"', 'as = "cash"'), "Invalid enum value 'cash'"),
        (('stage = "to_ship"', 'stage = "flying"'), "Invalid enum value 'flying'"),
        (('key = ["order_no"]', 'key = ["case_no"]'), "the key case_no has no column"),
        (('headers = ["Paid"], ', ""), "the column of pay_amount names no headers"),
        (('"+09:00"', '"Tokyo"'), "utc_offset 'Tokyo' is not written like +08:00"),
        (('name = "mine"', 'name = "mine'), "mine.toml"),
        (('gives = "order"', 'gives = "orders"'), "Invalid enum value 'orders'"),
    ],
)
def test_it_says_what_is_wrong_with_a_profile(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    path = write(tmp_path, "No.;Paid\nA1;1\n")

    with pytest.raises(Unreadable) as caught:
        survey(path, profile=mine(tmp_path, MINE.replace(*change)))

    assert problem in words(caught.value.say)


def test_it_knows_no_profile_of_that_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        survey(write(tmp_path, "a,b\n"), profile="taobao")

    assert words(caught.value.say) == "There is no profile named taobao; known are goods, olist, pdd, tmall, facts, or give the path of a TOML file."


def test_it_asks_where_a_table_could_be_two_things(tmp_path: Path) -> None:
    twin = MINE + MINE[MINE.index("[[family]]") :].replace('"sales"', '"returns"')

    (table,) = survey(write(tmp_path, "No.;Paid;State\nA1;1;open\n"), profile=mine(tmp_path, twin)).tables

    assert table.refused
    assert words(table.note) == "orders.csv could be mine/sales or mine/returns. Say which by naming the profile, or export it with more columns."


def test_it_tells_two_families_apart_by_what_the_cells_say(tmp_path: Path) -> None:
    twin = MINE + MINE[MINE.index("[[family]]") :].replace('"sales"', '"returns"').replace('"open" =', '"sent back" =')

    (table,) = survey(write(tmp_path, "No.;Paid;State\nA1;1;sent back\n"), profile=mine(tmp_path, twin)).tables

    assert table.layout is not None
    assert (table.kind, table.layout.family) == (FactKind.ORDER, "returns")


def test_it_asks_where_a_column_stands_twice(tmp_path: Path) -> None:
    (table,) = survey(write(tmp_path, f"订单号,商品,快递单号,快递单号\n{NO},x,1,2\n")).tables

    assert table.refused
    assert words(table.note) == "orders.csv has the column 快递单号 twice. Delete the one that is not meant, or export it again."


def test_it_refuses_a_table_it_does_not_know(tmp_path: Path) -> None:
    (table,) = survey(write(tmp_path, "colour,size\nred,1\n")).tables

    assert table.refused
    assert words(table.note).startswith("orders.csv is no table we know: its headers fit no profile.")


def test_it_reads_a_column_by_any_width_of_its_brackets(tmp_path: Path) -> None:
    assert order(write(tmp_path, f"订单号,用户实付金额（元）\n{NO},1.00\n")).pay_amount == 100


def test_it_says_that_an_order_time_told_is_not_inferred(tmp_path: Path) -> None:
    found = sighting(write(tmp_path, "订单编号,总金额,订单创建时间\n1,178.8,2020-02-21 00:00:00\n"))

    assert found.given == {"order_no", "goods_amount", "created_at", "created_at_inferred"}
