"""Reads a pasted notice of the platform: when it was published, from when it holds, which rule it changes, and to what.

What is read is a proposal with the words that decided it; a person sets and corrects it. Numbers and dates are only ever taken from the text, never guessed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from zhanggui.core.moments import from_shanghai, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Bracket, Term

MOST_TEXT = 20_000
"""Longer texts are no notices; whoever pastes one is told."""


class Weight(StrEnum):
    """How heavy the platform calls the rule, on which the length of its notice depends."""

    GENERAL = "general"
    IMPORTANT = "important"


class Wants(StrEnum):
    """What a topic's sentence sets."""

    TERM = "term"
    AMOUNT = "amount"


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words by which a sentence is known to be about one rule: one of every group has to stand there, and none of `never`."""

    rule: str
    wants: Wants
    words: tuple[tuple[str, ...], ...]
    never: tuple[str, ...] = ()


class NoticeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words notices are read by, as the rulebook keeps them."""

    topic: tuple[Topic, ...]
    important: tuple[str, ...]
    becomes: tuple[str, ...]
    """What stands before a new number."""
    was: tuple[str, ...]
    """What stands before an old one."""
    starts: tuple[str, ...]
    """What stands in a sentence that says from when something holds."""
    published: tuple[str, ...]
    at_least: tuple[str, ...]
    at_most: tuple[str, ...]


class Mark(StrEnum):
    """What a part of the text was read as."""

    RULE = "rule"
    NUMBER = "number"
    OLD_NUMBER = "old_number"
    STARTS = "starts"
    PUBLISHED = "published"
    WEIGHT = "weight"


class Span(msgspec.Struct, frozen=True, order=True):
    """A part of the text and what it was read as."""

    start: int
    end: int
    mark: Mark


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that the notice changes, as it was read."""

    rule: str
    """The rule's id."""
    term: Term | None = None
    amount: Amount | None = None
    working_days: bool = False
    """Whether the text counts working days, which a term does not tell apart: a person has to set it."""
    is_carried: bool = False
    """Whether the sentence names no rule itself, so that the one named before it was taken."""
    sentence: str = ""


class NoticeRead(msgspec.Struct, frozen=True, kw_only=True):
    """What was read in a notice. None and empty: nothing was found."""

    published_on: date | None = None
    starts_at: datetime | None = None
    starts_after_days: int | None = None
    """The days after its publication from which it holds, where the text names no date."""
    weight: Weight = Weight.GENERAL
    proposals: tuple[Proposal, ...] = ()
    spans: tuple[Span, ...] = ()


class _Number(NamedTuple):
    start: int
    end: int
    value: float
    unit: str
    before: str
    after: str


