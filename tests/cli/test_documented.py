"""The docs name every command, option, JSON field, setting and profile; a name they lack is unfinished work."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from zhanggui.cli import (
    activities,
    acts,
    assisting,
    backups,
    batches,
    checking,
    connecting,
    doctor,
    explaining,
    exporting,
    labels,
    money,
    people,
    rating,
    rules,
    scans,
    schema,
    scripts,
    serving,
    shapes,
    shops,
    slips,
    speaking,
    syncing,
    todo,
    tokens,
    what_if,
    working,
)
from zhanggui.cli.main import program
from zhanggui.connectors.files import profiles
from zhanggui.core.facts import KIND_OF, Facts
from zhanggui.rulebook import load
from zhanggui.rulebook.ratings import rating_book
from zhanggui.site.settings import ALL

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = (DOCS / "commands.md").read_text("utf-8")


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


EVERY_COMMAND = dict(_commands(program))
EVERY_SHAPE = [
    shape
    for module in (
        activities,
        acts,
        assisting,
        backups,
        batches,
        checking,
        connecting,
        doctor,
        explaining,
        exporting,
        labels,
        money,
        people,
        rating,
        rules,
        scans,
        schema,
        scripts,
        serving,
        shapes,
        shops,
        slips,
        speaking,
        syncing,
        todo,
        tokens,
        what_if,
        working,
    )
    for shape in vars(module).values()
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape.__module__ == module.__name__ and shape.__name__ != "Finding"
]


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_it_names_the_command(name: str) -> None:
    assert f"`zhanggui {name}" in COMMANDS or f"`zhanggui --home NEW {name}" in COMMANDS


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_it_names_every_option_of_the_command(name: str) -> None:
    options = {opt for param in EVERY_COMMAND[name].params if isinstance(param, click.Option) for opt in param.opts}

    missing = {option for option in options if not re.search(rf"{option}\b", COMMANDS)}

    assert missing == set()


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_can_speak_json(name: str) -> None:
    assert "--json" in {opt for param in EVERY_COMMAND[name].params for opt in param.opts}


@pytest.mark.parametrize("shape", EVERY_SHAPE, ids=lambda shape: shape.__name__)
def test_it_names_every_field_of_the_json(shape: type[msgspec.Struct]) -> None:
    missing = {field for field in shape.__struct_fields__ if f'"{field}"' not in COMMANDS}

    assert missing == set()


def test_it_names_every_setting() -> None:
    settings = (DOCS / "settings.md").read_text("utf-8")

    assert {setting.name for setting in ALL if f"`{setting.name}`" not in settings} == set()


def test_it_names_every_profile_that_comes_along() -> None:
    text = (DOCS / "profiles.md").read_text("utf-8")

    assert {name for name in profiles() if f"`{name}`" not in text} == set()


def test_it_cites_only_rules_that_exist() -> None:
    cites = set(re.findall(r"\b(?:pdd|cn|house)\.[a-z_.0-9]+@\d{4}-\d\d-\d\d", COMMANDS))

    assert cites <= {rule.cite for rule in load().all} | {version.cite for version in load().advice.metrics} | {version.cite for version in rating_book().rule}
    assert cites


def test_the_two_handbooks_have_the_same_chapters() -> None:
    zh, en = ((DOCS / name).read_text("utf-8") for name in ("handbook.zh-CN.md", "handbook.md"))

    assert zh.count("\n## ") == en.count("\n## ")


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")], ids=lambda page: page.name)
def test_no_page_points_to_a_page_that_is_not_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("struct", KIND_OF, ids=lambda struct: struct.__name__)
def test_it_names_every_field_of_a_fact(struct: type[Facts]) -> None:
    text = (DOCS / "profiles.md").read_text("utf-8")

    assert {name for name in (KIND_OF[struct].value, *struct.__struct_fields__) if f"`{name}`" not in text} == set()
