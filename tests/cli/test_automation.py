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


def test_what_fired_becomes_a_golden_case_and_is_decided_once(stocked: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULE.replace("facts = { pieces = 1 }", "facts = { pieces = 2 }"), "utf-8")
    at_shop = ("--shop", SHOP, "--json")
    stocked.run("automation", "import", str(file), *at_shop)
    stocked.run("automation", "level", "to_ship", "suggest", *at_shop)
    stocked.run("automation", "run", *at_shop)
    first, second = stocked.run("automation", "firings", *at_shop).json["firings"][:2]

    case = stocked.run("automation", "case", "to_ship", "fires", "--firing", str(first["number"]), "--says", "真有过", *at_shop)
    again = stocked.run("automation", "case", "to_ship", "fires", "--firing", str(first["number"]), *at_shop)
    neither = stocked.run("automation", "case", "to_ship", "not", *at_shop)
    nobody = stocked.run("automation", "case", "to_ship", "not", "--number", "nothing-of-ours", *at_shop)
    done = stocked.run("automation", "decide", str(first["number"]), "do", *at_shop)
    left = stocked.run("automation", "decide", str(second["number"]), "leave", *at_shop)
    twice = stocked.run("automation", "decide", str(first["number"]), "leave", *at_shop)
    (rule,) = stocked.run("automation", "list", *at_shop).json["rules"]

    assert case.json == {"id": "to_ship", "version": rule["version"], "is_new": True, "was_switched_off": False}
    assert (again.code, neither.code, nobody.code, twice.code) == (1, 2, 1, 1)
    assert (done.json["state"], left.json["state"]) == ("fired_done", "fired_left")
    assert rule["rule"]["case"][-1] == {"says": "真有过", "fires": True, "facts": first["facts"]}
    assert {each["number"]: each["state"] for each in stocked.run("automation", "firings", *at_shop).json["firings"]}[second["number"]] == "fired_left"
