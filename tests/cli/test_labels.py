"""`zhanggui labels` writes papers of stored orders into a file, and tells which orders got none and why."""

from pathlib import Path

import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal
from tests.papers.looking import codes, drawn, pictures, text_of
from zhanggui.papers.geometry import SIZES

ONE, TWO, ASKED = "261116-900000000000001", "261116-900000000000002", "261116-900000000000003"
TOLD = '{"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", '
FACTS = (
    f'{TOLD}"order_no": "{ONE}", "stage": "to_ship", "title": "坚果", "receiver_masked": "张* 138****1234", "province": "浙江省"}}\n'
    f'{TOLD}"order_no": "{TWO}", "stage": "shipped", "title": "红枣", "tracking_no": "YT7351946208153"}}\n'
    f'{TOLD}"order_no": "{ASKED}", "stage": "to_ship", "refund": "open"}}\n'
)


@pytest.fixture(scope="module")
def packed(stocked: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """The shop with three orders more."""
    told = tmp_path_factory.mktemp("told") / "orders.jsonl"
    told.write_text(FACTS, "utf-8")
    assert stocked.run("import", str(told), "--shop", SHOP, "--yes", "--json").code == 0
    return stocked


def test_it_writes_labels_of_the_orders_named(packed: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"

    answer = packed.run("labels", ONE, TWO, ASKED, "--shop", SHOP, "--out", str(out), "--size", "100x180", "--json")

    assert answer.code == 1
    assert answer.json == {
        "shop": SHOP,
        "paper": "label",
        "form": "pdf",
        "size": "100x180",
        "out": str(out),
        "bytes": out.stat().st_size,
        "made": [{"order_no": ONE, "number": ONE, "made_before": 0}, {"order_no": TWO, "number": "YT7351946208153", "made_before": 0}],
        "not_made": [{"order_no": ASKED, "reason": "The buyer has asked for the money back; settle that before anything is printed."}],
        "more": False,
    }
    assert [codes(page)["Code 128"] for page in pictures(out.read_bytes())] == [ONE, "YT7351946208153"]


def test_it_writes_zpl_with_a_sender_and_receivers_of_the_shop_s_own(packed: Terminal, tmp_path: Path) -> None:
    out, receivers = tmp_path / "labels.ZPL", tmp_path / "receivers.csv"
    receivers.write_text(f"订单号,收件人,手机,地址\n{ONE},张三丰,13800001234,文一路1号3幢2单元301室\n", "gb18030")

    words = ["labels", ONE, "--shop", SHOP, "--out", str(out), "--sender", "东湖街道1号", "--receivers", str(receivers), "--json"]
    answer = packed.run(*words)

    assert (answer.code, answer.json["form"]) == (0, "zpl")
    (page,) = drawn(out.read_text("ascii"), SIZES["76x130"])
    assert codes(page)["Code 128"] == ONE


def test_it_makes_a_pick_list_of_a_stage_and_says_what_is_left(packed: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "pick.pdf"

    answer = packed.run("labels", "--stage", "to_ship", "--limit", "3", "--shop", SHOP, "--paper", "pick", "--out", str(out), "--json").json

    assert answer["more"] is True
    assert (answer["size"], answer["paper"]) == ("A4", "pick")
    assert "拣货单" in text_of(out.read_bytes())


def test_it_tells_a_person_the_same_and_warns_of_a_second_label(packed: Terminal, tmp_path: Path) -> None:
    words = ["labels", TWO, "--shop", SHOP, "--paper", "packing", "--out", str(tmp_path / "slip.pdf")]
    packed.run(*words)

    again = packed.run(*words)
    nothing = packed.run("labels", ASKED, "--shop", SHOP, "--out", str(tmp_path / "none.pdf"))

    assert (again.code, nothing.code) == (0, 1)
    assert "no parcel leaves twice" in again.text
    assert "Nothing was made." in nothing.text
    assert not (tmp_path / "none.pdf").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--out", "labels.pdf"],
        [ONE, "--stage", "to_ship", "--out", "labels.pdf"],
        [ONE, "--out", "labels.doc"],
        [ONE, "--out", "labels.zpl", "--paper", "pick"],
        [ONE, "--out", "labels.pdf", "--size", "10x10"],
        [ONE],
    ],
)
def test_wrong_use_is_told_apart(packed: Terminal, tmp_path: Path, words: list[str]) -> None:
    assert packed.run("labels", "--shop", SHOP, *words).code == 2


def test_a_file_that_cannot_be_written_is_said(packed: Terminal, tmp_path: Path) -> None:
    answer = packed.run("labels", TWO, "--shop", SHOP, "--out", str(tmp_path / "none" / "labels.pdf"), "--json")

    assert answer.code == 1
    assert "could not be written" in answer.json["refused"][0]
