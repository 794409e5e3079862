"""Every SQL statement of the house: the UPPER_CASE string constants of the rooms that write, and what sqlglot makes of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlglot import exp, parse

from tests.house.source import SRC, Module, modules

ROOMS = {"records", "actions", "people"}
_BEGINS = re.compile(
    r"\s*(--[^\n]*\n\s*)*(select|insert|update|delete|with|copy|merge|create|drop|truncate|alter|set|lock|values|notify|listen)\b", re.IGNORECASE
)
_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*$")
_CREATED = re.compile(r"^create table (\w+) \((.*?)^\);", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One named statement."""

    module: str
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.module} {self.name}"

    @property
    def parsed(self) -> list[exp.Expression]:
        """What sqlglot reads in it."""
        return [tree for tree in parse(self.sql.replace("%%", "%"), dialect="postgres") if isinstance(tree, exp.Expression)]


@cache
def statements() -> tuple[Statement, ...]:
    """Every statement of the rooms that may write or read rows."""
    return tuple(found for module in modules() if module.room in ROOMS for found in _of(module))


@cache
def tables_of_a_shop() -> frozenset[str]:
    """The tables whose migration gives them a shop_id, the shops themselves excepted."""
    texts = [file.read_text("utf-8") for file in sorted((SRC / "records" / "migrations").glob("*.sql"))]
    created = [match for text in texts for match in _CREATED.finditer(text)]
    return frozenset(match[1] for match in created if re.search(r"^\s+shop_id\s", match[2], re.MULTILINE)) - {"shops"}


def _of(module: Module) -> Iterator[Statement]:
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                pass
            case _:
                continue
        if _CONSTANT.match(name) and _BEGINS.match(text):
            yield Statement(module.name, name, text)
