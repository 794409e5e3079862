"""Where personal data can lie, as the table beside this file tells it."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec


class Form(StrEnum):
    """In which form something is kept."""

    MASKED = "masked"
    SEALED = "sealed"
    DIGEST = "digest"
    CLEAR = "clear"


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of personal data: why it is kept, in which form and how long, who sees it, and every place that holds it."""

    id: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    form: Form
    kept: str
    who: str
    columns: tuple[str, ...] = ()
    """Of the database, as table.column."""
    fields: tuple[str, ...] = ()
    """Of facts, as kind.field: they lie in the columns `facts`."""


class FileKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of file that holds personal data."""

    path: str
    zh: str
    en: str
    form: Form
    kept: str
    who: str


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns and fields by their names alone, whatever table or fact they stand in; `tables` names others table by table."""

    columns: frozenset[str]
    fields: frozenset[str]
    tables: dict[str, tuple[str, ...]] = {}


class Inventory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    kind: tuple[Kind, ...]
    file: tuple[FileKind, ...]
    pointers: Named
    nothing: Named

    def kind_of(self, kind_id: str) -> Kind:
        """The kind of this name."""
        return next(kind for kind in self.kind if kind.id == kind_id)

    def column(self, table: str, column: str) -> str | None:
        """What a column holds: the name of a kind, `pointer`, `nothing`; None where nobody has said it."""
        named = f"{table}.{column}"
        kind = next((kind.id for kind in self.kind if named in kind.columns), None)
        if kind is not None:
            return kind
        if column in self.pointers.columns:
            return "pointer"
        return "nothing" if column in self.nothing.columns or column in self.nothing.tables.get(table, ()) else None

    def field(self, fact: str, field: str) -> str | None:
        """What a field of a kind of fact holds, in the same words."""
        named = f"{fact}.{field}"
        kind = next((kind.id for kind in self.kind if named in kind.fields), None)
        if kind is not None:
            return kind
        if field in self.pointers.fields:
            return "pointer"
        return "nothing" if field in self.nothing.fields else None

    def named_columns(self) -> list[tuple[str, str]]:
        """Every column that is named with its table, to be held against the schema."""
        of_kinds = [(table, column) for kind in self.kind for named in kind.columns for table, _, column in [named.partition(".")]]
        return of_kinds + [(table, column) for table, columns in self.nothing.tables.items() for column in columns]


@cache
def inventory() -> Inventory:
    """The table that comes along."""
    return msgspec.convert(tomllib.loads((Path(__file__).parent / "inventory.toml").read_text("utf-8")), Inventory)
