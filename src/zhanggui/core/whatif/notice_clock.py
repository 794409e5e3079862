"""How long a notice of changed rules has to stand before they hold, and the deadline to be ready for them."""

from datetime import date, datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.moments import start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import say
from zhanggui.core.whatif.noticing import Weight

_DUTY = {Weight.GENERAL: "notice_of_rules", Weight.IMPORTANT: "notice_of_important_rules"}


class NoticeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the shop took it over."""

    notice_no: int
    title: str
    published_on: date
    weight: Weight
    starts_at: datetime
    is_ready: bool = False


def notice_rule(weight: Weight, published_on: date, rulebook: Rulebook) -> Rule | None:
    """The law that says how long ahead such a rule has to be published; the general one where there is none for important rules yet."""
    at = start_of_day(published_on)
    found = rulebook.in_force(Question.LAW, at=at, duty=_DUTY[weight])
    return found or rulebook.in_force(Question.LAW, at=at, duty=_DUTY[Weight.GENERAL])


def lawful_from(weight: Weight, published_on: date, rulebook: Rulebook) -> datetime | None:
    """The first moment from which the changed rule may hold; None where no law is known. The day of publication itself does not count."""
    rule = notice_rule(weight, published_on, rulebook)
    return None if rule is None or rule.term is None else start_of_day(published_on) + rule.term.length


def notice_deadline(notice: NoticeFacts, rulebook: Rulebook) -> Deadline | None:
    """By when to be ready: the moment from which the changed rule holds. None where no law says how long ahead it is told of."""
    rule = notice_rule(notice.weight, notice.published_on, rulebook)
    if rule is None:
        return None
    return Deadline(
        subject=Subject(SubjectKind.RULE_NOTICE, str(notice.notice_no)),
        kind=DeadlineKind.RULE_CHANGES,
        state=DeadlineState.MET if notice.is_ready else DeadlineState.OPEN,
        counts_from="published_on",
        started_at=start_of_day(notice.published_on),
        due_at=notice.starts_at,
        due_source=DueSource.PLATFORM,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=say("From {at} on: {title}.", at=notice.starts_at, title=notice.title),
    )
