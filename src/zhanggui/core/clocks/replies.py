"""The rates of replies, replayed: which buyers asked on which day, and on which of these days one of them was not answered in time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.facts import Speaker
from zhanggui.core.moments import in_shanghai, start_of_day
from zhanggui.core.rules import Question, Rule, Rulebook


class Answer(StrEnum):
    """The rates there are, by the answer that each asks for."""

    THREE_MINUTES = "three_minutes"
    """Every message that falls into the hours, by a person."""
    FIVE_MINUTES = "five_minutes"
    """The first message of the day, by a robot or a person."""
    ONE_HOUR = "one_hour"
    """Every message, by a robot or a person."""


class Uttered(msgspec.Struct, frozen=True, gc=False):
    """A message as the rates see it."""

    buyer: str
    speaker: Speaker
    at: datetime


class BuyerDay(msgspec.Struct, frozen=True, gc=False):
    """One buyer who asked on one day."""

    buyer: str
    day: date
    asked: int
    """How many of the messages asked for an answer."""
    failed_at: datetime | None
    """The first message that was not answered in time; None where all were."""
    rule: str

    @property
    def has_failed(self) -> bool:
        """Whether the day counts against the shop."""
        return self.failed_at is not None


class Replay(msgspec.Struct, frozen=True):
    """The days of buyers by one rate."""

    days: tuple[BuyerDay, ...]

    @property
    def asked(self) -> int:
        """How many buyers asked, each counted once a day."""
        return len(self.days)

    @property
    def failed(self) -> int:
        """How many of these days failed."""
        return sum(day.has_failed for day in self.days)

    @property
    def rate(self) -> float | None:
        """The rate; None where nobody asked."""
        return None if not self.days else (self.asked - self.failed) / self.asked


_MIDNIGHT = time()
_ONLY_FIRST = frozenset({Answer.FIVE_MINUTES})
_ONLY_PEOPLE = frozenset({Answer.THREE_MINUTES})


def replay(messages: Iterable[Uttered], answer: Answer, rulebook: Rulebook, now: datetime) -> Replay:
    """The days of buyers by this rate, in order of day and buyer. What may still be answered in time has not failed.

    A message counts as answered by any later one of the shop, also where the buyer wrote again in between; one of the same moment answers those that
    stand before it. Days on which no rule of this rate was in force are left out.
    """
    by_buyer: dict[str, list[Uttered]] = defaultdict(list)
    for message in messages:
        by_buyer[message.buyer].append(message)
    rules: dict[date, _DayRule | None] = {}
    days = [day for buyer, said in by_buyer.items() for day in _days(buyer, said, answer, rulebook, rules, now)]
    return Replay(tuple(sorted(days, key=lambda day: (day.day, day.buyer))))


class _DayRule(msgspec.Struct, frozen=True):
    """The rule of a day: how long an answer may take, and the hours it counts in, all of them where none are named."""

    cite: str
    length: timedelta
    hours: tuple[tuple[time, time], ...]

    def counts(self, clock: time) -> bool:
        """Whether a message of this hour counts; the end of hours does not belong to them, and an end at 00:00 is midnight."""
        return not self.hours or any(start <= clock and (clock < end or end == _MIDNIGHT) for start, end in self.hours)


def _days(buyer: str, said: Sequence[Uttered], answer: Answer, rulebook: Rulebook, rules: dict[date, _DayRule | None], now: datetime) -> Iterable[BuyerDay]:
    asked: dict[date, list[tuple[datetime, datetime | None]]] = {}
    for at, answered_at in _answered(said, answer):
        here = in_shanghai(at)
        day = here.date()
        rule = _rule(day, answer, rulebook, rules)
        if rule is not None and rule.counts(here.time()):
            asked.setdefault(day, []).append((at, answered_at))
    for day, turns in asked.items():
        rule = rules[day]
        assert rule is not None
        meant = turns[:1] if answer in _ONLY_FIRST else turns
        late = [at for at, answered_at in meant if _is_late(at, answered_at, rule.length, now)]
        yield BuyerDay(buyer, day, len(meant), late[0] if late else None, rule.cite)


def _answered(said: Sequence[Uttered], answer: Answer) -> list[tuple[datetime, datetime | None]]:
    """Each message of the buyer with the moment of the next answer that counts, in order."""
    ordered = sorted(said, key=lambda message: message.at)
    found: list[tuple[datetime, datetime | None]] = []
    following: datetime | None = None
    for message in reversed(ordered):
        if message.speaker is Speaker.BUYER:
            found.append((message.at, following))
        elif message.speaker is Speaker.REP or answer not in _ONLY_PEOPLE:
            following = message.at
    return found[::-1]


def _rule(day: date, answer: Answer, rulebook: Rulebook, rules: dict[date, _DayRule | None]) -> _DayRule | None:
    if day not in rules:
        rule = rulebook.in_force(Question.REPLY_RATE, at=start_of_day(day), answer=answer.value)
        rules[day] = None if rule is None or rule.term is None else _DayRule(rule.cite, rule.term.length, _hours(rule))
    return rules[day]


def _hours(rule: Rule) -> tuple[tuple[time, time], ...]:
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in rule.hours_of_day)


def _is_late(at: datetime, answered_at: datetime | None, length: timedelta, now: datetime) -> bool:
    """Whether the answer came after the term, or did not come and the term is over."""
    return (now if answered_at is None else answered_at) > at + length
