"""What one cell says: a parser for each sort of column. A cell that cannot be understood raises NotUnderstood with the reason; nothing is guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from zhanggui.connectors.files.masking import masked_name, masked_numbers, masked_offence, masked_person, province_of, storable
from zhanggui.connectors.files.profile import Column, Profile
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.facts import RefundState
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.numbers import carrier_of
from zhanggui.core.say import Say, say

Parser = Callable[[str], Any]

LONGEST_TEXT = 20_000
LONGEST_NAME = 500
"""Of what things are called and found by; an index of the database holds no more."""
LONGEST_CODE = 128
MOST_LINKS = 20
_EDGES = " \t\r\n\u3000\ufeff\u200b"
_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "无", "null", "NULL", "None", "none", "N/A", "nan", "NaN", "NaT", "\\N"})
_ROUNDED = re.compile(r"[+-]?\d(?:\.\d*)?[eE]\+\d+|[+-]?\d\.\d+[eE]\d+")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-./#,;:|& ]{0,127}")
_PLAIN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,127}")
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]+(\d{1,2})\s*[:：时]\s*(\d{1,2})\s*(?:[:：分]\s*(\d{1,2})(?:\.\d{1,9})?\s*秒?)?)?"
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_WEIGHT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(kg|千克|公斤|g|克|斤|)")
_GRAMS = {"": 1, "g": 1, "克": 1, "斤": 500, "kg": 1000, "千克": 1000, "公斤": 1000}
_TERM = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*(小时|h|时|天|日|day|days|hours|)(?:内|内发货|发货)?")
_HOURS = {"": 1, "小时": 1, "h": 1, "时": 1, "hours": 1, "天": 24, "日": 24, "day": 24, "days": 24}
_BETWEEN_LINKS = re.compile(r"[\s,，;；|]+")
_BETWEEN_NUMBERS = re.compile(r"[,，;；、|\r\n]+")
_LOOSELY_BETWEEN = re.compile(r"\s*[\s/&]\s*")
_SHORTEST_NUMBER = 8
"""So long a number of a parcel is at least."""
_IN_GROUPS = re.compile(r"[A-Za-z]{2}\s+[0-9]{8,}|[A-Za-z]{0,2}\s*[0-9]{3,7}(?:\s+[0-9]{3,7})*\s+[0-9]{1,7}")
_WORDS_BEFORE = re.compile(r"([^\W\d_]+(?:\s+[^\W\d_]+)*)\s*[\s:：](?=\s*[A-Za-z]{0,4}[0-9]{8})(?!\s*(?:86)?1[3-9][0-9]{9}(?![0-9]))")
"""Words before what may be a number of a parcel, and is none of a mobile telephone."""
_OF_CARRIERS = ("快递", "速递", "速运", "快运", "物流", "express", "单号")
"""How the words end that name a carrier, or the number itself; others may be a person's name before a telephone number."""
_DIGIT = re.compile(r"[0-9]")
COMMAS = str.maketrans("", "", ",，、 \t\u3000")
"""What words are compared without."""
_COUNT = re.compile(r"[+-]?\d+(?:\.0+)?")
_NEVER = ("0000", "0001", "1970-01-01", "1970/1/1")
"""What programs write where there is no moment."""
_YES = frozenset({"是", "有", "true", "yes", "y", "1"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "-", "--"})
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a naive wall-clock reading; the zone is laid on afterwards


class NotUnderstood(ValueError):
    """A cell that says nothing we can take; `reason` is a sentence with the slots column and cell."""

    def __init__(self, text: str, cell: str) -> None:
        super().__init__(text)
        self.text = text
        self.cell = masked_offence(storable(cell))

    def reason(self, column: str) -> Say:
        """The sentence, once the column is known."""
        return Say(self.text, {"column": column, "cell": self.cell})


def bare(cell: str) -> str:
    """The cell without what spreadsheets glue to it: tabs, blanks, marks of order, a leading apostrophe, or ="…" around a number."""
    text = cell.strip(_EDGES)
    if text[:2] == '="' and text[-1:] == '"':
        return text[2:-1].strip(_EDGES)
    return text[1:] if text[:1] == "'" else text


