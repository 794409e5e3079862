"""Whatever a command says to a person, it can say in Chinese."""

import ast
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from zhanggui import cli
from zhanggui.cli.help import in_words
from zhanggui.cli.main import program
from zhanggui.words import load

SAYING = {"line", "aside", "say"}
_HERE = Path(str(cli.__file__)).parent


def _sentences() -> Iterator[str]:
    for file in _HERE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SAYING and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


@pytest.mark.parametrize("sentence", sorted(set(_sentences())))
def test_it_has_the_sentence_in_chinese(sentence: str) -> None:
    assert load("zh_Hans").gettext(sentence) != sentence


def _helps(command: click.Command) -> Iterator[str]:
    yield from (cleandoc(thing.help) for thing in (command, *command.params) if isinstance(thing, click.Command | click.Option) and thing.help)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _helps(inner)


@pytest.mark.parametrize("text", sorted(set(_helps(program))))
def test_it_has_the_help_in_chinese(text: str) -> None:
    assert load("zh_Hans").gettext(text) != text


def test_it_words_the_help_of_commands_in_commands_too() -> None:
    spoken = in_words(program, load("zh_Hans").gettext)

    assert isinstance(spoken, click.Group)
    people = spoken.commands["people"]
    assert isinstance(people, click.Group)
    assert people.commands["add"].help == "建一个账号。"
    assert isinstance(program.commands["people"], click.Group)
    assert program.commands["people"].commands["add"].help == "Make an account."
