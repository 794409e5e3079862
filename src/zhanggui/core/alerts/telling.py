"""Whom to tell now, and when to look again: the steps of one alert as one table.

| what happens                                   | who is told                                                  | looked at next              |
|------------------------------------------------|--------------------------------------------------------------|-----------------------------|
| it is raised before it is due                  | the shop's channels; whose it is, else the first of the row  | when that one was waited for |
| nobody has acknowledged it after the wait      | the next person of the row                                   | after the wait, while somebody is next |
| it is due and still stands                     | the shop's channels, everybody told so far, the next person, once | after the wait, as before   |
| it is acknowledged                             | nobody; what was not sent yet is taken back                  | when it is due              |
"""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.alerts.matters import Stage
from zhanggui.core.alerts.terms import AlertTerms


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far the telling of one alert has come."""

    due_at: datetime
    assignee: int | None = None
    told: tuple[int, ...] = ()
    """The people told so far, one after the other; the row may change meanwhile, and nobody hears of it twice for that."""
    is_overdue_told: bool = False
    is_acknowledged: bool = False


class Step(msgspec.Struct, frozen=True):
    """What is said now: why, to which people, and whether to the shop's channels."""

    stage: Stage
    people: tuple[int, ...]
    to_shop: bool


def row_of(standing: Standing, terms: AlertTerms) -> tuple[int, ...]:
    """The people one after the other: whose it is first, then the shop's order."""
    first = () if standing.assignee is None else (standing.assignee,)
    return tuple(dict.fromkeys((*first, *terms.people)))


def first_step(standing: Standing, terms: AlertTerms, now: datetime) -> tuple[Step, Standing]:
    """What is said when a matter is heard of for the first time."""
    row = row_of(standing, terms)
    stage = Stage.OVERDUE if standing.due_at <= now else Stage.WARNED
    after = msgspec.structs.replace(standing, told=row[:1], is_overdue_told=stage is Stage.OVERDUE)
    return Step(stage, row[:1], to_shop=True), after


def next_step(standing: Standing, terms: AlertTerms, now: datetime) -> tuple[Step | None, Standing]:
    """What is said at its next look, if anything."""
    following = _left(standing, terms)[:1]
    if not standing.is_overdue_told and standing.due_at <= now:
        told = standing.told if standing.is_acknowledged else (*standing.told, *following)
        return Step(Stage.OVERDUE, told, to_shop=True), msgspec.structs.replace(standing, told=told, is_overdue_told=True)
    if standing.is_acknowledged or terms.escalate_minutes is None or not following:
        return None, standing
    return Step(Stage.ESCALATED, following, to_shop=False), msgspec.structs.replace(standing, told=(*standing.told, *following))


def looks_next(standing: Standing, terms: AlertTerms, heard_at: datetime) -> datetime | None:
    """When to look again: `heard_at` is when whoever was told last hears of it, which quiet hours may put off."""
    looks = []
    if not standing.is_overdue_told:
        looks.append(standing.due_at)
    if not standing.is_acknowledged and terms.escalate_minutes is not None and _left(standing, terms):
        looks.append(heard_at + timedelta(minutes=terms.escalate_minutes))
    return min(looks, default=None)


def _left(standing: Standing, terms: AlertTerms) -> tuple[int, ...]:
    """Those of the row who were not told yet."""
    return tuple(person for person in row_of(standing, terms) if person not in standing.told)
