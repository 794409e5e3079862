"""A profile maps the export files of one shop system to facts. It is data: a TOML file, built in or a shop's own.

    name = "myshop"              # how it is chosen
    utc_offset = "+08:00"        # the zone of every moment in the files
    money = "yuan"               # "yuan": amounts with decimals; "fen": whole hundredths. The unit is the file's own currency, whatever it is called
    times = ["%d.%m.%Y %H:%M"]   # further ways in which moments are written; ISO, 2024/1/5 9:03, 2024年1月5日 and Excel's serial numbers are always known
    encodings = ["utf-8"]        # text encodings to expect; the default is UTF-8 and GB18030

    [[family]]                   # one kind of table; it is recognised by its headers alone, never by a name or a position
    name = "orders"
    gives = "order"              # the kind of fact one row tells; left out for a table that is known and left aside
    key = ["order_no"]           # fields that a table must have, else it is not of this family
    least = 2                    # how many of the columns below must be found before it is believed to be of this family
    day_from = "order_no"        # optional: a row without any moment takes its day from YYMMDD at the head of this field

    [family.columns]             # field of the fact = where it stands and what it is
    order_no = { headers = ["Order number", "No."], as = "id" }

    [family.line_columns]        # optional: the same row tells a line of its order too
    [family.words.status_text]   # for columns that are `as = "words"`: what each word of the source means
    "paid" = { stage = "to_ship" }
    [family.leave]
    headers = ["Colour"]         # known columns that nobody needs: neither used nor reported as unknown

Headers are compared after folding width, case and blanks. Where several headers of one field stand in a table, the first that has something in the
row is taken. `as` is one of: id, parcels (the numbers an order travels under: its own, and further ones), code, text, note (text that may hold
telephone numbers), moment, money, outgoing (money that left, told as a positive amount), count, score, grams, hours, link, links (several of them),
said (what a buyer wrote in public), flag, words, receiver, name, place, province (only the province of an address passes), refunded (a refund state
from the refunded amount), digest (a key made from the row itself, for sources without one). Further marks of a column: `wanted` (its absence is
reported), `event` (a moment that has happened, so that the age of the data can be told from it), `seconds` (a moment that a spreadsheet has cut to the
minute is refused: for what a digest is made from), `hint` (a cell that cannot be read is left unknown and reported, where it would refuse the row;
never for what a row is known by), `shape` (a pattern ids must fit), `unknown` (what an unknown word means), `yes` and `no` (words of a flag), `code`
(the field that takes the digits which open the text), `of` (the fields a digest is made from).
"""

import re
import tomllib
import unicodedata
from datetime import timedelta, timezone
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.facts import KIND_OF, FactKind, Facts, OrderLineFacts
from zhanggui.core.say import say

STRUCT_OF: dict[FactKind, type[Facts]] = {kind: struct for struct, kind in KIND_OF.items()}

As = Literal[
    "id",
    "parcels",
    "code",
    "text",
    "note",
    "moment",
    "money",
    "outgoing",
    "count",
    "score",
    "flag",
    "words",
    "receiver",
    "name",
    "place",
    "province",
    "refunded",
    "digest",
    "grams",
    "hours",
    "link",
    "links",
    "said",
]


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one field stands and what its cells are."""

    is_a: As = msgspec.field(name="as")
    headers: tuple[str, ...] = ()
    wanted: bool = False
    event: bool = False
    seconds: bool = False
    hint: bool = False
    shape: str | None = None
    unknown: dict[str, str] = {}
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    code: str | None = None
    of: tuple[str, ...] = ()


class Leave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns that are known and not needed."""

    headers: tuple[str, ...] = ()


class Family(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of table."""

    name: str
    gives: FactKind | None = None
    key: tuple[str, ...] = ()
    least: int = 2
    day_from: str | None = None
    columns: dict[str, Column] = {}
    line_columns: dict[str, Column] = {}
    words: dict[str, dict[str, dict[str, str]]] = {}
    leave: Leave = Leave()


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All tables of one shop system."""

    name: str
    family: tuple[Family, ...]
    utc_offset: str = "+08:00"
    money: Literal["yuan", "fen"] = "yuan"
    times: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ("utf-8", "gb18030")

    @property
    def zone(self) -> timezone:
        """The fixed offset of the moments in these files."""
        sign = -1 if self.utc_offset.startswith("-") else 1
        hours, minutes = self.utc_offset[1:].split(":")
        return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))

    def named(self, family: str) -> Family:
        """The family of that name."""
        return next(one for one in self.family if one.name == family)


