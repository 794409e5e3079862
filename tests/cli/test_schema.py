"""Every command declares what it answers; that is JSON Schema anybody's validator takes, and what is really written keeps to it."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it carries no types, and comes along with the extra mcp
import pytest

from tests.cli.conftest import SHOP, order_no
from tests.cli.terminal import Terminal
from tests.cli.test_documented import EVERY_COMMAND
from zhanggui.cli.answers import ANSWERS, schema_of, shapes_of


def test_it_declares_every_command_and_no_other() -> None:
    assert sorted(ANSWERS) == sorted(EVERY_COMMAND)


@pytest.mark.parametrize("command", ANSWERS)
def test_what_it_declares_is_a_schema(command: str) -> None:
    schemas = [schema_of(shape) for shape in shapes_of(command)]

    assert schemas
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_says_what_it_does(name: str) -> None:
    assert (EVERY_COMMAND[name].help or "").rstrip().endswith((".", ")"))


def test_what_is_written_keeps_to_the_schema(stocked: Terminal) -> None:
    asked: list[tuple[str, ...]] = [
        ("shops",),
        ("todo", "--shop", SHOP),
        ("explain", order_no("late_1"), "--shop", SHOP),
        ("measures", "--shop", SHOP),
        ("schema",),
        ("schema", "todo"),
        ("mcp", "--tools"),
    ]

    for words in asked:
        command = next(name for name in (" ".join(words[:2]), words[0]) if name in ANSWERS)
        answer = stocked.run(*words, "--json")
        assert answer.code == 0
        schemas: list[Any] = stocked.run("schema", *command.split(), "--json").json["answers"]
        assert any(jsonschema.Draft202012Validator(schema).is_valid(answer.json) for schema in schemas), command


def test_it_refuses_a_command_that_is_none(terminal: Terminal) -> None:
    answer = terminal.run("schema", "nonsense", "--json")

    assert (answer.code, answer.json) == (1, {"refused": ["There is no command nonsense. List them all with: zhanggui schema"]})
    assert json.loads(terminal.run("schema", "--json").out)["exit_codes"] == {"0": "done", "1": "refused, in whole or in part", "2": "wrong use"}
