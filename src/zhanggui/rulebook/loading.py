"""Reads the rulebook: TOML blocks to rules, refused with file and line where they are not in order."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from zhanggui.core.rules import Rule, Rulebook
from zhanggui.core.scripts import Scripts
from zhanggui.core.weights import Weights
from zhanggui.core.working_time import WorkCalendar, YearCalendar
from zhanggui.rulebook.advice import advice_book
from zhanggui.rulebook.blocks import FIELDS, Block, blocks, decoded, rule_from_block
from zhanggui.rulebook.checks import check

RULE_FOLDERS = ("pdd", "law", "shop")

_DEFAULTS: dict[str, Any] = {
    "effective_until": None,
    "from_is_approximate": False,
    "until_is_approximate": False,
    "scope": {},
    "counts_from": (),
    "counts_to": (),
    "term": None,
    "amount": None,
    "clock_runs": True,
    "hours_of_day": (),
    "is_unknown": False,
    "is_rival": False,
    "note": None,
}


@cache
def load() -> Rulebook:
    """The rulebook that comes along. Raises RuleRefused, naming file and line."""
    return load_from(files("zhanggui.rulebook"))


@cache
def scripts() -> Scripts:
    """The message scripts that come along. Raises RuleRefused."""
    folder = files("zhanggui.rulebook") / "scripts"
    return Scripts.of(script for file in _toml_files(folder) for script in Scripts.read(file.read_text("utf-8"), file.name))


def load_from(folder: Traversable) -> Rulebook:
    """The rulebook in a folder of the shape of this one. Raises RuleRefused."""
    rules = [rule_from_block(block) for name in RULE_FOLDERS if (folder / name).is_dir() for block in _blocks(folder / name, name)]
    check(rules)
    ranking = folder / "ranking.toml"
    weights = decoded(ranking.read_text("utf-8"), Weights, "ranking.toml")
    return Rulebook(rules, weights, _calendar(folder / "calendar"), advice_book(folder if (folder / "advice.toml").is_file() else files("zhanggui.rulebook")))


def rule_from_data(data: Mapping[str, Any], where: str) -> Rule:
    """A shop's own rule from data of the same shape as a TOML block. Raises RuleRefused, naming `where` and the field."""
    rule = rule_from_block(Block({"grade": "S", **data}, where))
    check((rule,))
    return msgspec.structs.replace(rule, is_override=True)


def rule_to_data(rule: Rule) -> dict[str, Any]:
    """The rule as plain data, for JSON; `rule_from_data` gives it back."""
    data: dict[str, Any] = msgspec.to_builtins(rule)
    return {name: value for name, value in data.items() if name in FIELDS and value != _DEFAULTS.get(name)}


def _blocks(folder: Traversable, name: str) -> Iterable[Block]:
    for file in _toml_files(folder):
        yield from blocks(file.read_text("utf-8"), f"{name}/{file.name}")


def _calendar(folder: Traversable) -> WorkCalendar:
    return WorkCalendar(decoded(file.read_text("utf-8"), YearCalendar, f"calendar/{file.name}") for file in (_toml_files(folder) if folder.is_dir() else []))


def _toml_files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
