"""`zhanggui check-number` checks a number offline, and against a shop's orders where one is named."""

from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal


def test_it_checks_the_shape_without_a_home(tmp_path: Path) -> None:
    answer = Terminal(tmp_path / "none").run("check-number", "jt5028164739206", "--carrier", "YTO", "--json")

    assert answer.code == 0
    assert answer.json == {
        "number": "JT5028164739206",
        "carrier": "YTO",
        "verdict": "warn",
        "fits": ["JTSD"],
        "reasons": [
            {"kind": "wrong_shape", "certain": False, "said": "This looks like a number of JTSD, not of YTO (YT + 13).", "order_no": None},
        ],
    }
    assert not (tmp_path / "none").exists()


def test_it_blocks_what_is_certainly_wrong(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("check-number", "261121-123456789012345", "--carrier", "YTO", "--json")

    assert (answer.code, answer.json["verdict"]) == (0, "block")


def test_it_finds_the_number_on_another_order_of_the_shop(stocked: Terminal, tmp_path: Path) -> None:
    told = tmp_path / "orders.jsonl"
    told.write_text(
        '{"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", "order_no": "261116-900000000000001", "stage": "shipped", "tracking_no": "YT7351946208153"}\n'
        '{"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", "order_no": "261116-900000000000002", "stage": "to_ship"}\n',
        "utf-8",
    )
    assert stocked.run("import", str(told), "--shop", SHOP, "--yes", "--json").code == 0

    same = stocked.run("check-number", "YT7351946208153", "--carrier", "YTO", "--shop", SHOP, "--order", "261116-900000000000002", "--json").json
    near = stocked.run("check-number", "YT7351946208513", "--carrier", "YTO", "--shop", SHOP, "--json").json
    its_own = stocked.run("check-number", "YT7351946208153", "--carrier", "YTO", "--shop", SHOP, "--order", "261116-900000000000001", "--json").json

    assert [(doubt["kind"], doubt["order_no"]) for doubt in same["reasons"]] == [("same_on_other_order", "261116-900000000000001")]
    assert [doubt["kind"] for doubt in near["reasons"]] == ["transposed"]
    assert its_own["verdict"] == "ok"


def test_an_order_is_looked_up_in_a_shop(stocked: Terminal) -> None:
    without = stocked.run("check-number", "YT7351946208153", "--carrier", "YTO", "--order", "1", "--json")
    unknown = stocked.run("check-number", "YT7351946208153", "--carrier", "YTO", "--shop", SHOP, "--order", "1", "--json")

    assert (without.code, unknown.code) == (1, 1)
    assert "--shop" in without.json["refused"][0]
    assert "no order 1" in unknown.json["refused"][0]
