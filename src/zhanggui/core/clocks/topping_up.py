"""The deadline to top up an account for waybills: the moment its numbers end by the shop's own use."""

from datetime import datetime, timedelta

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.waybills.forecast import Forecast


def top_up_deadline(
    account_no: int, name: str, forecast: Forecast, told_at: datetime, now: datetime, rulebook: Rulebook, *, stands_due: datetime | None = None
) -> Deadline | None:
    """By when numbers have to be bought; None while they last longer than the rule asks for, and than the number the shop itself has named.

    `stands_due` is when a to-do that stands already is due: where the use tells nothing of how long they last, it is not put off by looking again.
    """
    rule = rulebook.in_force(Question.TOP_UP, at=told_at)
    if rule is None or rule.term is None:
        return None
    lasts = None if forecast.days_left is None else timedelta(days=forecast.days_left)
    is_below = forecast.low_at is not None and forecast.left <= forecast.low_at
    if not (forecast.is_empty or is_below or (lasts is not None and lasts < rule.term.length)):
        return None
    due_at = told_at if forecast.is_empty else _to_the_hour(now + (rule.term.length if lasts is None else lasts))
    if lasts is None and stands_due is not None:
        due_at = min(due_at, stands_due)
    return Deadline(
        subject=Subject(SubjectKind.WAYBILL_ACCOUNT, str(account_no)),
        kind=DeadlineKind.TOP_UP,
        state=DeadlineState.OPEN,
        counts_from="told_at",
        started_at=told_at,
        due_at=due_at,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=_told(name, forecast),
    )


def _to_the_hour(moment: datetime) -> datetime:
    """A guess is no better than that, and need not be told anew every few minutes."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _told(name: str, forecast: Forecast) -> Say:
    if forecast.is_empty:
        return say("{name}: no number is left; nothing more can be printed with it.", name=name)
    if forecast.days_left is None:
        return say("{name}: {left} numbers are left, no more than the shop wants to be warned at.", name=name, left=forecast.left)
    return say("{name}: {left} numbers are left, about {days} days by your own use.", name=name, left=forecast.left, days=f"{forecast.days_left:.1f}")