def parser_for(column: Column, profile: Profile) -> Parser:
    """The function that reads the cells of this column."""
    match column.is_a:
        case "id":
            return _number if column.hint and not column.shape else id_parser(column.shape)
        case "moment":
            return moment_parser(profile.zone, profile.times, seconds=column.seconds)
        case "money":
            return money_from_fen if profile.money == "fen" else money
        case "outgoing":
            return lambda cell: _positive((money_from_fen if profile.money == "fen" else money)(cell))
        case "refunded":
            return lambda cell: _refunded((money_from_fen if profile.money == "fen" else money)(cell))
        case "flag":
            return flag_parser(column.yes, column.no)
        case _:
            return _PARSERS[column.is_a]


def text_cell(cell: str) -> str | None:
    """The text, or None when it is blank."""
    text = bare(cell)
    if not text:
        return None
    if "\0" in text:
        raise NotUnderstood(DAMAGED, cell)
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(TOO_LONG, cell[:40])
    return text


def named(cell: str) -> str | None:
    """What something is called."""
    return _no_longer_than(LONGEST_NAME, text_cell(cell), cell)


def code(cell: str) -> str | None:
    """A code that somebody gave."""
    return _no_longer_than(LONGEST_CODE, text_cell(cell), cell)


def _no_longer_than(longest: int, text: str | None, cell: str) -> str | None:
    if text is not None and len(text) > longest:
        raise NotUnderstood(TOO_LONG, cell[:40])
    return text


def note(cell: str) -> str | None:
    """Free text in which mobile and citizen numbers are starred out."""
    text = text_cell(cell)
    return masked_numbers(text) if text else None


def place(cell: str) -> str | None:
    """A province, city or district; anything longer than such a name is an address and does not pass."""
    text = text_cell(cell)
    return text if text and len(text) <= 20 and not re.search(r"\d", text) else None


def name(cell: str) -> str | None:
    """A person's name, masked."""
    return masked_name(text_cell(cell) or "") or None


def receiver(cell: str) -> str | None:
    """A person's name or telephone number, masked."""
    return masked_person(text_cell(cell) or "") or None


def province(cell: str) -> str | None:
    """The province that opens an address."""
    return province_of(bare(cell))


def id_parser(shape: str | None, *, alone: bool = False) -> Parser:
    """A reader of numbers that name things; with `alone` of none that may be several in one cell.

    Digits that a spreadsheet has rounded away cannot be brought back, so such a cell is refused.
    """
    fits = (re.compile(shape, re.ASCII) if shape else _PLAIN_ID).fullmatch
    may_be = fits if shape or alone else _ID.fullmatch

    def read(cell: str) -> str | None:
        text = cell.strip(_EDGES)
        if fits(text):
            return text if text not in _NOTHING else None
        text = bare(cell).removesuffix(".0")
        if text in _NOTHING:
            return None
        if _ROUNDED.fullmatch(text):
            raise NotUnderstood(DIGITS_LOST, cell)
        if not may_be(text):
            raise NotUnderstood(NO_ID, cell)
        return text

    return read


_number = id_parser(None, alone=True)


def numbers(cell: str) -> tuple[str, ...] | None:
    """The numbers in one cell, parted by commas, strokes, lines or blanks, each once."""
    if _PLAIN_ID.fullmatch(cell) and cell not in _NOTHING:
        return (cell,)  # as nearly all are
    parts = [one for part in _BETWEEN_NUMBERS.split(bare(cell)) for one in _parted(part.strip(_EDGES))]
    return tuple(dict.fromkeys(one for part in parts if (one := _number(part)) is not None)) or None


def _parted(text: str) -> list[str]:
    """The numbers between blanks and slashes, or the one that is written in groups or after its carrier; the text where not each part can be a number."""
    joined = "".join(text.split())
    if _IN_GROUPS.fullmatch(text) and len(joined) >= _SHORTEST_NUMBER:
        return [joined]
    before = _WORDS_BEFORE.match(text)
    text = text[before.end() :].strip() if before is not None and _names_carrier(before[1]) else text
    parts = _LOOSELY_BETWEEN.split(text)
    return parts if all(len(part) >= _SHORTEST_NUMBER and _DIGIT.search(part) for part in parts) else [text]


