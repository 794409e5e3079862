"""The deadlines of what waits for an answer: conversations, reviews, and our own data that grow old."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.facts import FactKind, MessageFacts, ReviewFacts, Speaker, key_of
from zhanggui.core.money import Fen
from zhanggui.core.rules import NoSuchRule, Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.working_time import Periods, after_service_time, is_in_service

ANSWERED_UNKNOWN_WHEN = say("Answered, but no file says when; it is not counted as late.")
NEEDS_NONE = say("It needs no answer: somebody said so, it was long over when it came in, or the talk went on about another order and was answered there.")
BEST_BAD_SCORE = 3
"""The highest score that still asks for an answer."""


def review_deadlines(review: ReviewFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The deadline to answer a middling or bad review; none for good ones and those without a moment."""
    if review.score is None or review.score > BEST_BAD_SCORE or review.created_at is None:
        return ()
    rule = rulebook.in_force(Question.ANSWER_REVIEW, at=review.created_at)
    if rule is None or rule.term is None:
        return ()
    due_at = review.created_at + rule.term.length
    subject = Subject(SubjectKind.REVIEW, key_of(review))
    closed = _review_state(review, due_at)
    return (_deadline(subject, DeadlineKind.ANSWER_REVIEW, rule, "created_at", review.created_at, due_at, closed, review.order_no),)


def conversation_deadlines(order_no: str, messages: Sequence[MessageFacts], rulebook: Rulebook, needing_none: Collection[str] = ()) -> tuple[Deadline, ...]:
    """The deadline to answer a buyer, counted from the first message nobody of ours has answered; the last answered one where nobody waits.

    `needing_none` are the numbers of messages that need no answer by the talks they stand in.
    """
    turn = last_turn(messages, needing_none)
    if turn is None:
        return ()
    asked, answered = turn
    rule = rulebook.in_force(Question.REPLY_BUYER, at=asked.at)
    if rule is None or rule.term is None:
        return ()
    due_at = answer_due(asked.at, rule.term.length, service_hours(rule))
    subject = Subject(SubjectKind.CONVERSATION, order_no)
    closed = _reply_state(answered, due_at, needs_none=asked.message_no in needing_none)
    return (_deadline(subject, DeadlineKind.REPLY_BUYER, rule, "buyer_asked_at", asked.at, due_at, closed, order_no),)


def freshness_deadline(kind: FactKind, as_of: datetime, rulebook: Rulebook) -> Deadline:
    """The deadline to export one kind of fact again. Raises NoSuchRule where the rulebook sets none."""
    rule = rulebook.in_force(Question.FRESHEN_DATA, at=as_of, fact=kind.value)
    if rule is None or rule.term is None:
        raise NoSuchRule(f"no rule says how old {kind.value} data may grow at {as_of.isoformat()}")
    subject = Subject(SubjectKind.SOURCE, kind.value)
    return _deadline(subject, DeadlineKind.FRESHEN_DATA, rule, "as_of", as_of, as_of + rule.term.length, (DeadlineState.OPEN, None, None), None)


def last_turn(messages: Sequence[MessageFacts], needing_none: Collection[str] = ()) -> tuple[MessageFacts, MessageFacts | None] | None:
    """The first message of the buyer's last turn and the person's answer to it; bots do not answer. What needs none begins no turn that goes on.

    Copied times have no seconds: of one minute the buyer's message is taken to stand first.
    """
    asked: MessageFacts | None = None
    answered: MessageFacts | None = None
    for message in sorted(messages, key=lambda message: (message.at, message.speaker is not Speaker.BUYER, message.message_no)):
        if message.speaker is Speaker.BUYER:
            needs_none = asked is not None and asked.message_no in needing_none and message.message_no not in needing_none
            if asked is None or answered is not None or needs_none:
                asked, answered = message, None
        elif message.speaker is Speaker.REP and asked is not None and answered is None:
            answered = message
    return None if asked is None else (asked, answered)


def answer_due(asked_at: datetime, length: timedelta, hours: Periods) -> datetime:
    """By when a buyer's message is answered in time.

    One within the hours has its whole term, also where they end meanwhile: the rate asks whether it was answered so long after it was written. Any other counts
    from when they begin again.
    """
    is_counted = not hours or is_in_service(asked_at, hours)
    return asked_at + length if is_counted else after_service_time(asked_at, length, hours)


def service_hours(rule: Rule) -> tuple[tuple[time, time], ...]:
    """The periods of the day in which the rule's term counts."""
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in rule.hours_of_day)


def _reply_state(answered: MessageFacts | None, due_at: datetime, *, needs_none: bool) -> tuple[DeadlineState, datetime | None, Say | None]:
    if answered is not None and answered.at <= due_at:
        return DeadlineState.MET, answered.at, None
    if needs_none:
        return DeadlineState.WAIVED, None, NEEDS_NONE
    return (DeadlineState.OPEN, None, None) if answered is None else (DeadlineState.MISSED, answered.at, None)


def _review_state(review: ReviewFacts, due_at: datetime) -> tuple[DeadlineState, datetime | None, Say | None]:
    if review.answered_at is not None:
        return (DeadlineState.MET if review.answered_at <= due_at else DeadlineState.MISSED), review.answered_at, None
    return (DeadlineState.MET, None, ANSWERED_UNKNOWN_WHEN) if review.reply else (DeadlineState.OPEN, None, None)


def _deadline(
    subject: Subject,
    kind: DeadlineKind,
    rule: Rule,
    counts_from: str,
    started_at: datetime,
    due_at: datetime,
    closed: tuple[DeadlineState, datetime | None, Say | None],
    order_no: str | None,
) -> Deadline:
    return Deadline(
        subject=subject,
        kind=kind,
        state=closed[0],
        counts_from=counts_from,
        started_at=started_at,
        due_at=due_at,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        closed_at=closed[1],
        because=closed[2],
        order_no=order_no,
    )
