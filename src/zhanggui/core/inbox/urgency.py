"""How pressing it is to answer a waiting buyer, and in which order they stand.

Who can still be answered in time stands by the time left. Where the term has run out the rate loses nothing more, yet the buyer waits: after a quarter of an
hour they go, the longest waiting first, before everybody whose last minute has not begun. Within the same minute the one with more money at risk goes first.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.clocks.attention import answer_due, service_hours
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.working_time import is_in_service

PATIENCE = timedelta(minutes=15)
"""Nobody is passed over for longer than this by those who can still be answered in time; assumed."""
LAST_MINUTE = timedelta(minutes=1)


class Stage(StrEnum):
    """Where the clock of a waiting buyer stands."""

    RUNNING = "running"
    """The answer can still be in time."""
    LATE = "late"
    """The term has run out."""
    RESTING = "resting"
    """Outside the hours in which the term counts."""
    UNTIMED = "untimed"
    """Nobody told when the buyer wrote, or no rule sets a term."""


class Urgency(msgspec.Struct, frozen=True):
    """How long a buyer has waited, and by when an answer is in time."""

    stage: Stage
    waiting_since: datetime
    due_at: datetime | None = None
    rule: str | None = None


def urgency(waiting_since: datetime, is_told: bool, rulebook: Rulebook, now: datetime) -> Urgency:
    """How pressing it is to answer a buyer who has waited since then; `is_told` says whether that moment was told, or only when we learnt of it."""
    rule = rulebook.in_force(Question.REPLY_BUYER, at=waiting_since) if is_told else None
    if rule is None or rule.term is None:
        return Urgency(Stage.UNTIMED, waiting_since)
    hours = service_hours(rule)
    due_at = answer_due(waiting_since, rule.term.length, hours)
    if now > due_at:
        stage = Stage.LATE
    elif hours and not is_in_service(waiting_since, hours) and not is_in_service(now, hours):
        stage = Stage.RESTING
    else:
        stage = Stage.RUNNING
    return Urgency(stage, waiting_since, due_at, rule.cite)


def place(waiting: Urgency, at_risk: Fen, now: datetime) -> tuple[int, int, int, datetime]:
    """What waiting buyers are sorted by: the minutes there are for it, the minute since which a late one waits, the money at risk, who has waited longest."""
    if waiting.stage is Stage.RUNNING and waiting.due_at is not None:
        return (waiting.due_at - now) // LAST_MINUTE, 0, -at_risk, waiting.waiting_since
    patient = max(waiting.waiting_since + PATIENCE, now + LAST_MINUTE)
    return (patient - now) // LAST_MINUTE, -((now - waiting.waiting_since) // LAST_MINUTE) - 1, -at_risk, waiting.waiting_since
