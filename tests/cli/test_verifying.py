"""`zhanggui verify` tells that all is as it was, and where it is not."""

import json
from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal


def test_it_says_that_all_is_as_it_was(stocked: Terminal, tmp_path: Path) -> None:
    answer = stocked.run("verify", "--shop", SHOP, "--json")

    assert answer.code == 0
    (shop,) = answer.json["shops"]
    assert (answer.json["is_whole"], shop["shop"], shop["entries"], shop["findings"]) == (True, SHOP, 0, [])
    kept = tmp_path / "kept.json"
    kept.write_bytes(answer.out)
    assert stocked.run("verify", "--kept", str(kept), "--json").code == 0


def test_it_finds_what_was_kept_outside_no_more(stocked: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    head = {"shop_id": 1, "chain": "evidence", "seq": 2, "digest": "ab" * 32}
    kept.write_text(json.dumps({"shops": [{"heads": [head]}]}), "utf-8")

    answer = stocked.run("verify", "--kept", str(kept), "--json")

    assert answer.code == 1
    assert [(each["seq"], each["fault"]) for each in answer.json["shops"][0]["findings"]] == [(2, "not_as_kept")]


def test_it_refuses_what_is_no_packet_and_no_answer(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("{}", "utf-8")

    packet, kept = Terminal(tmp_path / "none").run("verify", "--packet", str(other)), Terminal(tmp_path / "none").run("verify", "--kept", str(other))

    assert (packet.code, kept.code) == (1, 1)
    assert "other" in packet.err
    assert "zhanggui verify --json" in kept.err
    assert not (tmp_path / "none").exists()
