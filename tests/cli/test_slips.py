"""`zhanggui slips` checks the list of a printing tool and writes the file to upload by hand, with a reason for every row that is not in it."""

import io
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

ONE, TWO, ASKED = "261116-900000000000001", "261116-900000000000002", "261116-900000000000003"
LIST = f"运单号,订单编号,物流公司\nYT7351946208153,{ONE},圆通速递\nJT5028164739206,{TWO},圆通速递\nYT1028374655019,{ASKED},圆通速递\n7.35E+14,{TWO},圆通速递\n"
SHAPE = "This looks like a number of JTSD, not of YTO (YT + 13)."


@pytest.fixture(scope="module")
def packed(stocked: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """The shop with three orders more, one of them asked back."""
    told = tmp_path_factory.mktemp("told") / "orders.jsonl"
    lines = [f'{{"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", "order_no": "{no}", "stage": "to_ship"' for no in (ONE, TWO, ASKED)]
    told.write_text(f'{lines[0]}}}\n{lines[1]}}}\n{lines[2]}, "refund": "open"}}\n', "utf-8")
    assert stocked.run("import", str(told), "--shop", SHOP, "--yes", "--json").code == 0
    return stocked


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list with a good row, a warned one, one asked back, and one whose digits are lost."""
    path = tmp_path / "list.csv"
    path.write_text(LIST, "gb18030")
    return path


def test_it_writes_the_good_rows_and_says_why_the_others_are_not_there(packed: Terminal, listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "bulk.csv"

    answer = packed.run("slips", str(listed), "--shop", SHOP, "--out", str(out), "--json")

    assert answer.code == 1
    told = answer.json
    assert [told.pop(name) for name in ("refused_rows", "slips")] == [
        [{"file": "list.csv", "sheet": None, "row": 5, "column": "运单号", "reason": told_lost()}],
        [
            {"order_no": ONE, "carrier": "圆通速递", "number": "YT7351946208153", "row": 2, "verdict": "ok", "included": True, "reasons": []},
            {"order_no": TWO, "carrier": "圆通速递", "number": "JT5028164739206", "row": 3, "verdict": "warn", "included": False, "reasons": [SHAPE]},
            {"order_no": ASKED, "carrier": "圆通速递", "number": "YT1028374655019", "row": 4, "verdict": "block", "included": False, "reasons": [ASKED_BACK]},
        ],
    ]
    assert told == {
        "shop": SHOP, "out": str(out), "form": "csv", "included": 1, "ok": 1, "warned": 1, "blocked": 1, "repeated": 0, "data_as_of": "2026-11-16T00:00:00Z",
    }  # fmt: skip
    assert out.read_text("utf-8-sig") == f"订单号,快递公司,快递单号\n{ONE},圆通快递,YT7351946208153\n"


ASKED_BACK = "The buyer has asked for the money back; settle that before the number is uploaded."


def told_lost() -> str:
    return "运单号 holds 7.35E+14: a spreadsheet has rounded this number and its last digits are lost. Export the file again and do not save it in between."


def test_it_takes_a_warned_order_that_was_named(packed: Terminal, listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "bulk.XLSX"

    answer = packed.run("slips", str(listed), "--shop", SHOP, "--out", str(out), "--include", TWO, "--include", ASKED, "--json")

    assert (answer.code, answer.json["included"], answer.json["form"]) == (1, 2, "xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(out.read_bytes())).worksheets[0].iter_rows(values_only=True))
    assert rows[1:] == [(ONE, "圆通快递", "YT7351946208153"), (TWO, "圆通快递", "JT5028164739206")]


def test_it_ends_with_0_where_every_row_is_in_the_file(packed: Terminal, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "bulk.csv"
    path.write_text(f"订单号,快递公司,快递单号\n{ONE},圆通快递,YT7351946208153\n", "utf-8")

    answer = packed.run("slips", str(path), "--shop", SHOP, "--out", str(out))

    assert answer.code == 0
    assert "Upload it in the back office" in answer.text


def test_it_tells_a_person_the_same_and_writes_no_empty_file(packed: Terminal, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "bulk.csv"
    path.write_text(f"订单号,快递公司,快递单号\n{ASKED},圆通快递,YT1028374655019\n{TWO},圆通快递,JT5028164739206\n", "utf-8")

    answer = packed.run("slips", str(path), "--shop", SHOP, "--out", str(out))

    assert (answer.code, out.exists()) == (1, False)
    assert "no file was written" in answer.text
    assert ASKED_BACK in answer.text
    assert "--include" in answer.text


@pytest.mark.parametrize("words", [["--out", "bulk.pdf"], ["--out", "bulk"], []])
def test_it_refuses_wrong_use(packed: Terminal, listed: Path, words: list[str]) -> None:
    assert packed.run("slips", str(listed), "--shop", SHOP, *words).code == 2


def test_it_refuses_what_is_no_list(packed: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", "utf-8")

    answer = packed.run("slips", str(path), "--shop", SHOP, "--out", str(tmp_path / "bulk.csv"), "--json")

    assert answer.code == 1
    assert "no heading row" in answer.json["refused"][0]
