"""Whether a text may go to a buyer now: consent, how often, at which hour, at what cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.moments import in_shanghai
from zhanggui.core.say import Say, say
from zhanggui.core.texts.kinds import TextKind, TextWay
from zhanggui.core.texts.terms import TextTerms

_DAY, _MONTH = timedelta(hours=24), timedelta(days=30)
NOT_AGREED = say("A greeting counts as advertising, and the buyer has not agreed to any.")


class TextAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is to be sent, and what is known of whom it goes to."""

    kind: TextKind
    way: TextWay
    has_number: bool
    """Whether there is a number to send it to."""
    may_advertise: bool
    """Whether the buyer agreed to advertising."""
    has_refused: bool
    """Whether the buyer wants no texts."""
    sent_at: Sequence[datetime] = ()
    """When this number was sent texts over the last thirty days, unsure ones counted."""
    cost_li: int
    spent_li: int
    """What the month's texts cost so far, those waiting counted."""


def against(asked: TextAsked, terms: TextTerms, now: datetime) -> Say | None:
    """Why the text must never go as things stand; None where it may, now or at another hour."""
    if not asked.has_number:
        return say("There is no number to send it to.")
    if asked.has_refused:
        return say("The buyer wants no texts.")
    if asked.kind is TextKind.FESTIVAL and not asked.may_advertise:
        return NOT_AGREED
    if sum(1 for at in asked.sent_at if now - at < _DAY) >= terms.a_day:
        return say("This number had {most} texts within 24 hours.", most=terms.a_day)
    if sum(1 for at in asked.sent_at if now - at < _MONTH) >= terms.a_month:
        return say("This number had {most} texts within thirty days.", most=terms.a_month)
    if asked.spent_li + asked.cost_li > terms.monthly_li:
        return say("The month's texts would cost more than the shop lets them.")
    return None


def goes_at(now: datetime, terms: TextTerms) -> datetime:
    """When a text goes: now within the hours, else when they next begin."""
    wall = in_shanghai(now)
    if terms.opens <= wall.hour < terms.closes:
        return now
    opens = wall.replace(hour=terms.opens, minute=0, second=0, microsecond=0)
    if wall.hour >= terms.closes:
        opens += timedelta(days=1)
    return opens.astimezone(now.tzinfo)
