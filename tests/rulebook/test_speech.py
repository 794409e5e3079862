"""The rules of forbidden speech are refused with their name where they are not in order."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from zhanggui.rulebook import RuleRefused
from zhanggui.rulebook.speech import speech_book_from


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with as_file(files("zhanggui.rulebook") / "forbidden") as ours:
        return Path(shutil.copytree(ours, tmp_path / "forbidden"))


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def test_it_reads_the_rules_that_come_along(folder: Path) -> None:
    assert [rule.id for rule in speech_book_from(folder).rules] == [
        "review_reward",
        "review_call",
        "off_platform_contact",
        "off_platform_payment",
        "steered_reason",
        "paid_withdrawal",
        "over_promise",
        "insult",
        "others_data",
        "absolute_claim",
    ]


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("rules.toml", '"odd_good_review"]', '"no_such_words"]', "review_reward: no such words: no_such_words"),
        ("rules.toml", 'id = "insult"', 'id = "review_call"', "a name stands twice"),
        ("rules.toml", "within = 16", "wihtin = 16", "review_reward: Object contains unknown field `wihtin`"),
        ("words.toml", "[words.presale]", "[words.presold]", "promises to ship need the words presale"),
        ("words.toml", "sounds = false", "sounds = 3", "Expected `bool`"),
    ],
)
def test_it_refuses_what_is_not_in_order(folder: Path, file: str, before: str, after: str, told: str) -> None:
    edit(folder / file, before, after)

    with pytest.raises(RuleRefused, match=told):
        speech_book_from(folder)


def test_it_refuses_a_rule_that_rests_on_nothing(folder: Path) -> None:
    rules = folder / "rules.toml"
    head, rest = rules.read_text("utf-8").split("grounds = [", 1)
    _, behind = rest.split("\n]\n", 1)
    rules.write_text(f"{head}grounds = []\n{behind}", "utf-8")

    with pytest.raises(RuleRefused, match="review_reward: no ground"):
        speech_book_from(folder)
