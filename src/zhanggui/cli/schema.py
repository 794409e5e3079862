"""`zhanggui schema`: what every command answers with `--json`, as JSON Schema."""

from typing import Any

import click
import msgspec

from zhanggui.actions.refused import Refused as NotDone
from zhanggui.cli.answers import ANSWERS, Refused, schema_of, shapes_of
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.core.say import say

EXIT_CODES = {"0": "done", "1": "refused, in whole or in part", "2": "wrong use"}


class CommandLine(msgspec.Struct, frozen=True):
    """One command in the list; with `lines` it writes a document for every line it reads."""

    command: str
    lines: bool


class CommandsShape(msgspec.Struct, frozen=True):
    """Every command, and what exit codes mean."""

    commands: tuple[CommandLine, ...]
    exit_codes: dict[str, str]


class CommandShape(msgspec.Struct, frozen=True, kw_only=True):
    """What one command writes: a document by one of `answers`, or where nothing was done one by `refused`."""

    command: str
    lines: bool
    answers: tuple[dict[str, Any], ...]
    refused: dict[str, Any]
    exit_codes: dict[str, str]


@click.command("schema")
@click.argument("command", nargs=-1)
@with_desk
def schema(desk: Desk, command: tuple[str, ...]) -> int:
    """Write the JSON Schema of what a command answers with --json, or list the commands."""
    name = " ".join(command)
    if not name:
        desk.document(CommandsShape(tuple(CommandLine(each, told.lines) for each, told in ANSWERS.items()), EXIT_CODES))
        desk.lines(ANSWERS)
        return DONE
    if name not in ANSWERS:
        raise NotDone(say("There is no command {command}. List them all with: zhanggui schema", command=name))
    told = CommandShape(
        command=name,
        lines=ANSWERS[name].lines,
        answers=tuple(map(schema_of, shapes_of(name))),
        refused=schema_of(Refused),
        exit_codes=EXIT_CODES,
    )
    desk.document(told)
    desk.lines([msgspec.json.format(msgspec.json.encode(answer)).decode() for answer in told.answers])
    return DONE
