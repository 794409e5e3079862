"""The facts profile: one JSON object a line, for the demo and for other programs.

    {"fact": "order", "as_of": "2026-11-21T10:20:30+08:00", "order_no": "261121-…", "stage": "to_ship", "pay_amount": 2990}

`fact` names the kind; the other names are the fields of that kind. Moments are ISO 8601 with an offset, or a Shanghai wall clock without one. Money is
whole fen. `as_of` is optional and tells of which moment this one line speaks. The fields that stand in the line, null ones too, are the given ones.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from zhanggui.connectors.files.cells import (
    BLANK,
    DAMAGED,
    LONGEST_NAME,
    LONGEST_TEXT,
    NO_COUNT,
    NO_DIGEST,
    NO_MOMENT,
    TOO_LONG,
    NotUnderstood,
    link,
    moment_parser,
)
from zhanggui.connectors.files.masking import masked_numbers, masked_offence, masked_person, storable
from zhanggui.connectors.files.profile import STRUCT_OF
from zhanggui.connectors.files.shapes import Refused, Told
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.facts import KIND_OF, FactKind, Facts, Place, Sighting
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say

PROFILE = "facts"
_LINE = "line"
_PATH = re.compile(r" - at `\$\.(\w+)")
LONGEST_IN_LIST = 256
_moment = moment_parser(SHANGHAI, ())
_PROMISES = frozenset({"ship_by", "deliver_by", "expire_at", "presale_ship_at", "booked_at"})


class Shape(msgspec.Struct, frozen=True):
    """What one needs to know of a kind of fact to read it: its struct, its fields, and which of them are moments or personal."""

    struct: type[Facts]
    fields: frozenset[str]
    moments: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    lists: tuple[str, ...]
    free: frozenset[str]
    """Texts of any length in which people may have written telephone numbers."""
    said: frozenset[str]
    """What buyers and reps wrote, to each other or in a review, masked like a paste."""


def is_facts(head: bytes) -> bool:
    """Whether these first bytes open a file of facts."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"{") and b'"fact"' in text[:20_000]


def read_line(text: str, place: Place) -> Told:
    """The fact this line tells, or why it cannot be taken."""
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return _refused_line(text, place, say("The line is no JSON object: {problem}. It may have been cut off.", problem=str(problem)))
    if not isinstance(told, dict):
        return _refused_line(text, place, say("The line is no JSON object."))
    return read_object(told, place)


def read_object(told: dict[str, Any], place: Place, *, strict: bool = True) -> Told:
    """The fact this object tells. Where it is not strict, numbers may come as text, as they do from a form."""
    word = str(told.get("fact"))
    try:
        kind = FactKind(word)
    except ValueError:
        known = ", ".join(kind.value for kind in FactKind)
        reason = say("{column} holds {cell}, which is no kind of fact; known are {known}.", column="fact", cell=masked_offence(word), known=known)
        return Refused(_at(place, "fact"), reason, as_cells(told), FactKind.ORDER)
    shape = shape_of(kind)
    strange = sorted(told.keys() - shape.fields - {"fact", "as_of"})
    if strange:
        reason = say("{fact} has no field {column}.", fact=kind.value, column=storable(strange[0][:60]))
        return Refused(_at(place, storable(strange[0][:60])), reason, as_cells(told), kind)
    return _fact(told, shape, kind, place, strict=strict)


def _fact(told: dict[str, Any], shape: Shape, kind: FactKind, place: Place, *, strict: bool) -> Told:
    values = {name: value for name, value in told.items() if name not in {"fact", "as_of"}}
    column: str = "as_of"
    try:
        as_of = _read_moment(told.get("as_of"))
        for column in (*shape.moments, *shape.texts, *shape.numbers, *shape.lists):
            if column in values:
                values[column] = _read_value(column, values[column], shape)
        facts = msgspec.convert(values, shape.struct, strict=strict)
    except NotUnderstood as problem:
        return Refused(_at(place, column), problem.reason(column), as_cells(told), kind)
    except msgspec.ValidationError as problem:
        return Refused(_at(place, _column_of(problem)), _invalid(problem), as_cells(told), kind)
    given = _given(tuple(values)) if kind is FactKind.ORDER else frozenset(values)
    return Sighting(facts, given, place, as_of)


def _read_value(column: str, value: Any, shape: Shape) -> Any:
    """The value of a field, read by what the field holds. Raises NotUnderstood."""
    if column in shape.moments:
        return _read_moment(value)
    if column in shape.texts:
        return _read_text(column, value, shape)
    if column == _ADDRESSES and isinstance(value, list):
        return [one for one in map(_read_address, value) if one is not None]
    return _read_list(value) if column in shape.lists else _read_number(column, value)


_KNOWN_FIELDS = frozenset(field.name for struct in STRUCT_OF.values() for field in msgspec.structs.fields(struct)) | {"fact", "as_of"}


def as_cells(told: dict[str, Any]) -> dict[str, str]:
    """The object as cells that a person can mend, personal data masked."""
    return {storable(name[:60]): _as_cell(name, value) for name, value in told.items()}


def cells_of(facts: Facts) -> dict[str, str]:
    """A fact as cells that a person can mend."""
    told: dict[str, Any] = msgspec.to_builtins(facts)
    return as_cells(told)


def kind_of(facts: Facts) -> FactKind:
    """The kind of this fact."""
    return KIND_OF[type(facts)]


def reread(kind: FactKind, cells: dict[str, str], place: Place) -> Told:
    """The fact in mended cells; a line that was no JSON at all is mended as a line."""
    if _LINE in cells:
        return read_line(cells[_LINE], place)
    told: dict[str, Any] = {name: cell if cell != "" else None for name, cell in cells.items()}
    return read_object({"fact": kind.value} | told, place, strict=False)


@cache
def shape_of(kind: FactKind) -> Shape:
    """The shape of that kind of fact."""
    struct = STRUCT_OF[kind]
    fields = msgspec.structs.fields(struct)
    moments = tuple(field.name for field in fields if "datetime" in str(field.type))
    texts = tuple(field.name for field in fields if field.type in (str, str | None))
    numbers = tuple(field.name for field in fields if field.type in (int, int | None, Fen, Fen | None))
    lists = tuple(field.name for field in fields if "tuple" in str(field.type))
    free = _FREE - {"text"} if kind is FactKind.SCAN else _FREE  # the text of a scan is part of its key, and names a courier to be called
    return Shape(
        struct,
        frozenset(field.name for field in fields),
        moments,
        texts,
        numbers,
        lists,
        free,
        _SAID.get(kind, frozenset()),
    )


def happened_in(facts: Facts) -> Iterator[datetime]:
    """The moments of a fact that have happened; promises are left out."""
    for name in shape_of_struct(type(facts)):
        moment = getattr(facts, name)
        if moment is not None:
            yield moment


@cache
def shape_of_struct(struct: type[Facts]) -> tuple[str, ...]:
    """The fields of a kind of fact that hold moments which have happened."""
    kind = next(kind for kind, one in STRUCT_OF.items() if one is struct)
    return tuple(name for name in shape_of(kind).moments if name not in _PROMISES)


def _read_moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise NotUnderstood(NO_MOMENT, str(value))
    return _moment(value)  # type: ignore[no-any-return]  # parsers of cells are typed by what they are for


_PERSONAL: dict[str, Callable[[str], str]] = {
    "receiver_masked": lambda text: " ".join(masked_person(part) for part in text.split()),
    "buyer_masked": masked_person,
}
_FREE = frozenset({"buyer_note", "seller_note", "text", "title", "reply", "reason", "remark", "note", "description", "follow_up"})
_SAID = {FactKind.MESSAGE: frozenset({"text"}), FactKind.REVIEW: frozenset({"title", "text", "follow_up", "reply"})}
_DIGEST_FIELD, _DIGEST = "buyer", re.compile(r"[0-9a-f]{16,128}")
_ADDRESS, _ADDRESSES = "picture", "picture_addresses"
"""What a page shows as a way to a picture, and must lead nowhere else."""


_NUMBERS_OF = frozenset(
    {"order_no", "line_no", "part_no", "case_no", "review_no", "message_no", "tracking_no", "return_tracking_no", "replacement_no", "goods_id", "sku_id"}
)
_LONGEST = dict.fromkeys(_NUMBERS_OF, 128)
_MOST = {"score": 10, "service_score": 10, "shipping_score": 10}


def _read_number(name: str, value: object) -> object:
    if isinstance(value, int) and not -(10**15) <= value <= _MOST.get(name, 10**15):
        raise NotUnderstood(NO_COUNT, str(value)[:40])
    return value


def _read_text(name: str, value: object, shape: Shape) -> object:
    if not isinstance(value, str):
        return value
    if "\0" in value:
        raise NotUnderstood(DAMAGED, "")
    if len(value) > _LONGEST.get(name, LONGEST_TEXT if name in shape.free else LONGEST_NAME):
        raise NotUnderstood(TOO_LONG, value[:40])
    if name in _NUMBERS_OF and not value.strip():
        raise NotUnderstood(BLANK, value)
    if name in _PERSONAL:
        return _PERSONAL[name](value)
    if name == _DIGEST_FIELD and value and not _DIGEST.fullmatch(value):
        raise NotUnderstood(NO_DIGEST, "")
    if name == _ADDRESS:
        return _read_address(value)
    if name in shape.said:
        return masked_said(value)
    return masked_numbers(value) if name in shape.free else value


def _read_address(value: Any) -> Any:
    """The address of a picture, None for one that is not read over a safe line. Whether it is a text at all is looked at by its type."""
    return link(storable(value)) if isinstance(value, str) else value


def _read_list(value: Any) -> Any:
    """A list of short texts, or of objects made of them, without the signs that cannot be stored. Whether it is one at all is looked at by its type."""
    match value:
        case str() if len(value) > LONGEST_IN_LIST:
            raise NotUnderstood(TOO_LONG, str(len(value)))
        case str():
            return storable(value)
        case list():
            return [_read_list(each) for each in value]
        case dict():
            return {name: _read_list(each) for name, each in value.items()}
        case _:
            return value


@cache
def _given(names: tuple[str, ...]) -> frozenset[str]:
    """The fields a line speaks of. Whoever tells when an order was placed also tells that this is not inferred."""
    return frozenset(names) | ({"created_at_inferred"} if "created_at" in names else set())


def _as_cell(name: str, value: object) -> str:
    if value is None:
        return ""
    text = storable(value) if isinstance(value, str) else msgspec.json.encode(value).decode()
    if name == _DIGEST_FIELD and not _DIGEST.fullmatch(text):
        return _PERSONAL["receiver_masked"](text[:500])
    if name in _PERSONAL:
        return _PERSONAL[name](text[:500])
    # in a field that nobody knows anything may stand
    return masked_numbers(text[:500]) if name in _KNOWN_FIELDS else masked_offence(text[:500])


def _refused_line(text: str, place: Place, reason: Say) -> Refused:
    return Refused(place, reason, {_LINE: masked_numbers(storable(text.strip()[:2000]))}, FactKind.ORDER)


def _invalid(problem: msgspec.ValidationError) -> Say:
    return say("{column} cannot be taken: {problem}.", column=_column_of(problem) or "", problem=masked_numbers(str(problem).split(" - at ")[0])[:200])


def _column_of(problem: msgspec.ValidationError) -> str | None:
    found = _PATH.search(str(problem))
    missing = re.search(r"missing required field `(\w+)`", str(problem))
    return found.group(1) if found else missing.group(1) if missing else None


def _at(place: Place, column: str | None) -> Place:
    return Place(place.file, place.sheet, place.row, column)
