"""The table of cases: where goods and case stand, and what is advised. A merchant reads cases.toml, not this file."""

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from zhanggui import rulebook
from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.book import Aim
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.verdicts import Act, Verdict

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BOOK, SCRIPTS = rulebook.load(), rulebook.scripts()
CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["case"]
LEAST = 150


def advised(facts: dict[str, Any], aim: Aim = Aim.INDICATORS) -> Verdict:
    case = msgspec.convert({"applied_at": NOW - timedelta(hours=2)} | facts, CaseToAdvise)
    return advise(case, msgspec.structs.replace(BOOK.advice.terms, aim=aim), BOOK, NOW, scripts=SCRIPTS)


@pytest.mark.parametrize("case", CASES, ids=[f"{number}: {case['branch']}: {case['name']}" for number, case in enumerate(CASES, 1)])
def test_it_advises_as_the_table_says(case: dict[str, Any]) -> None:
    found = advised(case["facts"], Aim(case.get("aim", "indicators")))

    assert (found.act, found.runner_up, found.amount, bool(found.alone)) == (
        Act(case["act"]),
        Act(case["runner_up"]) if "runner_up" in case else None,
        case.get("amount"),
        case.get("alone", False),
    )


def test_it_has_enough_cases_in_every_branch() -> None:
    branches = Counter(case["branch"] for case in CASES)

    assert len(CASES) >= LEAST
    assert min(branches.values()) >= 3, branches
    named = {int(number) for case in CASES for number in re.findall(r"AS-(\d+)", case["branch"])}
    assert {1, *range(4, 12)} | {14} <= named
