"""Reading our own source: every module of the house as a syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "zhanggui"


@dataclass(frozen=True)
class Module:
    """One file of the house."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Where it stands, such as records/orders.py."""
        return self.path.relative_to(SRC).as_posix()

    @property
    def room(self) -> str:
        """The room it belongs to."""
        return self.name.split("/", maxsplit=1)[0].removesuffix(".py")


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the house."""
    return tuple(Module(path, ast.parse(path.read_text("utf-8"))) for path in sorted(SRC.rglob("*.py")))


def dotted(node: ast.expr) -> str:
    """The dotted name an expression spells, or nothing."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
        case _:
            return ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
