"""The deadline to authorise again: before everything that a shop granted us ends, or at once when the platform takes it back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from zhanggui.core.connection import PLATFORM, Authorisation
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import NoSuchRule, Question, Rule, Rulebook
from zhanggui.core.say import say

SHARE = 8
"""A grant that is shorter than the warning is not warned of from its first moment on: never before an eighth of its life is left."""


class Ending(NamedTuple):
    """When a grant ends, and the rule that says so where the platform told no end."""

    ends_at: datetime
    rule: Rule | None


def authorisation_deadline(granted: Authorisation, rulebook: Rulebook) -> Deadline:
    """The deadline to authorise again. Raises NoSuchRule where the rulebook sets none."""
    rule = renewal_rule(granted, rulebook)
    if granted.lapsed_at is not None:
        return _deadline(rule, "lapsed_at", granted.lapsed_at, granted.lapsed_at, granted)
    due_at = renew_at(granted, rulebook)
    started_at = min(granted.granted_at, due_at)
    return _deadline(rule, "granted_at", started_at, due_at, granted, ending(granted, rulebook).ends_at)


def ending(granted: Authorisation, rulebook: Rulebook) -> Ending:
    """When what was granted ends: as the platform told it, else by the usual term. Raises NoSuchRule."""
    if granted.ends_at is not None:
        return Ending(granted.ends_at, None)
    rule = rulebook.in_force(Question.AUTHORISATION, at=granted.granted_at)
    if rule is None or rule.term is None:
        raise NoSuchRule(f"no rule says how long an authorisation of {granted.granted_at.isoformat()} lasts")
    return Ending(granted.granted_at + rule.term.length, rule)


def renewal_rule(granted: Authorisation, rulebook: Rulebook) -> Rule:
    """The rule that says how long before the end to authorise again. Raises NoSuchRule."""
    rule = rulebook.in_force(Question.RENEW_TOKEN, at=granted.lapsed_at or granted.granted_at)
    if rule is None or rule.term is None:
        raise NoSuchRule(f"no rule says how long before its end the authorisation of {granted.granted_at.isoformat()} is renewed")
    return rule


def renew_at(granted: Authorisation, rulebook: Rulebook) -> datetime:
    """The moment from which to authorise again. Raises NoSuchRule."""
    rule, ends_at = renewal_rule(granted, rulebook), ending(granted, rulebook).ends_at
    assert rule.term is not None
    return ends_at - min(rule.term.length, max(ends_at - granted.granted_at, timedelta(0)) / SHARE)


def _deadline(rule: Rule, counts_from: str, started_at: datetime, due_at: datetime, granted: Authorisation, ends_at: datetime | None = None) -> Deadline:
    because = granted.lapse if ends_at is None else say("What the shop granted ends at {ends_at}; after that nothing is read or sent.", ends_at=ends_at)
    return Deadline(
        subject=Subject(SubjectKind.CONNECTION, PLATFORM),
        kind=DeadlineKind.RENEW_TOKEN,
        state=DeadlineState.OPEN,
        counts_from=counts_from,
        started_at=started_at,
        due_at=due_at,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=because,
    )
