"""Terms to moments."""

from datetime import datetime, timedelta
from typing import NamedTuple

from zhanggui.core.deadlines import DueSource
from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.rules import Basis, Rule, Term


class Due(NamedTuple):
    """A due moment with what it counts from and what it rests on."""

    counts_from: str
    started_at: datetime
    due_at: datetime
    source: DueSource
    rule: Rule
    basis: Basis


def moment_of(term: Term, start: datetime, facts: OrderFacts | AftersaleFacts | None = None) -> datetime | None:
    """The moment at which the term that began at `start` ends; None where the field it names is blank."""
    if term.field is not None:
        moment: datetime | None = getattr(facts, term.field)
        return moment
    if term.end_of_day:
        return start_of_day(shanghai_day(start) + timedelta(days=1))
    return start + term.length


def started_by(start: datetime | None, due_at: datetime) -> datetime:
    """The start, or the due moment itself where a source names a due moment before the start: a deadline never ends before it begins."""
    return due_at if start is None or start > due_at else start


def first_known(facts: OrderFacts | AftersaleFacts, names: tuple[str, ...]) -> tuple[str, datetime] | None:
    """The first of these events that has a moment."""
    for name in names:
        moment = getattr(facts, name)
        if moment is not None:
            return name, moment
    return None
