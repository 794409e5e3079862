"""Reads what a person copied from a page of the back office: figures, whether they are met, and what the next star asks for."""

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import msgspec

from zhanggui.core.standing.book import Figure, StandingBook, Unit
from zhanggui.core.standing.standing import Reading

LONGEST = 20_000
_NUMBER = re.compile(r"(?<![\d.])(\d{1,9}(?:,\d{3})*(?:\.\d{1,12})?)\s*(%|％|小时|天|星|分|条|次)?")
_DAY = re.compile(r"统计(?:时间|日期)\s*+[:：]?\s*+(\d{4})\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})")
_MET = re.compile(r"(已达标|未达标)\s*(?:[(（]([^)）]{0,60})[)）])?")
_OPEN, _CLOSED = re.compile(r"已开通|已加入|已开启"), re.compile(r"未开通|未加入|未开启|去开通")
_BEATS = re.compile(r"[\s，,(（]*(?:优于|超过|超越)\s*(\d{1,3}(?:\.\d+)?)\s*[%％]")
_BREAK = re.compile(r"[，。；！？,;!?]")
"""Behind such a sign another sentence begins, whose numbers are not the figure's."""
_FITS: dict[Unit, frozenset[str]] = {
    Unit.PERCENT: frozenset({"%", "％"}),
    Unit.RANK: frozenset({"%", "％"}),
    Unit.HOURS: frozenset({"小时"}),
    Unit.DAYS: frozenset({"天"}),
    Unit.STARS: frozenset({"星"}),
    Unit.SCORE: frozenset({"分", ""}),
    Unit.COUNT: frozenset({"条", "次", ""}),
}
_REACH = 60
"""Within so many characters of its name a figure's value must begin."""


class PageRead(msgspec.Struct, frozen=True):
    """What a pasted page tells."""

    day: date | None
    """Up to which day the platform had counted; None where the page does not say."""
    readings: tuple[Reading, ...]
    unread: tuple[str, ...]
    """Figures whose name stands there without a value that fits."""


def read_page(text: str, book: StandingBook, otherwise: date) -> PageRead:
    """The figures in the text; `otherwise` is the day they belong to where the page names none."""
    plain = re.sub(r"\s+", " ", text[:LONGEST])
    day = _day_in(plain)
    found = _placed(plain, book.figure)
    readings, unread = list[Reading](), list[str]()
    for at, (figure, label, begins) in enumerate(found):
        ends = found[at + 1][2] if at + 1 < len(found) else len(plain)
        reading = _read(figure, plain[begins + len(label) : ends], day or otherwise)
        if reading is None:
            unread.append(label)
        else:
            readings.append(reading)
    told = {reading.figure for reading in readings}
    return PageRead(day, tuple(readings), tuple(label for figure, label, _ in found if label in unread and figure.id not in told))


def _day_in(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _placed(text: str, figures: Iterable[Figure]) -> list[tuple[Figure, str, int]]:
    """Every figure whose name stands in the text, at the first place where a value follows it; a longer name wins over one that it holds."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[Figure, str, int]] = []
    names = sorted(((label, figure) for figure in figures for label in figure.label), key=lambda one: -len(one[0]))
    for label, figure in names:
        places = [place.start() for place in re.finditer(re.escape(label), text)]
        free = [place for place in places if not any(begin <= place < end for begin, end in taken)]
        taken += [(place, place + len(label)) for place in free]
        if free and not any(each.id == figure.id for each, _, _ in found):
            valued = next((place for place in free if _read(figure, text[place + len(label) : place + len(label) + _REACH], date.min) is not None), free[0])
            found.append((figure, label, valued))
    return sorted(found, key=lambda one: one[2])


def _read(figure: Figure, after: str, day: date) -> Reading | None:
    verdict = _MET.search(after)
    met = None if verdict is None else verdict[1] == "已达标"
    if figure.unit is Unit.YES_NO:
        so = _yes_no(after[:_REACH])
        return None if so is None else Reading(figure.id, day, Fraction(so), met)
    before = after[: min(_REACH, verdict.start() if verdict else _REACH)]
    found = _value(figure, before)
    if found is None:
        return None
    value, behind = found
    standard = _value(figure, verdict[2] or "") if verdict else None
    beats = None if figure.unit is Unit.RANK else _BEATS.match(behind)
    percentile = None if beats is None or not fits(Unit.RANK, Fraction(beats[1])) else Fraction(beats[1])
    return Reading(figure.id, day, value, met, None if standard is None else standard[0], percentile)


def _value(figure: Figure, text: str) -> tuple[Fraction, str] | None:
    """The first number in the unit of the figure, within what the unit allows, and what stands behind it."""
    plain = _DAY.sub(" ", text)
    for found in _NUMBER.finditer(plain):
        if _BREAK.search(plain[: found.start()]):
            return None
        if (found[2] or "") in _FITS[figure.unit]:
            value = Fraction(found[1].replace(",", ""))
            return (value, plain[found.end() :]) if fits(figure.unit, value) else None
    return None


def fits(unit: Unit, value: Fraction) -> bool:
    """Whether such a value can be."""
    match unit:
        case Unit.PERCENT | Unit.RANK:
            return 0 <= value <= 100
        case Unit.SCORE | Unit.STARS:
            return 0 <= value <= 5
        case Unit.YES_NO:
            return value in {0, 1}
    return 0 <= value <= 1_000_000_000


def _yes_no(text: str) -> int | None:
    if _CLOSED.search(text):
        return 0
    return 1 if _OPEN.search(text) else None
