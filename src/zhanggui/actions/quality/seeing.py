"""How the conversations of a shop were graded: by person with how many, and the faults one by one."""

from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.core.grading import FaultKind, FaultRule
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import Say
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import quality
from zhanggui.records.quality import FaultSeen, RepGrades
from zhanggui.records.says import unpacked
from zhanggui.rulebook.quality import quality_book
from zhanggui.rulebook.speech import speech_book

PERIODS = (7, 14, 30)
_FIRST = (date(9999, 1, 1), 0, 0)


class RepSeen(msgspec.Struct, frozen=True):
    """One person over some days: talks, answers, the mean of what was left of a hundred, and how often which fault."""

    rep: str
    talks: int
    answers: int
    left: float
    kinds: dict[FaultKind, int]


class FaultShown(msgspec.Struct, frozen=True):
    """One fault with what its rule says of it, and what is good instead."""

    fault: FaultSeen
    because: Say
    rule: FaultRule
    good: str
    good_en: str
    about: str


class QualitySeen(msgspec.Struct, frozen=True):
    """The grades of a shop."""

    reps: tuple[RepSeen, ...]
    talks: int
    left: float | None
    faults: tuple[FaultShown, ...]
    next_cursor: str | None
    sees_all: bool
    """Whether it shows everybody, or only whoever asks."""


def quality_seen(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, days: int = 30, rep: str = "", kind: str = "", cursor: str | None = None, limit: int = 30
) -> QualitySeen:
    """The grades of so many days. Whoever leads the shop sees everybody, anybody else what bears their own name. Raises Refused for a cursor of nobody's."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    sees_all = by.may(Permission.PEOPLE_READ, shop_id)
    whose = rep if sees_all else by.display_name
    since = shanghai_day(now) - timedelta(days=days - 1)
    before = cursors.read(cursor, tuple[date, int, int]) if cursor else _FIRST
    with house.pool.connection() as tx:
        reps, kinds = quality.reps(tx, shop_id, since), quality.kinds(tx, shop_id, since)
        talks, left = quality.talks(tx, shop_id, since)
        is_theirs = sees_all or members.bears_name_alone(tx, shop_id, by)
        found = quality.faults(tx, shop_id, before, limit + 1, rep=whose, kind=kind) if is_theirs else []
    counts = {(each.rep, FaultKind(each.kind)): each.many for each in kinds}
    shown = [fault for fault in found[:limit] if fault.day >= since]
    last = shown[-1] if len(found) > limit and len(shown) == limit else None
    return QualitySeen(
        tuple(_rep(each, counts) for each in reps if sees_all or (is_theirs and each.rep == by.display_name)),
        talks,
        left / talks if talks else None,
        tuple(_shown(fault) for fault in shown),
        None if last is None else cursors.write((last.day, last.thread_no, -last.place)),
        sees_all,
    )


def _rep(told: RepGrades, counts: dict[tuple[str, FaultKind], int]) -> RepSeen:
    return RepSeen(
        told.rep, told.talks, told.answers, 100 - told.points / told.talks, {kind: counts[told.rep, kind] for kind in FaultKind if (told.rep, kind) in counts}
    )


def _shown(fault: FaultSeen) -> FaultShown:
    rule = quality_book().rules[FaultKind(fault.kind)]
    speech = speech_book().by_id.get(fault.about)
    good = rule.good if speech is None else speech.safe
    return FaultShown(fault, unpacked(fault.because), rule, good.zh, good.en, fault.about)
