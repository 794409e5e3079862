"""The page about the rulebook keeps up with it."""

from pathlib import Path

from zhanggui import rulebook

PAGE = Path(__file__).parents[2] / "docs" / "rulebook.md"


def test_it_names_every_block_and_what_it_says() -> None:
    page = PAGE.read_text("utf-8")

    missing = [rule.cite for rule in rulebook.load().all if f"| `{rule.cite}` | {rule.title.en} |" not in page]

    assert missing == []


def test_it_names_no_block_that_is_gone() -> None:
    cites = [line.split("`")[1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]

    assert sorted(cites) == sorted(rule.cite for rule in rulebook.load().all)
