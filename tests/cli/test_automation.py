"""`zhanggui automation` checks rules, tries them, keeps them, switches them and tells what fired."""

from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

RULE = """
[[rule]]
id = "to_ship"
title = "待发货先看"
on = ["ship_by"]
a_day = 3
[rule.when]
pieces = { most = 9 }
[[rule.do]]
act = "remark"
text = "轻放"
[[rule.case]]
says = "一件"
fires = true
facts = { pieces = 1 }
[[rule.case]]
says = "十件"
fires = false
facts = { pieces = 10 }
"""


def test_a_rule_goes_from_a_file_to_what_it_did(stocked: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULE, "utf-8")
    at_shop = ("--shop", SHOP, "--json")

    checked = stocked.run("automation", "check", str(file), *at_shop)
    tried = stocked.run("automation", "dry-run", str(file), *at_shop)
    kept = stocked.run("automation", "import", str(file), *at_shop)
    on = stocked.run("automation", "level", "to_ship", "suggest", *at_shop)
    fired = stocked.run("automation", "run", *at_shop)
    told = stocked.run("automation", "firings", *at_shop)
    out = stocked.run("automation", "export", "--shop", SHOP)

    assert (checked.code, checked.json["checked"][0]["may_be_on"]) == (0, True)
    assert tried.json["rules"][0]["id"] == "to_ship"
    assert kept.json["kept"] == [{"id": "to_ship", "version": 1, "is_new": True, "was_switched_off": False}]
    assert on.json == {"id": "to_ship", "level": "suggest"}
    assert len(told.json["firings"]) == fired.json["fired"] <= 3
    assert fired.json["fired"] > 0
    assert 'id = "to_ship"' in out.text


def test_what_speaks_against_a_rule_is_told_and_the_code_says_so(stocked: Terminal) -> None:
    bad = stocked.run("automation", "check", "-", "--shop", SHOP, "--json", stdin=RULE.replace("fires = false", "fires = true"))
    none = stocked.run("automation", "import", "-", "--shop", SHOP, "--json", stdin="x = 1")

    assert (bad.code, bad.json["checked"][0]["may_be_on"], bad.json["checked"][0]["golden"][1]["is_right"]) == (1, False, False)
    assert none.code == 1
