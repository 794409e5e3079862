"""The moments that people name in a sentence: today before six in the evening, within half an hour, tomorrow morning."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from zhanggui.core.moments import SHANGHAI, in_shanghai
from zhanggui.core.promises.shapes import Exactness

_COUNT = r"\d{1,3}|[一二两三四五六七八九十]{1,3}|半"
_DAY = (
    r"今天|今日|今儿|今晚|今夜|今早|今(?=上午|中午|下午)|当天|当日|明天|明日|明儿|明早|明晚|明(?=上午|中午|下午)|大后天|后天|后日"
    r"|(?P<next>下)?(?:个|这|本)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天])|(?:(?P<month>\d{1,2})月)?(?P<date>\d{1,2})[号日](?!楼|店|线)"
)
_PART = r"(?:凌晨|早上|早晨|清早|上午|中午|下午|傍晚|晚上|晚间|夜里|晚)(?!好|安(?!排))"
_HOUR = (
    r"(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟?|时(?!间|候))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{1,2})分?)?"
    r"|(?P<clock_hour>\d{1,2}):(?P<clock_minute>\d{2})"
)
_SPAN = (
    rf"(?:(?:\d{{1,2}}|[一二两三四五])\s*+[-~到至—]++\s*+)?(?P<count>{_COUNT})\s*+(?P<odd>个半)?\s*+(?:个)?\s*+(?P<unit>小时|钟头|分钟|工作日|天|刻钟)(?P<half_more>半)?"
    r"(?P<within>之?内|以内|左右|之?后|以后|上下)?"
)
_VAGUE = r"尽快|尽早|马上|立马|立即|立刻|第一时间|稍后|晚点|一会儿?|等会儿?|待会儿?|即刻|抓紧|优先|加急|这就|很快|近期|这两天|这几天|过两天"
_SPOKEN = re.compile(
    rf"(?P<hedge>大概|大约|差不多|预计|预估|估计|应该|可能|尽量|争取|一般|正常|通常)?(?:是|会|在|能|可以|最[晚迟]|于|就)*"
    rf"(?:(?P<span>{_SPAN})|(?P<day>{_DAY})?[\s的,，]?(?P<part>{_PART})?[\s的]?(?:(?P<at>{_HOUR}))?|(?P<vague>{_VAGUE}))"
    r"(?:钟)?(?P<before>之前|以前|前|左右|上下|内|之内)?"
)
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ENDS = {
    "凌晨": 6,
    "早上": 10,
    "早晨": 10,
    "清早": 10,
    "今早": 10,
    "明早": 10,
    "上午": 12,
    "中午": 14,
    "下午": 18,
    "傍晚": 20,
    "晚上": 24,
    "晚间": 24,
    "夜里": 24,
    "晚": 24,
    "今晚": 24,
    "今夜": 24,
    "明晚": 24,
}
"""When a part of the day has passed, by the hour."""
_EVENING = frozenset({"中午", "下午", "傍晚", "晚上", "晚间", "夜里", "晚", "今晚", "今夜", "明晚"})
_BEFORE = frozenset({"前", "之前", "以前"})
_DAYS = {"大后天": 3, "后天": 2, "后日": 2, "明": 1, "今": 0, "当": 0}


class Spoken(NamedTuple):
    """A moment named in a sentence: where it stands, what it says, when that is."""

    start: int
    end: int
    words: str
    exactness: Exactness
    due_at: datetime | None
    is_length: bool = False
    """Whether so long after something was told, and no day or hour."""


def spoken_times(text: str, base: datetime | None) -> Iterator[Spoken]:
    """The moments named in the text, as of `base`, the moment it was written; without that none has a moment, but how exact it is can be told."""
    for found in _SPOKEN.finditer(text):
        if found["span"] or found["vague"] or found["day"] or found["part"] or found["at"]:
            spoken = _spoken(found, base)
            if spoken is not None:
                yield spoken


def _spoken(found: re.Match[str], base: datetime | None) -> Spoken | None:
    words = found.group().strip(" ,，的")
    if found["vague"]:
        return Spoken(found.start(), found.end(), words, Exactness.VAGUE, None)
    told = _after(found, base) if found["span"] else _at(found, base)
    if told is None:
        return None
    exactness, due_at = told
    if exactness is Exactness.EXACT and (found["hedge"] or found["before"] in {"左右", "上下"} or found["within"] in {"左右", "上下"}):
        exactness = Exactness.ABOUT
    return Spoken(found.start(), found.end(), words, exactness, due_at, found["span"] is not None)


def _after(found: re.Match[str], base: datetime | None) -> tuple[Exactness, datetime | None]:
    """A number of minutes, hours or days from now."""
    count = 0.5 if found["count"] == "半" else float(number_in(found["count"]))
    if found["odd"] or found["half_more"]:
        count += 0.5
    is_range = found["span"][: found.start("count") - found.start("span")].strip() != ""
    match found["unit"]:
        case "工作日":
            return Exactness.DAY, None
        case "天":
            return Exactness.DAY, None if base is None else _end_of_day(base, int(count))
        case "分钟":
            length = timedelta(minutes=count)
        case "刻钟":
            length = timedelta(minutes=15 * count)
        case _:
            length = timedelta(hours=count)
    return Exactness.ABOUT if is_range else Exactness.EXACT, None if base is None else base + length


def _at(found: re.Match[str], base: datetime | None) -> tuple[Exactness, datetime | None] | None:
    """A day, a part of it, or an hour."""
    part = found["part"] or (found["day"] if found["day"] in _ENDS else None)
    clock = _clock(found)
    if clock is not None and (clock[0] > 24 or clock[1] > 59):
        return None
    if found["part"] and not found["day"] and clock is None and base is not None and in_shanghai(base).hour >= _ENDS[found["part"]]:
        return None  # this morning is over: what is said is about the past, or about some day that is not named
    if base is None:
        sure = clock is None or part is not None or clock[0] > 12
        return (Exactness.DAY if clock is None and part is None else Exactness.PART_OF_DAY if clock is None else _sure(sure)), None
    midnight = _midnight(found, base)
    if midnight is None:
        return None
    if clock is None:
        hours = _ENDS[part] if part is not None else 0 if found["before"] in _BEFORE and midnight > base else 24
        return (Exactness.DAY if part is None else Exactness.PART_OF_DAY), midnight + timedelta(hours=hours)
    hour, is_sure = _hour(clock, part, midnight, base, names_a_day=found["day"] is not None)
    return _sure(is_sure), midnight + timedelta(hours=hour, minutes=clock[1])


def _sure(is_sure: bool) -> Exactness:
    return Exactness.EXACT if is_sure else Exactness.ABOUT


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    if found["clock_hour"]:
        return int(found["clock_hour"]), int(found["clock_minute"])
    if not found["hour"]:
        return None
    minute = 30 if found["half"] else {"一": 15, "三": 45}[found["quarter"]] if found["quarter"] else int(found["minute"] or 0)
    return number_in(found["hour"]), minute


def _hour(clock: tuple[int, int], part: str | None, midnight: datetime, base: datetime, *, names_a_day: bool) -> tuple[int, bool]:
    """The hour on a clock of 24, and whether it reads one way only: six o'clock may be morning or evening."""
    hour, minute = clock
    if hour > 12 or (hour == 0 and part is None):
        return (24 if hour == 0 and names_a_day else hour), True
    if part is not None:
        return _hour_of_part(hour, part), True
    if hour == 12:
        noon = midnight + timedelta(hours=12, minutes=minute)
        return (12, True) if base < noon else (24, True)
    ahead = [each for each in (hour, hour + 12) if midnight + timedelta(hours=each, minutes=minute) > base]
    if len(ahead) == 1:
        return ahead[0], True
    return (hour if hour >= 8 else hour + 12), midnight <= base


