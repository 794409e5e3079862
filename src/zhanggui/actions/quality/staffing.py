"""A shift replayed: how buyers of some days waited, and how they would have waited with other people at the desk."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks.replies import Answer
from zhanggui.core.grading.reaching import reach_of
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.staffing import Counted, Wait, by_hour, counted, needed, played
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import replies

PERIODS = (7, 14, 30)
MOST_REPS = 6
TARGET = 0.9
SECONDS = 45
"""How long an answer takes where nobody says otherwise; assumed."""
SHORTEST, LONGEST = 5, 900
OPEN_HOURS = tuple(range(8, 23))


class HourSeen(msgspec.Struct, frozen=True):
    """One hour of the day: what was, and what it would have been with one, two, three … people all day, and with the shift that was asked about."""

    hour: int
    was: Counted
    with_reps: tuple[Counted, ...]
    needs: int
    reps: int
    then: Counted


class ShiftSeen(msgspec.Struct, frozen=True):
    """A shift replayed over some days."""

    days: int
    hours: tuple[HourSeen, ...]
    was: Counted
    with_reps: tuple[Counted, ...]
    then: Counted
    seconds: int
    measured: int | None
    """The middle of how long one person really took from one answer to the next where that buyer was waiting already; None where too few did."""
    term: timedelta
    target: float


def shift_seen(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, days: int = 14, reps: Mapping[int, int] | None = None, seconds: int = SECONDS
) -> ShiftSeen:
    """The waits of so many days replayed. Without a shift, the smallest that reaches the target in every hour is taken."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    since = start_of_day(shanghai_day(now) - timedelta(days=days - 1))
    with house.pool.connection() as tx:
        told = replies.with_reps(tx, shop_id, since, now)
        rulebook = rulebook_in(tx, house, shop_id)
    reach = reach_of(rulebook, Answer.THREE_MINUTES)
    spoken = [(buyer, who, at) for buyer, who, at, _ in told]
    found = [wait for wait in waits_in(spoken) if reach(wait.at) is not None and (wait.took is not None or now - wait.at > timedelta(minutes=3))]
    term = next((within for wait in found if (within := reach(wait.at)) is not None), timedelta(minutes=3))
    answer = timedelta(seconds=max(SHORTEST, min(seconds, LONGEST)))
    return _seen(found, days, reps, answer, term, measured(told))


def _seen(found: list[Wait], days: int, reps: Mapping[int, int] | None, answer: timedelta, term: timedelta, measured: int | None) -> ShiftSeen:
    constant = [played(found, dict.fromkeys(range(24), many), answer) for many in range(1, MOST_REPS + 1)]
    constant_by = [by_hour(waits, term) for waits in constant]
    needs = needed(constant_by, TARGET)
    chosen = dict(reps) if reps else {hour: needs.get(hour, 0) for hour in OPEN_HOURS}
    then = played(found, chosen, answer)
    was_by, then_by = by_hour(found, term), by_hour(then, term)
    hours = tuple(
        HourSeen(hour, was, tuple(each[hour] for each in constant_by), needs[hour], chosen.get(hour, 0), then_by[hour]) for hour, was in was_by.items()
    )
    every = tuple(counted(waits, term) for waits in constant)
    return ShiftSeen(days, hours, counted(found, term), every, counted(then, term), int(answer.total_seconds()), measured, term, TARGET)


def waits_in(spoken: Iterable[tuple[str, str, datetime]]) -> list[Wait]:
    """The waits of buyers for a person, of messages in the order of buyer and moment."""
    found: list[Wait] = []
    whose, began = "", None
    for buyer, who, at in (*spoken, ("", "end", None)):
        if buyer != whose:
            if began is not None:
                found.append(Wait(whose, began))
            whose, began = buyer, None
        if who == "buyer":
            began = began or at
        elif who == "rep" and began is not None and at is not None:
            found.append(Wait(whose, began, at - began))
            began = None
    return sorted(found, key=lambda wait: wait.at)


def measured(told: Iterable[tuple[str, str, datetime, str]]) -> int | None:
    """How long an answer took one person in the middle, in seconds: from one to the next whose buyer was waiting by then, where these lie close together."""
    gaps = sorted(
        gap
        for answers in _answers_by_rep(told).values()
        for (before, _), (after, asked_at) in pairwise(sorted(answers))
        if asked_at <= before and SHORTEST <= (gap := int((after - before).total_seconds())) <= 180
    )
    return gaps[len(gaps) // 2] if len(gaps) >= 20 else None


def _answers_by_rep(told: Iterable[tuple[str, str, datetime, str]]) -> dict[str, list[tuple[datetime, datetime]]]:
    """By person, each answer that ended a wait: when it was given, and since when its buyer had waited."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    waiting: dict[str, datetime] = {}
    for buyer, who, at, rep in told:
        if who == "buyer":
            waiting.setdefault(buyer, at)
        elif who == "rep" and (asked_at := waiting.pop(buyer, None)) is not None and rep:
            found.setdefault(rep, []).append((at, asked_at))
    return found
