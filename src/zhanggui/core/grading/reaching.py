"""Within which time a person must answer, by the rate in force."""

from datetime import datetime, time, timedelta

from zhanggui.core.clocks.replies import Answer
from zhanggui.core.grading.grading import Reach
from zhanggui.core.moments import in_shanghai, shanghai_day, start_of_day
from zhanggui.core.rules import Question, Rule, Rulebook


def reach_of(rulebook: Rulebook, answer: Answer = Answer.THREE_MINUTES) -> Reach:
    """Says of a moment how long a person has to answer a message of it."""
    known: dict[datetime, Rule | None] = {}

    def reach(at: datetime) -> timedelta | None:
        day = start_of_day(shanghai_day(at))
        if day not in known:
            known[day] = rulebook.in_force(Question.REPLY_RATE, at=day, answer=answer.value)
        rule = known[day]
        return None if rule is None or rule.term is None or not is_within(rule, at) else rule.term.length

    return reach


def is_within(rule: Rule, at: datetime) -> bool:
    """Whether a moment falls into the hours of the rule; their end does not belong to them, and an end at 00:00 is midnight."""
    clock = in_shanghai(at).time()
    hours = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in rule.hours_of_day]
    return not hours or any(start <= clock and (clock < end or end == time()) for start, end in hours)
