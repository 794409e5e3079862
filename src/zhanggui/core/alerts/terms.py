"""The shop's terms of alerts: what rings and how early, when not, who is told next, and when the day's digest goes out."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec

from zhanggui.core.alerts.matters import Known
from zhanggui.core.alerts.quiet import Quiet
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import SHANGHAI, shanghai_day
from zhanggui.core.money import Fen

FRESH = timedelta(hours=24)
"""What has been overdue for longer when it is first heard of does not ring: an export of old orders would ring for days."""
NIGHT = (Quiet(time(22), time(8)),)


class AlertTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shop's terms; what it does not say itself is the house's."""

    is_on: bool = True
    warn_minutes: Mapping[DeadlineKind, int | None] = {}
    """The shop's own, by kind; None: this kind never rings."""
    least_money: Fen = Fen(0)
    """What puts less at risk rings only where it is no matter of money at all."""
    quiet: tuple[Quiet, ...] = NIGHT
    escalate_minutes: int | None = 15
    """How long one is waited for before the next one is told; None: nobody further is."""
    people: tuple[int, ...] = ()
    """Who is told, one after the other."""
    digest_at: time | None = None


class Ring(msgspec.Struct, frozen=True):
    """From when on one kind of matter rings in one shop, and whether by night."""

    kind: DeadlineKind
    before: timedelta
    is_money_clock: bool


def rings(terms: AlertTerms, known: Known) -> tuple[Ring, ...]:
    """The kinds that ring under these terms."""
    if not terms.is_on:
        return ()
    found = []
    for kind, usual in known.items():
        minutes = terms.warn_minutes.get(kind, usual.warn_minutes)
        if minutes is not None and not usual.stays_inside:
            found.append(Ring(kind, timedelta(minutes=minutes), usual.is_money_clock))
    return tuple(found)


def digest_due(terms: AlertTerms, now: datetime) -> datetime | None:
    """The moment of the latest digest that should have gone out by now; None where there is none."""
    if not terms.is_on or terms.digest_at is None:
        return None
    today = datetime.combine(shanghai_day(now), terms.digest_at, tzinfo=SHANGHAI).astimezone(UTC)
    return today if today <= now else today - timedelta(days=1)
