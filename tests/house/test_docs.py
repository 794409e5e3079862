"""The docs keep up: a command, a setting, a rule, a state, a room that they do not name is unfinished."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import click
import pytest

from tests.house.source import ROOT, SRC, modules
from zhanggui import rulebook
from zhanggui.cli.main import program
from zhanggui.core import deadlines, facts, rules, verdicts
from zhanggui.core.acts import moves, requests, terms
from zhanggui.people import permissions

DOCS = ROOT / "docs"
SETTING = re.compile(r"\bZHANGGUI_[A-Z][A-Z_]*[A-Z]\b")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def test_the_docs_name_every_command_and_option() -> None:
    text = _docs()

    unnamed = [name for path, command in _commands(program, ()) for name in _names(path, command) if not re.search(name, text)]

    assert unnamed == []


def test_the_docs_name_every_setting() -> None:
    read = {name for path in (SRC, ROOT / "script") for file in path.rglob("*") if _is_text(file) for name in SETTING.findall(file.read_text("utf-8"))}
    text = _docs()

    assert read | {"DATABASE_URL"} >= {"ZHANGGUI_HOME", "ZHANGGUI_PG_BIN"}
    assert sorted(name for name in read | {"DATABASE_URL", "PORT"} if name not in text) == []


def test_the_plan_names_every_room() -> None:
    plan = (DOCS / "house.md").read_text("utf-8")
    rooms = {module.room for module in modules()} - {"__init__", "__main__"}

    assert sorted(room for room in rooms if f"{room}/" not in plan and f"{room}.py" not in plan) == []


def test_every_rule_says_where_it_comes_from_and_when_that_was_checked() -> None:
    rules = rulebook.load().all

    assert len(rules) > 20
    assert [rule.cite for rule in rules if not rule.source.strip() or not rule.title.zh or not rule.title.en or rule.checked.year < 2025] == []


def test_the_glossary_names_every_state_act_question_and_right() -> None:
    glossary = _docs()
    kinds = [
        kind
        for module in (facts, deadlines, verdicts, rules, permissions, moves, requests, terms)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == module.__name__
    ]

    assert len(kinds) > 10
    assert [f"{kind.__name__}.{member.name}" for kind in kinds for member in kind if f"`{member.value}`" not in glossary] == []


@pytest.mark.parametrize("page", sorted(page.relative_to(ROOT).as_posix() for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))))
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    here = ROOT / page

    assert [link for link in LINK.findall(here.read_text("utf-8")) if not (here.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_two_commands_stand_in_the_first_ten_lines(page: str) -> None:
    top = "\n".join((ROOT / page).read_text("utf-8").splitlines()[:10])

    assert "script/demo" in top
    assert "script/test" in top


def _commands(group: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(group, click.Group):
        yield path, group
        return
    for name, command in group.commands.items():
        yield from _commands(command, (*path, name))


def _names(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    """Patterns of what the docs must hold for this command."""
    yield r"zhanggui (--home \S+ )?" + " ".join(path) + r"\b"
    for parameter in command.params:
        yield from (rf"{option}\b" for option in parameter.opts if option.startswith("--"))


def _docs() -> str:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return "\n".join(page.read_text("utf-8") for page in pages)


def _is_text(file: Path) -> bool:
    return file.is_file() and (file.suffix == ".py" or file.parent.name == "script")
