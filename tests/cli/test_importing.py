"""`zhanggui import`: preview, yes, what was taken, what was not and why."""

from datetime import datetime
from pathlib import Path

from tests.cli.conftest import SHOP, order_export, order_no
from tests.cli.terminal import Terminal

TUESDAY = datetime(2026, 11, 17, 10, 10)  # noqa: DTZ001 - a reading of the clock in Shanghai


def test_it_takes_an_export_in_and_counts_it(terminal: Terminal, orders: Path) -> None:
    answer = terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")

    told = answer.json
    assert answer.code == 0
    assert (told["new"], told["changed"], told["unchanged"], told["refused"], told["older"]) == (110, 0, 0, 0, 0)
    assert told["kinds"]["order"]["new"] == 110
    assert told["state"] == "done"
    assert told["as_of"] == "2026-11-16T01:05:12Z"
    assert told["as_of_source"] == "file"


def test_it_says_that_the_same_bytes_were_imported_before(terminal: Terminal, orders: Path) -> None:
    terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")

    answer = terminal.run("import", str(orders), "--shop", SHOP, "--yes", "--json")

    told = answer.json
    assert answer.code == 0
    assert (told["new"], told["changed"], told["refused"]) == (0, 0, 0)
    assert told["already_imported"] == [orders.name]


def test_it_tells_which_orders_moved_when_a_newer_export_comes(terminal: Terminal, orders: Path, tmp_path: Path) -> None:
    terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")
    newer = order_export(tmp_path / "orders_export20261117101003.csv", moment=TUESDAY)

    told = terminal.run("import", str(newer), "--shop", SHOP, "--yes", "--json").json

    assert told["new"] == 19
    assert {"before": "to_ship", "after": "shipped", "orders": 14} in told["state_changes"]


def test_it_takes_every_row_but_the_damaged_one(terminal: Terminal, spoilt_orders: Path) -> None:
    answer = terminal.run("import", str(spoilt_orders), "--shop", SHOP, "--create", "--yes", "--json")

    told = answer.json
    assert answer.code == 1
    assert (told["new"], told["refused"], told["waiting_in_quarantine"]) == (109, 1, 1)
    assert told["refusals"][0]["place"]["column"] == "商家实收金额(元)"
    assert "39.9O" in told["refusals"][0]["reason"]


def test_it_keeps_the_damaged_row_in_quarantine(terminal: Terminal, spoilt_orders: Path) -> None:
    terminal.run("import", str(spoilt_orders), "--shop", SHOP, "--create", "--yes", "--json")

    rows = terminal.run("quarantine", "--shop", SHOP, "--json").json["rows"]

    assert [row["cells"]["订单号"].strip() for row in rows] == [order_no("late_1")]
    assert rows[0]["kind"] == "order"


def test_it_stores_nothing_where_nobody_can_say_yes(terminal: Terminal, orders: Path) -> None:
    answer = terminal.run("import", str(orders), "--shop", SHOP, "--create", "--json")

    told = answer.json
    assert answer.code == 1
    assert told["new"] == 110
    assert "--yes" in told["reasons"][0]
    assert terminal.run("explain", order_no("late_1"), "--shop", SHOP, "--json").code == 1


def test_it_tells_that_the_orders_stand_in_another_shop_though_nobody_is_asked(terminal: Terminal, orders: Path) -> None:
    terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")

    refused = terminal.run("import", str(orders), "--shop", "林家果园", "--create", "--json").json
    taken = terminal.run("import", str(orders), "--shop", "林家果园", "--yes", "--json")

    (doubt,) = taken.json["doubts"]
    assert f"stand in the shop {SHOP}" in doubt
    assert refused["doubts"] == [doubt]
    assert (taken.code, taken.json["new"], doubt in taken.err) == (0, 110, True)


def test_it_takes_the_files_of_a_folder(terminal: Terminal, orders: Path) -> None:
    told = terminal.run("import", str(orders.parent), "--shop", SHOP, "--create", "--yes", "--json").json

    assert told["new"] == 110


def test_it_takes_files_by_a_pattern_that_no_shell_has_spread(terminal: Terminal, orders: Path) -> None:
    told = terminal.run("import", str(orders.parent / "orders_*.csv"), "--shop", SHOP, "--create", "--yes", "--json").json

    assert told["new"] == 110


def test_it_refuses_a_path_that_names_nothing(terminal: Terminal) -> None:
    answer = terminal.run("import", "/nowhere/at-all.csv", "--shop", SHOP, "--create", "--yes", "--json")

    assert answer.code == 1
    assert "/nowhere/at-all.csv" in answer.json["refused"][0]


def test_it_refuses_a_shop_it_does_not_know_and_names_those_it_does(terminal: Terminal, orders: Path) -> None:
    terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")

    answer = terminal.run("import", str(orders), "--shop", "林家果园", "--yes", "--json")

    assert answer.code == 1
    assert SHOP in answer.json["refused"][0]


def test_it_refuses_a_file_that_is_no_table(terminal: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear sir,\nplease find nothing attached.\n", "utf-8")

    answer = terminal.run("import", str(letter), "--shop", SHOP, "--create", "--yes", "--json")

    assert answer.code == 1
    assert answer.out.count(b"\n") == 1


def test_it_takes_what_it_can_read_and_names_the_file_it_cannot(terminal: Terminal, orders: Path) -> None:
    (orders.parent / "letter.csv").write_text("Dear sir,\nplease find nothing attached.\n", "utf-8")

    answer = terminal.run("import", str(orders.parent), "--shop", SHOP, "--create", "--yes", "--json")

    assert answer.code == 1
    assert answer.json["new"] == 110
    assert [reason for reason in answer.json["reasons"] if "letter.csv" in reason] == answer.json["reasons"] != []


def test_it_shows_people_a_preview_in_their_language(terminal: Terminal, orders: Path) -> None:
    answer = terminal.run("--lang", "zh", "import", str(orders), "--shop", SHOP, "--create", "--yes")

    assert answer.code == 0
    assert "110" in answer.text
    assert "新增" in answer.text
