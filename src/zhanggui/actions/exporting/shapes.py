"""What an export says of itself: the manifest, which is the last file written and the first one read."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

FORMAT, VERSION = "zhanggui-export", 1
MANIFEST = "manifest.json"
MARK_EVERY = 1000
"""After so many lines a mark is set, by which damage is found among ten million."""

Count = Annotated[int, msgspec.Meta(ge=0)]


class TableFile(msgspec.Struct, frozen=True, kw_only=True):
    """One table: where its rows lie, a line of JSON each, how many, and by what damage is found."""

    table: str
    path: str
    rows: Count
    bytes: Count
    sha256: str
    columns: tuple[str, ...]
    marks: tuple[str, ...]
    """CRC-32 of each thousand lines, in hexadecimal; the last one of what is left."""


class OtherFile(msgspec.Struct, frozen=True, kw_only=True):
    """Any other file: a schema, a piece of evidence, a setting of the home."""

    path: str
    bytes: Count
    sha256: str


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """Where the numbers of one column stand, so that none is given twice."""

    table: str
    column: str
    value: int
    is_called: bool


class Step(msgspec.Struct, frozen=True):
    """One step of the schema and its digest."""

    name: str
    digest: str


class OneShop(msgspec.Struct, frozen=True):
    """The shop, where only one was taken out."""

    shop_id: int
    name: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of an export. `digest` is over everything told here but the moment and the program: equal data have equal digests."""

    format: str
    version: int
    made_at: datetime
    program: str
    shop: OneShop | None
    migrations: tuple[Step, ...]
    tables: tuple[TableFile, ...]
    files: tuple[OtherFile, ...]
    sequences: tuple[Stands, ...]
    left_out: Mapping[str, str]
    is_open: bool
    """Whether texts that lie sealed in the house lie open here; else the keys are needed to read them."""
    left_shut: Count = 0
    """How many of them were written as empty, because their keys were not at hand."""
    digest: str = ""

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(each.rows for each in self.tables)


def digested(manifest: Manifest) -> Manifest:
    """The manifest with its digest."""
    return msgspec.structs.replace(manifest, digest=digest_of(manifest))


def digest_of(manifest: Manifest) -> str:
    """The digest that a manifest must carry."""
    told = {name: value for name, value in msgspec.structs.asdict(manifest).items() if name not in {"made_at", "program", "digest"}}
    if not manifest.left_shut:
        del told["left_shut"]  # exports of before do not tell it
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
