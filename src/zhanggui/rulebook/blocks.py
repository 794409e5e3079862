"""One TOML block to one rule."""

import tomllib
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from zhanggui.core.moments import start_of_day
from zhanggui.core.rules import Rule

T = TypeVar("T")

FIELDS = frozenset(Rule.__struct_fields__) - {"place", "is_override"}
"""The words a block may use."""


class RuleRefused(ValueError):
    """A rule that is not in order; the message begins with file and line."""


class Block(NamedTuple):
    """The data of one block, and where it stands."""

    data: dict[str, Any]
    place: str


def blocks(text: str, file: str) -> Iterator[Block]:
    """The `[[rule]]` blocks of a file with the line each begins at. Raises RuleRefused where it is no TOML or holds anything else."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RuleRefused(f"{file}: not readable as TOML: {problem}") from None
    if set(data) - {"rule"}:
        raise RuleRefused(f"{file}: unknown words at the top: {', '.join(sorted(set(data) - {'rule'}))}; a rule file holds [[rule]] blocks only")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rule]]"]
    for number, block in zip(lines, data.get("rule", []), strict=True):
        yield Block(block, f"{file}:{number}")


def rule_from_block(block: Block) -> Rule:
    """The rule in a block. Raises RuleRefused for unknown words, missing sources and bad dates."""
    data = dict(block.data)
    unknown = sorted(set(data) - FIELDS)
    if unknown:
        raise RuleRefused(f"{block.place}: unknown words: {', '.join(unknown)}")
    for name in ("effective_from", "effective_until"):
        if name in data:
            data[name] = _moment(data[name], f"{block.place}: {name}")
    try:
        rule = msgspec.convert(data, Rule)
    except msgspec.ValidationError as problem:
        raise RuleRefused(f"{block.place}: {problem}") from None
    return msgspec.structs.replace(rule, place=block.place)


def decoded(text: str, shape: type[T], file: str) -> T:
    """The TOML text as a struct. Raises RuleRefused."""
    try:
        return msgspec.convert(tomllib.loads(text), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise RuleRefused(f"{file}: {problem}") from None


def _moment(value: object, where: str) -> datetime:
    """A day means its beginning in Shanghai; a moment must say its offset."""
    if isinstance(value, str):
        value = _parsed(value, where)
    if isinstance(value, date) and value.year in {MINYEAR, MAXYEAR}:
        raise RuleRefused(f"{where}: {value.isoformat()} is no day a rule could begin or end on")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise RuleRefused(f"{where}: {value.isoformat()} lacks its offset; write the day alone, or a moment such as 2025-05-15T00:00:00+08:00")
        return value.astimezone(UTC)
    if isinstance(value, date):
        return start_of_day(value)
    raise RuleRefused(f"{where}: {value!r} is not a date")


def _parsed(text: str, where: str) -> datetime | date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise RuleRefused(f"{where}: {text!r} is not a date") from None