_DIGITS = str.maketrans("０１２３４５６７８９％：．", "0123456789%:.")
_CHINESE = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# no number longer than any rule holds: a line of digits is none, and no sum with one fits a calendar
_NUMBER = re.compile(r"(百分之)?((?<!\d)\d{1,6}(?:\.\d{1,4})?(?!\d)|[零一二两三四五六七八九十百]{1,7})\s*(个?工作日|个?自然日|个?小时|分钟|天|日|元|%)?")
_DATE = re.compile(r"(?:(\d{4})\s*[年\-/.]\s*)?(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*[日号]?(?:\s*(\d{1,2})\s*(?:[:时点]\s*(\d{2})?)\s*(?:分)?)?")
_AFTER = re.compile(r"(?:发布|公布|公示)(?:之日)?(?:起|后)?\s*+(?:满|的?第)?\s*+(\d{1,4}|[一二两三四五六七八九十百]{1,7})\s*(?:个自然日|天|日)")
_SENTENCE = re.compile(r"[^。；;！!\n]+")
_BEFORE = 9
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def read_notice(text: str, words: NoticeWords, today: date) -> NoticeRead:
    """What the notice says, as far as it can be told from its words. A date without a year is the next such day from publication on."""
    plain = text.translate(_DIGITS)
    published, starts, spans = _dates(plain, words, today)
    after = None if starts is not None else _AFTER.search(plain)
    weight = next((Span(found, found + len(word), Mark.WEIGHT) for word in words.important if (found := plain.find(word)) >= 0), None)
    dated = [(found.start(), found.end()) for found in _DATE.finditer(plain) if found[1] is not None or "月" in found[0]]
    if after is not None:
        spans.append(Span(after.start(), after.end(), Mark.STARTS))
        dated.append((after.start(), after.end()))
    dated.sort()
    proposals: list[Proposal] = []
    topic: Topic | None = None
    for sentence in _SENTENCE.finditer(plain):
        named, where = _topic(sentence[0], sentence.start(), words)
        numbers = [each for each in _numbers(sentence[0], sentence.start()) if not _is_dated(each.start, each.end, dated)]
        if named is not None:
            spans += where
            topic = named
        if topic is None:
            continue
        proposal, used = _proposed(topic, numbers, words, sentence[0].strip(), is_carried=named is None)
        if proposal is not None and all(each.rule != proposal.rule or proposal.is_carried < each.is_carried for each in proposals):
            proposals = [each for each in proposals if each.rule != proposal.rule] + [proposal]
            spans += used
    return NoticeRead(
        published_on=published,
        starts_at=starts,
        starts_after_days=None if after is None else int(_value(after[1])),
        weight=Weight.IMPORTANT if weight is not None else Weight.GENERAL,
        proposals=tuple(sorted(proposals, key=lambda each: each.is_carried)),
        spans=apart((*spans, *(() if weight is None else (weight,)))),
    )


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in their order, none over another: of two that overlap the earlier stands, of two that begin alike the longer."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _topic(sentence: str, offset: int, words: NoticeWords) -> tuple[Topic | None, list[Span]]:
    """The most particular rule the sentence is about, and the words that say so."""
    best: Topic | None = None
    where: list[Span] = []
    for topic in words.topic:
        if any(word in sentence for word in topic.never) or (best is not None and len(topic.words) <= len(best.words)):
            continue
        hits = [next(((sentence.find(word), word) for word in group if word in sentence), None) for group in topic.words]
        found = [hit for hit in hits if hit is not None]
        if len(found) == len(topic.words):
            best, where = topic, [Span(offset + at, offset + at + len(word), Mark.RULE) for at, word in found]
    return best, where


def _proposed(topic: Topic, numbers: list[_Number], words: NoticeWords, sentence: str, *, is_carried: bool) -> tuple[Proposal | None, list[Span]]:
    """What the numbers of a sentence set for its rule; None where none fits."""
    units = ("%", "元") if topic.wants is Wants.AMOUNT else ("小时", "分钟", "天", "日", "工作日", "自然日")
    fitting = [each for each in numbers if each.unit in units]
    old = [each for each in fitting if each.before.endswith(words.was) or each.after.startswith(words.becomes)]
    left = [each for each in fitting if each not in old]
    new = [each for each in left if each.before.endswith(words.becomes)] or left
    if not new or (is_carried and not any(each.before.endswith(words.becomes) for each in new)):
        return None, []
    spans = [Span(each.start, each.end, Mark.OLD_NUMBER) for each in old]
    if topic.wants is Wants.AMOUNT:
        if any(each.unit == "%" and each.value != int(each.value) for each in new):
            return None, []  # rules hold whole percents; a rounded one would be another rule than the notice's
        amount, used = _amount(new, words)
        spans += [Span(each.start, each.end, Mark.NUMBER) for each in used]
        return Proposal(rule=topic.rule, amount=amount, is_carried=is_carried, sentence=sentence), spans
    first = new[0]
    spans.append(Span(first.start, first.end, Mark.NUMBER))
    return Proposal(rule=topic.rule, term=_term(first), working_days=first.unit == "工作日", is_carried=is_carried, sentence=sentence), spans


def _term(number: _Number) -> Term:
    """The length of time a number tells; half hours become minutes."""
    match number.unit:
        case "小时":
            return Term(hours=int(number.value)) if number.value == int(number.value) else Term(minutes=round(number.value * 60))
        case "分钟":
            return Term(minutes=int(number.value))
        case _:
            return Term(days=int(number.value)) if number.value == int(number.value) else Term(hours=round(number.value * 24))


