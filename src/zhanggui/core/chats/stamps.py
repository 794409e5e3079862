"""Moments beside messages: full, without a year or a day, yesterday, Wednesday, two minutes ago; and the days that are known only from another line."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from zhanggui.core.chats.shapes import When
from zhanggui.core.moments import SHANGHAI, in_shanghai

_DAY = (
    r"(?:(?P<year>\d{4}|\d{2}(?=[-/.]\d{1,2}[-/.]\d{1,2}))\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<date>\d{1,2})日?|(?P<word>今天|今日|昨天|昨日|前天)"
    r"|(?P<today>刚刚|刚才)|(?P<ago>\d{1,2})\s*(?P<unit>秒|分钟|小时)前"
)
_WEEKDAY = r"(?P<week>(?:星期|周|礼拜)[一二三四五六日天])"
_CLOCK = (
    r"(?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里|AM|PM|am|pm)?\s*+"
    r"(?P<hour>\d{1,2})\s?(?::|时|点)\s?(?P<minute>\d{2})分?(?:\s?:?\s?(?P<second>\d{2})(?:\.\d{1,6})?秒?)?\s?(?P<after>AM|PM|am|pm)?"
)
STAMP = rf"(?:(?:{_DAY})(?:\s*+[,，]?\s*+[(]?{_WEEKDAY}[)]?)?|{_WEEKDAY.replace('week', 'weekday')})?(?:[\sT,，]*+{_CLOCK})?"
_STAMP = re.compile(STAMP)
_STARTS = re.compile(r"\d|今|昨|前|刚|星|周|礼|凌|清|早|上|中|下|傍|晚|夜|AM|PM|am|pm")
_WORDS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_LATE = frozenset({"中午", "下午", "傍晚", "晚上", "夜里", "PM", "pm"})
_TURN = timedelta(hours=12)
"""A time that lies further back than this behind the one before it is of the next day."""


class Stamp(NamedTuple):
    """A moment as it stands in a line: its day where one is told, its time where one is told."""

    start: int
    end: int
    day: date | None
    is_full: bool
    """Whether the day was written with its year."""
    clock: time | None
    moment: datetime | None = None
    """Where it was told as so long before the reading."""


def stamps_in(text: str, now: datetime) -> list[Stamp]:
    """Every moment in the text with a day or a time with a colon; what only looks so (24:99, the 31st of February) is none."""
    found, at = [], 0
    while (start := _STARTS.search(text, at)) is not None:
        stamp = stamp_at(text, start.start(), now)
        if stamp is None:
            at = start.end()
            continue
        found.append(stamp)
        at = stamp.end
    return found


def stamp_at(text: str, start: int, now: datetime) -> Stamp | None:
    """The moment that begins here, not in the middle of a number."""
    if start and (text[start - 1].isdigit() or (text[start - 1] in "-./:" and start > 1 and text[start - 2].isdigit())):
        return None
    found = _STAMP.match(text, start)
    if found is None or found.end() == start or text[found.end() : found.end() + 1].isdigit():
        return None
    if found["hour"] is None and not any(found[name] for name in ("month", "word", "today", "ago", "weekday")):
        return None
    if found["month"] and found["hour"] is None and not found["year"] and "月" not in found.group():
        return None  # 1-3, 2/5, 29.90: a day without a year and a time is a number
    return _read(found, now)


def _read(found: re.Match[str], now: datetime) -> Stamp | None:
    try:
        if found["today"]:
            return Stamp(found.start(), found.end(), None, False, None, now)
        if found["ago"]:
            unit = {"秒": "seconds", "分钟": "minutes", "小时": "hours"}[found["unit"]]
            return Stamp(found.start(), found.end(), None, False, None, now - timedelta(**{unit: int(found["ago"])}))
        return Stamp(found.start(), found.end(), _day(found, in_shanghai(now).date()), found["year"] is not None, _time(found))
    except (ValueError, OverflowError):
        return None


def _day(found: re.Match[str], today: date) -> date | None:
    if found["word"]:
        return today - timedelta(days=_WORDS[found["word"]])
    if found["weekday"]:
        back = (today.weekday() - "一二三四五六日".index(found["weekday"][-1].replace("天", "日"))) % 7
        return today - timedelta(days=back or 7)
    if not found["month"]:
        return None
    month, day = int(found["month"]), int(found["date"])
    if found["year"]:
        year = int(found["year"])
        if year < 100:
            year += 2000
        if not 2010 <= year <= 2099:
            raise ValueError(year)
        return date(year, month, day)
    this_year = date(today.year, month, day) if (month, day) != (2, 29) else _last_leap(today)
    return this_year if this_year <= today else this_year.replace(year=this_year.year - 1)


def _last_leap(today: date) -> date:
    year = next(year for year in range(today.year, today.year - 9, -1) if year % 4 == 0 and (year % 100 or year % 400 == 0) and date(year, 2, 29) <= today)
    return date(year, 2, 29)


def _time(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), found["half"] or found["after"]
    if half in _LATE and hour < 12 and not (half == "中午" and hour >= 10):
        hour += 12
    if (half in {"AM", "am", "凌晨", "晚上", "夜里"}) and hour == 12:
        hour = 0 if half not in {"晚上", "夜里"} else 24
    if hour == 24:
        raise ValueError(hour)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


class Days:
    """Gives each moment its day while a conversation is read from its first line to its last."""

    def __init__(self, now: datetime) -> None:
        """Nothing is known but the moment of reading."""
        self._now = now
        self._day: date | None = None
        self._last: datetime | None = None
        self._is_assumed = False

    def of(self, stamp: Stamp) -> tuple[datetime | None, When]:
        """The moment of a stamp and how it is known; only a day is kept for the times that follow, and is no moment."""
        if stamp.moment is not None:
            self._last = stamp.moment
            self._day = in_shanghai(stamp.moment).date()
            return stamp.moment.astimezone(UTC), When.RECKONED
        if stamp.day is not None:
            self._day, self._is_assumed, self._last = stamp.day, False, None
        if stamp.clock is None:
            return None, When.UNKNOWN
        told, when = self._on(stamp.clock), When.WRITTEN if stamp.is_full else When.RECKONED
        if stamp.day is None and self._is_assumed:
            when = When.ASSUMED
        return told, when

    def _on(self, clock: time) -> datetime:
        if self._day is None:
            today = in_shanghai(self._now).date()
            self._day, self._is_assumed = today, True
        told = datetime.combine(self._day, clock, SHANGHAI)
        if self._last is not None and self._last - told > _TURN:
            self._day += timedelta(days=1)
            told = datetime.combine(self._day, clock, SHANGHAI)
        self._last = told.astimezone(UTC)
        return self._last