def _names_carrier(words: str) -> bool:
    name = "".join(words.split()).casefold()
    return name.endswith(_OF_CARRIERS) or carrier_of(name) is not None


def moment_parser(zone: timezone, times: tuple[str, ...], *, seconds: bool = False) -> Parser:
    """A reader of moments written as a wall clock of that zone shows them; with `seconds`, of none that has lost them."""
    offset = zone.utcoffset(None)
    from_iso = datetime.fromisoformat

    def read(cell: str) -> datetime | None:
        text = cell.strip(_EDGES)
        if len(text) == 19 and text[4] == "-" and text[13] == ":" and text[:2] == "20":
            try:
                return from_iso(text + "+00:00") - offset  # much quicker than astimezone, and the offset is fixed
            except (ValueError, OverflowError):
                pass
        if seconds and (found := _MOMENT.fullmatch(bare(cell))) and not found[6] and not bare(cell).startswith(_NEVER):
            raise NotUnderstood(SECONDS_LOST, cell)
        return _slow_moment(bare(cell), zone, times)

    return read


def _slow_moment(text: str, zone: timezone, times: tuple[str, ...]) -> datetime | None:
    if text in _NOTHING or text.startswith(_NEVER):
        return None
    try:
        wall = _wall(text, times)
        return _sane(wall if wall.tzinfo else wall.replace(tzinfo=zone), text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood(NO_MOMENT, text) from None


def _wall(text: str, times: tuple[str, ...]) -> datetime:
    """The wall-clock reading a text shows. Raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if found:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a wall clock; the zone is laid on by the caller
    if _SERIAL.fullmatch(text):
        return _EXCEL_DAY_ZERO + timedelta(seconds=round(float(text) * 86_400))
    for form in times:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - as above
        except ValueError:
            continue
    return datetime.fromisoformat(text)


def _sane(moment: datetime, text: str) -> datetime:
    if not 2000 <= moment.year < 2100 or (text.isdigit() and len(text) > 5):
        raise ValueError(text)
    return moment


def money(cell: str) -> Fen | None:
    """An amount in yuan (or the hundredfold unit of the file's own currency) as whole fen."""
    digits = cell[:-3] + cell[-2:]
    if cell[-3:-2] == "." and digits.isdigit() and digits.isascii() and len(digits) < 15:
        return Fen(int(digits))  # as the platform writes it
    text = bare(cell)
    if text in _NOTHING:
        return None
    try:
        amount = fen_from_yuan(text)
    except NotMoney:
        raise NotUnderstood(NO_MONEY, cell) from None
    if abs(amount) > 10**15:
        raise NotUnderstood(NO_MONEY, cell)
    return amount


def money_from_fen(cell: str) -> Fen | None:
    """An amount that is written in whole fen already."""
    amount = count(cell)
    return None if amount is None else Fen(amount)


def count(cell: str) -> int | None:
    """A whole number; thousands commas are allowed."""
    text = bare(cell).replace(",", "").replace("，", "")
    if text in _NOTHING:
        return None
    if not text.isascii() or not _COUNT.fullmatch(text) or len(text) > 15:
        raise NotUnderstood(NO_COUNT, cell)
    return int(text.split(".")[0])


def score(cell: str) -> int | None:
    """The stars of a review, 0 to 10."""
    stars = count(cell)
    if stars is not None and not 0 <= stars <= 10:
        raise NotUnderstood(NO_SCORE, cell)
    return stars


def grams(cell: str) -> int | None:
    """A weight in whole grams; a bare number is of grams."""
    return _measured(cell, _WEIGHT, _GRAMS, NO_WEIGHT)


def hours(cell: str) -> int | None:
    """A term in whole hours; a bare number is of hours."""
    return _measured(cell, _TERM, _HOURS, NO_TERM)


def link(cell: str) -> str | None:
    """The address of a picture; only those that are read over a safe line pass, since a page would show them."""
    text = text_cell(cell)
    return text if text and text.startswith("https://") and len(text) <= 1000 and not any(char in text for char in " \"'<>\\") else None


def links(cell: str) -> tuple[str, ...] | None:
    """The addresses of pictures in one cell, parted by blanks, commas or strokes; what is none is left out. None where there is none."""
    found = tuple(dict.fromkeys(one for part in _BETWEEN_LINKS.split(text_cell(cell) or "") if (one := link(part)) is not None))
    return found[:MOST_LINKS] or None


def said(cell: str) -> str | None:
    """What a buyer wrote, with numbers, accounts and addresses of people starred out."""
    text = text_cell(cell)
    return masked_said(text) if text else None


def _measured(cell: str, shape: re.Pattern[str], units: Mapping[str, int], complaint: str) -> int | None:
    text = bare(cell).casefold().replace(",", "").replace("，", "")
    if text in _NOTHING:
        return None
    found = shape.fullmatch(text)
    if not found:
        raise NotUnderstood(complaint, cell)
    number, unit = found.groups()
    told = Decimal(number) * units[unit or ""]
    if told != told.to_integral_value() or not 0 <= told < 10**9:
        raise NotUnderstood(complaint, cell)
    return int(told)


def flag_parser(yes: tuple[str, ...], no: tuple[str, ...]) -> Parser:
    """A reader of yes and no. Words of the column's own come before the usual ones."""
    words = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False) | dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    known = {word.translate(COMMAS): value for word, value in words.items()}

    def read(cell: str) -> bool | None:
        text = bare(cell).casefold().translate(COMMAS)
        if not text:
            return None
        if text not in known:
            raise NotUnderstood(NO_FLAG, cell)
        return known[text]

    return read


def _positive(amount: Fen | None) -> Fen | None:
    return None if amount is None else Fen(abs(amount))


def _refunded(amount: Fen | None) -> RefundState | None:
    if amount is None:
        return None
    return RefundState.REFUNDED if amount > 0 else RefundState.NONE


# The catalogs are read off calls of say(); these sentences are worded in one place and raised in several.
NO_ID = say("{column} holds {cell}, which is no number of this kind. Compare it with the back office, or export the file again.").text
DIGITS_LOST = say(
    "{column} holds {cell}: a spreadsheet has rounded this number and its last digits are lost. Export the file again and do not save it in between."
).text
BLANK = say("{column} is blank, and without it the row cannot be told from others.").text
NO_MOMENT = say("{column} holds {cell}, which is no moment. Write it like 2026-11-21 10:20:30.").text
SECONDS_LOST = say(
    "{column} holds {cell}: a spreadsheet has cut off the seconds, and a line that was imported before would count a second time. "
    "Export the file again and do not save it in between."
).text
NO_MONEY = say("{column} holds {cell}, which is no amount with at most two decimals. Write it like 1234.50.").text
NO_COUNT = say("{column} holds {cell}, which is no whole number. Write it with digits alone.").text
NO_WEIGHT = say("{column} holds {cell}, which is no weight. Write it in grams, like 250, or with its unit, like 0.25kg.").text
NO_TERM = say("{column} holds {cell}, which is no term. Write it in hours, like 48, or with its unit, like 2天.").text
NO_SCORE = say("{column} holds {cell}, which is no score of a review.").text
NO_FLAG = say("{column} holds {cell}, which is neither yes nor no. Write 是 or 否.").text
TOO_LONG = say("{column} begins with {cell} and is longer than any text we know from such files. Shorten it, or export the file again.").text
NO_DIGEST = say("{column} takes a keyed digest of the buyer in hexadecimal, and never a name. Tell the name as buyer_masked instead.").text
DAMAGED = say("{column} holds characters that occur in damaged files only. Export the file again.").text

LOST = frozenset({DIGITS_LOST, SECONDS_LOST, TOO_LONG, DAMAGED})
"""Of a file that was damaged on its way: no words of its own, which a hint may be left unknown for."""

_PARSERS: dict[str, Parser] = {
    "parcels": numbers,
    "code": code,
    "text": named,
    "words": named,
    "note": note,
    "place": place,
    "name": name,
    "receiver": receiver,
    "province": province,
    "count": count,
    "score": score,
    "grams": grams,
    "hours": hours,
    "link": link,
    "links": links,
    "said": said,
}