def _amount(numbers: list[_Number], words: NoticeWords) -> tuple[Amount, list[_Number]]:
    """A fixed sum, or a percentage with its bounds, and the numbers it was read from."""
    percent = next((each for each in numbers if each.unit == "%"), None)
    sums = [each for each in numbers if each.unit == "元"]
    if percent is None:
        return Amount((Bracket(fixed_fen=_fen(sums[0])),)), sums[:1]
    least = next((each for each in sums if each.before.endswith(words.at_least)), None)
    most = next((each for each in sums if each.before.endswith(words.at_most)), None)
    bracket = Bracket(percent=round(percent.value), min_fen=_fen(least) if least else Fen(0), max_fen=_fen(most) if most else None)
    return Amount((bracket,)), [each for each in (percent, least, most) if each is not None]


def _fen(number: _Number) -> Fen:
    return Fen(round(number.value * 100))


def _numbers(sentence: str, offset: int) -> Iterator[_Number]:
    for found in _NUMBER.finditer(sentence):
        unit = "%" if found[1] else (found[3] or "").removeprefix("个")
        if unit:
            before = sentence[max(0, found.start() - _BEFORE) : found.start()].rstrip(" :,（(的")
            after = sentence[found.end() : found.end() + _BEFORE].lstrip(" :,）)")
            yield _Number(offset + found.start(), offset + found.end(), _value(found[2]), unit, before, after)


def _value(text: str) -> float:
    """The number in digits, or in Chinese up to 999."""
    if text[0].isdigit():
        return float(text)
    whole, digit = 0, 0
    for sign in text:
        if sign in "十百":
            whole += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _CHINESE[sign]
    return float(whole + digit)


def _dates(text: str, words: NoticeWords, today: date) -> tuple[date | None, datetime | None, list[Span]]:
    """The day of publication and the moment from which it holds; a date that no word explains at the very end is when it was signed."""
    published: date | None = None
    starts: datetime | None = None
    spans: list[Span] = []
    left: list[tuple[re.Match[str], bool]] = []
    sentences = list(_SENTENCE.finditer(text))
    begin = [each.start() for each in sentences]
    for found in _DATE.finditer(text):
        if not _is_date(found):
            continue
        sentence = _around(sentences, begin, found.start())
        near = text[max(0, found.start() - _BEFORE) : found.start()]
        if published is None and any(word in near for word in words.published):
            published = _day(found, today)
            spans.append(Span(found.start(), found.end(), Mark.PUBLISHED))
        else:
            left.append((found, any(word in sentence for word in words.starts)))
    signed = left[-1][0] if left and published is None and not left[-1][1] and not text[left[-1][0].end() :].strip() else None
    if signed is not None:
        published = _day(signed, today)
        spans.append(Span(signed.start(), signed.end(), Mark.PUBLISHED))
    for found, says_start in left:
        if says_start and starts is None and found is not signed:
            day = _day(found, published or today)
            starts = None if day is None else _moment(day, found)
            spans.append(Span(found.start(), found.end(), Mark.STARTS))
    return published, starts, spans


def _is_dated(start: int, end: int, dated: Sequence[tuple[int, int]]) -> bool:
    """Whether a date reaches into this stretch; dates stand one after the other."""
    place = bisect_left(dated, (end, 0)) - 1
    return any(each >= 0 and dated[each][1] > start for each in (place, place - 1))


def _around(sentences: Sequence[re.Match[str]], starts: Sequence[int], at: int) -> str:
    """The sentence that holds this place."""
    place = bisect_right(starts, at) - 1
    return sentences[place][0] if place >= 0 and at < sentences[place].end() else ""


def _is_date(found: re.Match[str]) -> bool:
    """Whether it is a day and no fraction or version: without a year it needs its 月."""
    return (found[1] is not None or "月" in found[0]) and 1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31


def _day(found: re.Match[str], since: date) -> date | None:
    if not _FIRST_YEAR <= int(found[1] or since.year) <= _LAST_YEAR:
        return None
    try:
        day = date(int(found[1] or since.year), int(found[2]), int(found[3]))
        return day.replace(year=day.year + 1) if found[1] is None and day < since - timedelta(days=60) else day
    except ValueError:
        return None


def _moment(day: date, found: re.Match[str]) -> datetime:
    hour, minute = int(found[4] or 0), int(found[5] or 0)
    if hour > 23 or minute > 59:
        return start_of_day(day + timedelta(days=1)) if hour == 24 else start_of_day(day)
    return from_shanghai(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - Shanghai's wall clock, as from_shanghai wants it
