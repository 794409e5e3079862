"""Instant refunds: when the platform may refund without asking the seller, and what keeps it from doing so wrongly."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.facts import AftersaleFacts, AftersaleKind, InstantRefund, OrderStage, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say


class InstantSign(StrEnum):
    """What lets the platform refund at once."""

    FRESH = "fresh"
    """Asked soon after the group formed, and not shipped."""
    PROGRESS = "progress"
    """Asked later and not shipped: the platform goes by the progress it is told."""
    SILENT = "silent"
    """Shipped, and refused at the door or without an event for days."""


class InstantRisk(msgspec.Struct, frozen=True):
    """That the platform may refund a case at once, why, since when, and what keeps it from doing so."""

    sign: InstantSign
    because: Say
    since: datetime
    rule: str
    prevent: Say | None = None


def instant_risk(case: AftersaleFacts, known: OrderKnowledge, rulebook: Rulebook, now: datetime, *, is_reported: bool) -> InstantRisk | None:
    """Whether the platform may refund this case at once. `is_reported`: it has been told of a printed label, or of the parcel. None where nothing lets it."""
    if case.kind is not AftersaleKind.REFUND_ONLY or case.instant_refund in (InstantRefund.FAILED, InstantRefund.SUCCEEDED):
        return None
    if known.order.stage is OrderStage.RECEIVED or known.order.received_at is not None:
        return None
    if known.order.shipped_at is None and not case.shipped:
        return _unshipped(case, known, rulebook, is_reported=is_reported)
    return _shipped(known, rulebook, now)


def _unshipped(case: AftersaleFacts, known: OrderKnowledge, rulebook: Rulebook, *, is_reported: bool) -> InstantRisk | None:
    formed, asked = known.order.group_formed_at, case.applied_at
    if formed is None or asked is None:
        return None
    fresh = rulebook.in_force(Question.INSTANT_REFUND, at=asked, shipped="no", sign=InstantSign.FRESH)
    if fresh is not None and fresh.term is not None and asked <= formed + fresh.term.length:
        hours = int(fresh.term.length.total_seconds() // 3600)
        because = say("It was asked within {hours} hours of the group forming and is not shipped: the platform agrees by itself.", hours=hours)
        return InstantRisk(InstantSign.FRESH, because, asked, fresh.cite)
    later = rulebook.in_force(Question.INSTANT_REFUND, at=asked, shipped="no", sign=InstantSign.PROGRESS)
    if later is None or is_reported:
        return None
    because = say("It is not shipped, and the platform has not been told of a printed label: it may refund at once.")
    return InstantRisk(InstantSign.PROGRESS, because, asked, later.cite, say("If it is about to leave, report the print at once; else let the refund through."))


def _shipped(known: OrderKnowledge, rulebook: Rulebook, now: datetime) -> InstantRisk | None:
    rule = rulebook.in_force(Question.INSTANT_REFUND, at=now, shipped="yes", sign=InstantSign.SILENT)
    if rule is None or rule.term is None:
        return None
    refused = [scan.at for scan in known.scans if scan.stage is ScanStage.REFUSED and scan.tracking_no == known.order.tracking_no]
    if refused:
        return InstantRisk(InstantSign.SILENT, say("The parcel was refused at the door at {at}.", at=min(refused)), min(refused), rule.cite)
    last = max((scan.at for scan in known.scans if scan.tracking_no == known.order.tracking_no), default=known.order.shipped_at)
    if last is None or now < last + rule.term.length:
        return None
    because = say("Nothing has been heard of the parcel since {at}, for {days} days or more.", at=last, days=rule.term.days)
    return InstantRisk(
        InstantSign.SILENT, because, last + rule.term.length, rule.cite, say("Have the carrier move or find the parcel: every new event ends this.")
    )
