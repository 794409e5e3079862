"""Whatever a command says to a person, it can say in Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui import cli
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
