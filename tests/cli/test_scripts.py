"""`zhanggui scripts` lists the library, and carries the shop's own words from one home to another as a file."""

import json
from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

FILE = {
    "zhanggui_scripts": 1,
    "scripts": [
        {"id": "thanks_welcome", "situation": "thanks", "zh": "不客气，欢迎再来{店铺}。", "when_zh": "买家道谢"},
        {"id": "own_1", "situation": "thanks", "zh": "谢谢，五星好评返现3元", "when_zh": "返现"},
    ],
}


def test_it_brings_words_in_lists_them_and_writes_them_out_again(stocked: Terminal, tmp_path: Path) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(FILE), "utf-8")

    brought = stocked.run("scripts", "--shop", SHOP, "--import", str(source), "--json")
    listed = stocked.run("scripts", "--shop", SHOP, "--situation", "thanks", "--export", str(out), "--json")

    assert (brought.code, brought.json["kept"], [each["id"] for each in brought.json["refused"]]) == (1, ["thanks_welcome"], ["own_1"])
    (told,) = listed.json["scripts"]
    assert (told["id"], told["version"], told["zh"], told["uses"], told["text"]) == ("thanks_welcome", 1, "不客气，欢迎再来{shop}。", 0, None)
    assert [each["zh"] for each in json.loads(out.read_text("utf-8"))["scripts"]] == ["不客气，欢迎再来{shop}。"]