def _hour_of_part(hour: int, part: str) -> int:
    if part == "中午":
        return hour if hour >= 10 else hour + 12
    if part in _EVENING:
        return 24 if hour == 12 and part != "下午" else hour + 12 if hour < 12 else hour
    return 0 if part == "凌晨" and hour == 12 else hour


def _midnight(found: re.Match[str], base: datetime) -> datetime | None:
    """The midnight with which the day that is named begins; today's where none is."""
    start = in_shanghai(base).replace(hour=0, minute=0, second=0, microsecond=0)
    day = found["day"]
    if day is None:
        return start.astimezone(base.tzinfo)
    if found["week"]:
        ahead = ("一二三四五六日".index(found["week"].replace("天", "日")) - start.weekday()) % 7
        if found["next"]:
            ahead = 7 - start.weekday() + "一二三四五六日".index(found["week"].replace("天", "日"))
        return (start + timedelta(days=ahead)).astimezone(base.tzinfo)
    if found["date"]:
        return _dated(start, int(found["month"]) if found["month"] else None, int(found["date"]))
    days = next(number for name, number in _DAYS.items() if day.startswith(name))
    return (start + timedelta(days=days)).astimezone(base.tzinfo)


def _dated(start: datetime, month: int | None, date: int) -> datetime | None:
    """The next such day of the month, or of the year."""
    for ahead in range(370):
        day = start + timedelta(days=ahead)
        if day.day == date and (month is None or day.month == month):
            return day.astimezone(start.tzinfo)
    return None


def _end_of_day(base: datetime, days: int) -> datetime:
    start = in_shanghai(base).replace(hour=0, minute=0, second=0, microsecond=0)
    return (start + timedelta(days=days + 1)).astimezone(SHANGHAI).astimezone(base.tzinfo)


def number_in(text: str) -> int:
    """The number that digits or Chinese numerals up to ninety-nine write."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十", 1)
        return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)
    return _NUMERALS.get(text[-1:], 0)
