"""Reads the rows of one table into one kind of fact: which cell goes through which parser into which field, settled once per table.

Files have many rows and few different words, so parsers of columns whose cells repeat remember what they have said.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from zhanggui.connectors.files.cells import BLANK, COMMAS, LONGEST_TEXT, LOST, NotUnderstood, Parser, bare, parser_for
from zhanggui.connectors.files.masking import masked_numbers, masked_offence, masked_person, province_of, storable
from zhanggui.connectors.files.profile import STRUCT_OF, Column, Family, Profile, folded, meanings
from zhanggui.connectors.files.shapes import Refused, Told
from zhanggui.core.facts import FactKind, Facts, FurtherParcel, ParcelKind, Place, RefundState, Sighting
from zhanggui.core.say import Say

_REPEATS = frozenset({"text", "code", "money", "outgoing", "refunded", "count", "flag", "place", "province"})
_REFUND_WEIGHT = {RefundState.NONE: 1, RefundState.UNKNOWN: 2, RefundState.OPEN: 3, RefundState.REFUNDING: 4, RefundState.REFUNDED: 5}


class Memory(dict[str, Any]):
    """What a parser said of a cell before. Forgets everything when it has grown large, so that memory stays bounded."""

    def __init__(self, parse: Parser, largest: int = 20_000) -> None:
        super().__init__()
        self.parse = parse
        self.largest = largest

    def __missing__(self, cell: str) -> Any:
        value = self.parse(cell)
        if len(self) >= self.largest:
            self.clear()
        if len(cell) < 200:
            self[cell] = value
        return value


class Forgetful(Memory):
    """Remembers nothing: for cells of which hardly two are alike."""

    def __missing__(self, cell: str) -> Any:
        return self.parse(cell)


class Reader:
    """Reads the rows of one table into sightings of one kind of fact."""

    def __init__(self, profile: Profile, family: Family, kind: FactKind, columns: dict[str, Column], headers: Sequence[str]) -> None:
        self.kind = kind
        self.struct: type[Facts] = STRUCT_OF[kind]
        self.family = family
        self.headers = tuple(bare(storable(header)) for header in headers)
        self.columns = columns
        self.places = _places(columns, headers)
        self.simple: list[tuple[int, Parser, str]] = []
        self.choices: list[tuple[tuple[int, ...], Parser, str]] = []
        self.joined: list[tuple[tuple[int, ...], Parser, str]] = []
        self.words: list[tuple[int, Memory, str]] = []
        self.unheard: dict[str, dict[str, int]] = {}
        self.unread: dict[str, dict[str, int]] = {}
        self.ordinals: dict[bytes, int] = {}
        self.fixed: frozenset[str] = frozenset()
        self.needed = required_fields(self.struct)
        self.at = 0
        self._settle(profile)
        self._givens: dict[tuple[frozenset[str], ...], frozenset[str]] = {}

    def _settle(self, profile: Profile) -> None:
        given = set()
        for field, indices in self.places.items():
            column = self.columns[field]
            if not column.hint:
                given.add(field)
            parse = parser_for(column, profile)
            if column.is_a in _REPEATS:
                parse = Memory(parse).__getitem__
            if column.is_a == "words":
                self.words.append((indices[0], self._word_memory(field, column), field))
            elif column.hint or column.is_a == "parcels":
                self.words.append((indices[0], self._hint_memory(field, column, parse), field))
            elif column.is_a == "receiver":
                self.joined.append((indices, parse, field))
            elif len(indices) > 1:
                self.choices.append((indices, parse, field))
            else:
                self.simple.append((indices[0], parse, field))
            if column.code:
                given.add(column.code)
        if self.kind == FactKind.ORDER and "created_at" in given:
            given.add("created_at_inferred")
        self.digest = next((field for field, column in self.columns.items() if column.is_a == "digest"), None)
        self.fixed = frozenset(given | ({self.digest} if self.digest else set()))
        self.coded = [(field, column.code) for field, column in self.columns.items() if column.code and field in self.places]
        self.moments = [field for field, column in self.columns.items() if column.is_a == "moment" and column.event]

    def _word_memory(self, field: str, column: Column) -> Memory:
        known = {word.translate(COMMAS): meanings(self.struct, meaning) for word, meaning in self.family.words.get(field, {}).items()}
        unknown = meanings(self.struct, column.unknown)
        read = parser_for(column, _ANY)

        def understand(cell: str) -> tuple[dict[str, Any], frozenset[str]]:
            text = read(cell)
            if text is None:
                return {field: None}, frozenset({field})
            text = masked_numbers(text)[:200]
            meaning = known.get(text.translate(COMMAS))
            if meaning is None:
                self._keep(self.unheard, field, text)
                meaning = unknown
            told = {field: text, **meaning}
            return told, frozenset(told)

        return Memory(understand)

    def _hint_memory(self, field: str, column: Column, parse: Parser) -> Memory:
        """What a cell tells: of several parcels the first is the order's own. A word that a mere hint does not understand leaves the field unspoken of."""
        alone = frozenset({field})

        def understand(cell: str) -> tuple[dict[str, Any], frozenset[str]]:
            try:
                value = parse(cell)
            except NotUnderstood as problem:
                if not column.hint or problem.text in LOST:
                    raise
                self._keep(self.unread, field, masked_numbers(storable(bare(cell))) if column.is_a == "flag" else problem.cell)
                return {}, frozenset()
            if column.is_a != "parcels":
                return {field: value}, alone
            told = _parcels(field, value)
            return told, alone if len(told) == 1 else frozenset(told)

        return Memory(understand) if column.is_a in _REPEATS else Forgetful(understand)

    def _keep(self, book: dict[str, dict[str, int]], field: str, text: str) -> None:
        """Notes a word that nobody has told us of, for the preview."""
        heard = book.setdefault(self.headers[self.places[field][0]], {})
        if len(heard) < 20:
            heard[masked_offence(text) if len(text) > 12 else text] = 1

    def read(self, row: Sequence[str], place: Place) -> Told:
        """The fact this row tells, or why it cannot be taken."""
        values: dict[str, Any] = {}
        index = 0
        try:
            for index, parse, field in self.simple:
                cell = row[index]
                if cell:
                    values[field] = parse(cell)
        except NotUnderstood as problem:
            return self._not_understood(row, place, problem, index)
        try:
            given = self._words_and_choices(row, values)
        except NotUnderstood as problem:
            return self._not_understood(row, place, problem, self.at)
        for field in self.needed:
            if values.get(field) is None and field != self.digest:
                return self._lacking(row, place, field)
        self._complete(values)
        return Sighting(self.struct(**values), given, place)

    def _words_and_choices(self, row: Sequence[str], values: dict[str, Any]) -> frozenset[str]:
        told: tuple[frozenset[str], ...] = ()
        for index, memory, _ in self.words:
            self.at = index
            meaning, fields = memory[row[index]]
            refund = values.get("refund")
            values.update(meaning)
            if refund is not None and _REFUND_WEIGHT[refund] > _REFUND_WEIGHT.get(meaning.get("refund"), 0):
                values["refund"] = refund
            told += (fields,)
        for indices, parse, field in self.choices:
            for index in indices:
                self.at = index
                if row[index] and (value := parse(row[index])) is not None:
                    values[field] = value
                    break
        for indices, parse, field in self.joined:
            parts = []
            for index in indices:
                self.at = index
                parts.append(parse(row[index]))
            values[field] = " ".join(dict.fromkeys(part for part in parts if part)) or None
        given = self._givens.get(told)
        if given is None:
            given = self._givens[told] = self.fixed.union(*told)
        return given

    def _complete(self, values: dict[str, Any]) -> None:
        for field, code in self.coded:
            values[code] = _leading_digits(values.get(field))
        if self.family.day_from and self.kind == FactKind.ORDER and not any(values.get(field) for field in self.moments):
            day = day_in(values.get(self.family.day_from))
            if day is not None:
                values["created_at"], values["created_at_inferred"] = day, True
        if further := values.get("further_parcels"):
            values["further_parcels"] = tuple(msgspec.structs.replace(parcel, carrier=values.get("carrier")) for parcel in further)
        if self.digest:
            values[self.digest] = self._digest(values)

    def _digest(self, values: dict[str, Any]) -> str:
        """A key for rows that have none: what the row says in the fields its profile names, and how many such rows stood before it in this file.

        Made from the values, not the text, so that the same bill has the same keys as CSV and as a workbook; nothing and zero count as the same.
        """
        told = "\x1f".join(f"{field}={values[field]}" for field in self.columns[self.digest or ""].of or sorted(values) if values.get(field))
        digest = hashlib.blake2b(told.encode(), digest_size=12).digest()
        ordinal = self.ordinals[digest] = self.ordinals.get(digest, 0) + 1
        return f"{digest.hex()}-{ordinal}"

    def _not_understood(self, row: Sequence[str], place: Place, problem: NotUnderstood, index: int) -> Refused:
        return self.refuse(row, place, problem.reason(self.headers[index]), self.headers[index])

    def _lacking(self, row: Sequence[str], place: Place, field: str) -> Refused:
        header = self.headers[self.places[field][0]] if field in self.places else field
        return self.refuse(row, place, Say(BLANK, {"column": header}), header)

    def refuse(self, row: Sequence[str], place: Place, reason: Say, column: str | None = None) -> Refused:
        """A refusal of this row, its used cells masked."""
        return Refused(Place(place.file, place.sheet, place.row, column), reason, self.cells(row), self.kind)

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The used cells of a row by header, safe to keep: what may be personal is masked, and columns we do not use are left out."""
        shifted = len(row) != len(self.headers)
        kept = {}
        for field, indices in self.places.items():
            for index in indices:
                if index < len(row):
                    kept[self.headers[index]] = _safe(self.columns[field].is_a, storable(bare(row[index])[: LONGEST_TEXT + 1]), shifted)
        return kept

    def used(self) -> tuple[tuple[str, str], ...]:
        """(header, field) of every column that is read."""
        return tuple((self.headers[index], field) for field, indices in self.places.items() for index in indices)


def day_in(number: object) -> datetime | None:
    """The beginning of the Shanghai day that opens an order number such as 261121-…, or None.

    Only a day is known this way, never the moment the group formed: a clock that starts from it would be up to a day wrong, so it becomes
    `created_at` with `created_at_inferred`, is not among the given fields (a real moment from any other file wins), and starts no deadline.
    """
    text = str(number or "")
    if len(text) < 7 or text[6] != "-" or not text[:6].isdigit():
        return None
    try:
        return datetime.fromisoformat(f"20{text[:2]}-{text[2:4]}-{text[4:6]}T00:00:00+08:00").astimezone(UTC)
    except ValueError:
        return None


def _places(columns: dict[str, Column], headers: Sequence[str]) -> dict[str, tuple[int, ...]]:
    at: dict[str, int] = {}
    for index, header in enumerate(headers):
        at.setdefault(folded(header), index)
    found = {field: tuple(dict.fromkeys(at[name] for header in column.headers if (name := folded(header)) in at)) for field, column in columns.items()}
    return {field: indices for field, indices in found.items() if indices}


@cache
def required_fields(struct: type[Facts]) -> tuple[str, ...]:
    """The fields without which there is no such fact."""
    return tuple(field.name for field in msgspec.structs.fields(struct) if field.required)


def _safe(sort: str, text: str, shifted: bool) -> str:
    """A cell as it may be kept: nothing personal, and as much as possible of what is needed to mend the row."""
    match sort:
        case "receiver" | "name":
            return masked_person(text)
        case "province":
            return province_of(text) or ("***" if text else "")
        case "text" | "code" | "note" | "words" | "place" if not shifted:
            return masked_numbers(text)
        case "flag" if len(text) == 1:
            return text
        case "id" | "parcels" if text.isascii() and not shifted:
            return text
        case _:
            return masked_offence(text) if text else ""


def _parcels(field: str, numbers: tuple[str, ...] | None) -> dict[str, Any]:
    """The order's own number, and the parcels beside it where there are any."""
    if numbers is None or len(numbers) == 1:
        return {field: numbers and numbers[0]}
    return {field: numbers[0], "further_parcels": tuple(FurtherParcel(ParcelKind.EXTRA, None, number) for number in numbers[1:])}


def _leading_digits(text: str | None) -> str | None:
    digits = (text or "")[: len(text or "") - len((text or "").lstrip("0123456789"))]
    return digits or None


_ANY = Profile(name="any", family=())
