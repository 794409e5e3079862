"""Rules as a file: TOML to read and to write. What is written is read again as the same rules."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from zhanggui.core.automation.rules import AutoRule

MOST_BYTES = 500_000
_DELETE = "\x7f"


class RulesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of rules."""

    rule: tuple[AutoRule, ...] = ()


class BadRules(ValueError):
    """A file that holds no rules; the message says why, and where."""


def read_rules(text: bytes | str) -> tuple[AutoRule, ...]:
    """The rules in a file. Raises BadRules."""
    if len(text) > MOST_BYTES:
        raise BadRules(f"the file is longer than {MOST_BYTES} bytes")
    try:
        rules = msgspec.toml.decode(text, type=RulesFile).rule
        told = write_rules(rules)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as problem:
        raise BadRules(str(problem)[:300]) from None
    if "\\u0000" in told:
        raise BadRules("a text holds the character zero")
    twice = _twice(rule.id for rule in rules)
    if twice:
        raise BadRules(f"two rules have the id {twice}")
    return rules


def write_rules(rules: Iterable[AutoRule]) -> str:
    """The rules as a file."""
    return "\n".join("\n".join(_rule(msgspec.to_builtins(rule, builtin_types=(datetime, date)))) + "\n" for rule in rules)


def _rule(told: dict[str, Any]) -> Iterator[str]:
    yield "[[rule]]"
    for name, value in told.items():
        if name not in ("when", "either", "do", "case"):
            yield f"{name} = {_value(value)}"
    if told.get("when"):
        yield ""
        yield "[rule.when]"
        for name, clause in told["when"].items():
            yield f"{_key(name)} = {_value(clause)}"
    for part in ("either", "do", "case"):
        for each in told.get(part, ()):
            yield ""
            yield f"[[rule.{part}]]"
            for name, value in each.items():
                yield f"{_key(name)} = {_value(value)}"


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").isalnum() else _text(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case str():
            return _text(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }" if value else "{}"
        case _:
            return "[" + ", ".join(_value(each) for each in value) + "]"


def _text(text: str) -> str:
    text.encode()  # half a character, as some programs write, has no place in a file
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")


def _twice(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            return each
        seen.add(each)
    return None