def folded(header: str) -> str:
    """A header without what differs from file to file: width, case, blanks, a mark of order and cut-off dots."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split()).strip("\ufeff\"'.…").replace("\u200b", "")


def profiles() -> tuple[str, ...]:
    """The names of the profiles that come along."""
    return (*_built_in(), "facts")


def load(name: str | None) -> tuple[Profile, ...]:
    """The profile of that name, or in that TOML file; all that come along when no name is given. Raises Unreadable."""
    if name is None:
        return tuple(_built_in().values())
    if name in _built_in():
        return (_built_in()[name],)
    path = Path(name)
    if not path.is_file():
        raise Unreadable(say("There is no profile named {name}; known are {known}, or give the path of a TOML file.", name=name, known=", ".join(profiles())))
    try:
        return (from_toml(path.read_text("utf-8")),)
    except (OSError, UnicodeDecodeError, ValueError, KeyError) as problem:
        raise Unreadable(say("The profile {name} cannot be used: {problem}", name=path.name, problem=str(problem))) from problem


def from_toml(text: str) -> Profile:
    """The profile written in this text. Raises ValueError naming what is wrong."""
    profile = msgspec.convert(tomllib.loads(text), Profile)
    if not re.fullmatch(r"[+-]\d\d:\d\d", profile.utc_offset):
        raise ValueError(f"utc_offset {profile.utc_offset!r} is not written like +08:00")
    for family in profile.family:
        _check(family)
    return profile


@cache
def _built_in() -> dict[str, Profile]:
    folder = resources.files("zhanggui.connectors.files") / "profiles"
    found = (from_toml(entry.read_text("utf-8")) for entry in sorted(folder.iterdir(), key=lambda one: one.name) if entry.name.endswith(".toml"))
    return {profile.name: profile for profile in found}


def _check(family: Family) -> None:
    if family.gives is None:
        return
    _check_fields(family, STRUCT_OF[family.gives], family.columns)
    if family.line_columns:
        _check_fields(family, OrderLineFacts, family.line_columns)
    for missing in [key for key in family.key if key not in family.columns]:
        raise ValueError(f"family {family.name}: the key {missing} has no column")


def _check_fields(family: Family, struct: type[Facts], columns: dict[str, Column]) -> None:
    known = set(struct.__struct_fields__)
    for field, column in columns.items():
        told = {name for meaning in (*family.words.get(field, {}).values(), column.unknown) for name in meaning}
        further = {"further_parcels"} if column.is_a == "parcels" else set()
        for name in sorted(({field} | told | further | ({column.code} if column.code else set()) | set(column.of)) - known):
            raise ValueError(f"family {family.name}: {struct.__name__} has no field {name}")
        if column.hint and field in _never_hints(family, struct, columns):
            raise ValueError(f"family {family.name}: {field} is part of what a row is known by, and no hint")
        if not column.headers and column.is_a != "digest":
            raise ValueError(f"family {family.name}: the column of {field} names no headers")
        if column.shape is not None:
            re.compile(column.shape)
        for meaning in (*family.words.get(field, {}).values(), column.unknown):
            msgspec.convert(meaning, _meaning_type(struct, tuple(meaning)))


def _never_hints(family: Family, struct: type[Facts], columns: dict[str, Column]) -> set[str]:
    """The fields by which a row is known."""
    needed = {field.name for field in msgspec.structs.fields(struct) if field.required}
    return {*family.key, *needed, *(name for column in columns.values() for name in column.of)}


@cache
def _meaning_type(struct: type[Facts], fields: tuple[str, ...]) -> type[msgspec.Struct]:
    types = {field.name: field.type for field in msgspec.structs.fields(struct)}
    return msgspec.defstruct("Meaning", [(name, types[name]) for name in fields])


def meanings(struct: type[Facts], meaning: dict[str, str]) -> dict[str, object]:
    """The values a word stands for, in the types of the fact."""
    return msgspec.structs.asdict(msgspec.convert(meaning, _meaning_type(struct, tuple(meaning))))
