"""What a look into files yields: the tables that stand in them, and the rows that could not be taken."""

from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.core.facts import FactKind, Facts, Place, Sighting
from zhanggui.core.say import Say

AsOfSource = Literal["file", "data"]


class Unreadable(Exception):
    """The file as a whole cannot be read, or the profile cannot be used; `say` tells why and what to do."""

    def __init__(self, reason: Say) -> None:
        super().__init__(reason.text.format_map(dict(reason.slots)))
        self.say = reason


class Refused(msgspec.Struct, frozen=True):
    """One row that was not taken: where it stands, why, and its used cells by header, personal data masked."""

    place: Place
    reason: Say
    cells: dict[str, str]
    kind: FactKind


Told = Sighting[Facts] | Refused


class Layout(msgspec.Struct, frozen=True):
    """How a table is to be read again: which member of the file, which sheet, how its text is written, where its header stands."""

    member_no: int
    family: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet_no: int = 0
    header_row: int = 0


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table of a file as it was recognised: which columns are used, unknown, missing, and how many rows it holds."""

    file: str
    sheet: str | None = None
    kind: FactKind | None = None
    """None when it is not recognised, or known and left aside."""
    profile: str | None = None
    used: tuple[tuple[str, str], ...] = ()
    """(header in the file, our field)."""
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Headers that the desk could make good use of, and that the file lacks."""
    note: Say | None = None
    """The weightiest remark; `notes` holds all of them."""
    notes: tuple[Say, ...] = ()
    rows: int = 0
    refused: bool = False
    """True when this table should have been read and cannot be; `note` says why. Nothing of it is read."""
    as_of: datetime | None = None
    as_of_source: AsOfSource | None = None
    layout: Layout | None = None


class Survey(msgspec.Struct, frozen=True):
    """Everything that stands in one file, before a row of it is taken."""

    tables: tuple[Table, ...]
    as_of: datetime | None
    as_of_source: AsOfSource | None
    profile: str | None = None
    """The profile that was asked for, a name or a path; None when every built-in one was tried."""
