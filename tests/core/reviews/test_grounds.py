"""On which ground a review may be reported, by a table of sentences; and what the words are that decided."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.reviews.grounds import ReportGround, grounds_of
from zhanggui.rulebook.reviews import review_book

CASES = tomllib.loads((Path(__file__).parent / "grounds.toml").read_text("utf-8"))["case"]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=[case["said"] + "/".join(case.get("chat", ())) for case in CASES])
def test_it_sees_the_ground_a_review_bears_and_no_other(case: dict[str, Any]) -> None:
    found = grounds_of([case["said"]], review_book().ground, NOW, case.get("chat", ()))

    assert [match.ground.value for match in found if match.is_sure] == case.get("sure", [])
    assert [match.ground.value for match in found if not match.is_sure] == case.get("maybe", [])


def test_it_names_the_words_and_where_they_stand() -> None:
    said = "质量差，傻逼商家"

    (match,) = grounds_of([said], review_book().ground, NOW)

    (deciding,) = match.deciding
    assert (match.ground, deciding.words, said[slice(*deciding.span)], deciding.in_chat) == (ReportGround.ABUSE, "傻逼", "傻逼", False)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.lists(st.text(max_size=60), max_size=3))
def test_it_reads_any_text_and_quotes_only_what_stands_there(said: str, chat: list[str]) -> None:
    for match in grounds_of([said], review_book().ground, NOW, chat):
        for each in match.deciding:
            assert each.words in ("\n".join(chat) if each.in_chat else said)
