"""`zhanggui what-if` tries decisions and rules from a file, and keeps nothing."""

import json
from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

PLAN = """
notice = "现货商品的发货时限由48小时调整为24小时，2026年12月1日起生效。"

[[decisions]]
do = "ship"
every = "orders"

[[rules]]
rule = "pdd.compensation.late_shipment"
amount = { brackets = [{ fixed_fen = 900 }] }
"""


def test_it_tries_decisions_rules_and_a_notice_at_once(stocked: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(PLAN, "utf-8")

    tried = stocked.run("what-if", str(file), "--shop", SHOP, "--at", "2026-11-16T09:30:00+08:00", "--json")

    assert (tried.code, tried.json["starts_at"], tried.json["missing"]) == (0, "2026-11-30T16:00:00Z", [])
    assert [each["rule"] for each in tried.json["rules"]] == ["pdd.compensation.late_shipment", "pdd.ship_by.spot"]
    assert len(tried.json["decided"]) > 0
    assert {each["do"] for each in tried.json["decided"]} == {"ship"}
    assert "pdd_on_time_shipment_rate" in tried.json["measures"]


def test_a_number_nobody_knows_is_named_and_the_rest_is_told(stocked: Terminal) -> None:
    plan = json.dumps({"decisions": [{"do": "refuse", "case": "404"}]})

    tried = stocked.run("what-if", "-", "--shop", SHOP, "--json", stdin=plan)

    assert (tried.code, tried.json["missing"]) == (1, ["404"])


def test_what_is_no_plan_is_refused_with_a_sentence(stocked: Terminal) -> None:
    far = '{"decisions": [{"do": "ship", "every": "orders", "at": "9999-12-31T23:59:59+00:00"}]}'
    zero = '{"decisions": [{"do": "refuse", "case": "a\\u0000b"}]}'
    long = '{"rules": [{"rule": "pdd.ship_by.spot", "term": {"days": 10000000000000}}]}'
    plans = (
        far,
        zero,
        long,
        "{",
        "{}",
        '{"decisions": [{"do": "burn", "case": "1"}]}',
        '{"decisions": [{"do": "ship", "case": "1"}]}',
        '{"rules": [{"rule": "no.such"}]}',
    )

    answers = [stocked.run("what-if", "-", "--shop", SHOP, "--json", stdin=plan) for plan in plans]

    assert [answer.code for answer in answers] == [1] * 8
    assert all("refused" in answer.json for answer in answers)


def test_it_writes_the_schema_of_a_plan_without_a_shop(tmp_path: Path) -> None:
    told = Terminal(tmp_path).run("what-if", "--schema")

    assert {"Plan", "Decision", "RuleChange"} <= set(json.loads(told.out)["$defs"])
