"""Each time a rule of the shop fired: what was seen, what came of it, which act it brought about, and how much of its day it took."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from psycopg.rows import class_row

from zhanggui.core.automation.fired import DeedDone, FiringState, SeenFact, has_acted
from zhanggui.core.automation.rules import AutoRule
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.records.db import Tx
from zhanggui.records.says import revived


class NewFiring(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that fires."""

    rule_no: int
    version: int
    todo: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    standing: str
    level: str
    fired_at: datetime
    facts: tuple[SeenFact, ...]
    answers: bool


class FiringRow(msgspec.Struct, frozen=True, kw_only=True):
    """One time a rule fired."""

    shop_id: int
    firing_no: int
    rule_no: int
    rule_id: str
    version: int
    todo: str
    subject_kind: str
    subject_no: str
    order_no: str | None
    standing: str
    level: str
    fired_at: datetime
    facts: str
    done: str
    money: int
    answers: bool
    state: str
    settled_by_name: str | None
    settled_at: datetime | None
    body: str

    @property
    def rule(self) -> AutoRule:
        """The version that fired."""
        return msgspec.json.decode(self.body, type=AutoRule)

    @property
    def subject(self) -> Subject:
        """The thing it fired on."""
        return Subject(SubjectKind(self.subject_kind), self.subject_no)

    @property
    def kind(self) -> DeadlineKind:
        """The to-do it fired on."""
        return DeadlineKind(self.todo)

    @property
    def at(self) -> FiringState:
        """What came of it."""
        return FiringState(self.state)

    @property
    def seen(self) -> tuple[SeenFact, ...]:
        """Clause by clause what was seen."""
        return msgspec.json.decode(self.facts, type=tuple[SeenFact, ...])

    @property
    def deeds(self) -> tuple[DeedDone, ...]:
        """What came of each deed."""
        told = msgspec.json.decode(self.done, type=tuple[DeedDone, ...])
        return tuple(msgspec.structs.replace(each, because=None if each.because is None else revived(each.because)) for each in told)


INSERT_FIRING = """
    insert into automation_firings (shop_id, rule_no, version, todo, subject_kind, subject_no, order_no, standing, level, fired_at, facts, done, money, answers,
        state)
    values (%(shop_id)s, %(rule_no)s, %(version)s, %(todo)s, %(subject_kind)s, %(subject_no)s, %(order_no)s, %(standing)s, %(level)s, %(fired_at)s, %(facts)s,
        '[]', 0, %(answers)s, 'fired_in_vain')
    on conflict do nothing
    returning firing_no
"""
SAVE_FIRING = """
    update automation_firings set done = %(done)s, money = %(money)s, state = %(state)s, acted = %(acted)s
    where shop_id = %(shop_id)s and firing_no = %(firing_no)s
"""
SETTLE_FIRING = """
    update automation_firings set done = %(done)s, state = %(state)s, settled_by = %(by)s, settled_at = %(now)s
    where shop_id = %(shop_id)s and firing_no = %(firing_no)s and state = 'fired_waits'
    returning firing_no
"""
ANSWERED = """
    select distinct f.subject_kind, f.subject_no
    from automation_firings f
    join automation_rules r on r.shop_id = f.shop_id and r.rule_no = f.rule_no
    where f.shop_id = %(shop_id)s and r.shop_id = %(shop_id)s and f.subject_kind = any(%(kinds)s) and f.subject_no = any(%(nos)s) and f.answers
        and f.state in ('fired_done', 'fired_waits') and r.level <> 'off'
"""
FIRED_ALREADY = """
    select rule_no, version, subject_kind, subject_no, todo, standing from automation_firings
    where shop_id = %(shop_id)s and subject_kind = any(%(kinds)s) and subject_no = any(%(nos)s)
"""
ONE_FIRING = """
    select f.shop_id, f.firing_no, f.rule_no, r.rule_id, f.version, f.todo, f.subject_kind, f.subject_no, f.order_no, f.standing, f.level, f.fired_at,
        f.facts::text as facts, f.done::text as done, f.money, f.answers, f.state, people.display_name as settled_by_name, f.settled_at, v.body::text as body
    from automation_firings f
    join automation_rules r on r.shop_id = f.shop_id and r.rule_no = f.rule_no
    join automation_versions v on v.shop_id = f.shop_id and v.rule_no = f.rule_no and v.version = f.version
    left join people on people.person_id = f.settled_by
    where f.shop_id = %(shop_id)s and r.shop_id = %(shop_id)s and v.shop_id = %(shop_id)s and f.firing_no = %(firing_no)s
"""
FIRINGS = """
    select f.shop_id, f.firing_no, f.rule_no, r.rule_id, f.version, f.todo, f.subject_kind, f.subject_no, f.order_no, f.standing, f.level, f.fired_at,
        f.facts::text as facts, f.done::text as done, f.money, f.answers, f.state, people.display_name as settled_by_name, f.settled_at, v.body::text as body
    from (
        select * from automation_firings
        where shop_id = %(shop_id)s and (%(rule_no)s::bigint is null or rule_no = %(rule_no)s) and (%(before)s::bigint is null or firing_no < %(before)s)
        order by firing_no desc
        limit %(limit)s
    ) as f
    join automation_rules r on r.shop_id = f.shop_id and r.rule_no = f.rule_no
    join automation_versions v on v.shop_id = f.shop_id and v.rule_no = f.rule_no and v.version = f.version
    left join people on people.person_id = f.settled_by
    where r.shop_id = %(shop_id)s and v.shop_id = %(shop_id)s
    order by f.firing_no desc
"""
WAITING = """
    select f.shop_id, f.firing_no, f.rule_no, r.rule_id, f.version, f.todo, f.subject_kind, f.subject_no, f.order_no, f.standing, f.level, f.fired_at,
        f.facts::text as facts, f.done::text as done, f.money, f.answers, f.state, null::text as settled_by_name, f.settled_at, v.body::text as body
    from (
        select * from automation_firings where shop_id = %(shop_id)s and state = 'fired_waits' order by firing_no desc limit %(limit)s
    ) as f
    join automation_rules r on r.shop_id = f.shop_id and r.rule_no = f.rule_no
    join automation_versions v on v.shop_id = f.shop_id and v.rule_no = f.rule_no and v.version = f.version
    where r.shop_id = %(shop_id)s and v.shop_id = %(shop_id)s
    order by f.firing_no desc
"""
OF_ORDER = """
    select f.shop_id, f.firing_no, f.rule_no, r.rule_id, f.version, f.todo, f.subject_kind, f.subject_no, f.order_no, f.standing, f.level, f.fired_at,
        f.facts::text as facts, f.done::text as done, f.money, f.answers, f.state, people.display_name as settled_by_name, f.settled_at, v.body::text as body
    from (
        select * from automation_firings where shop_id = %(shop_id)s and order_no = %(order_no)s order by firing_no desc limit %(limit)s
    ) as f
    join automation_rules r on r.shop_id = f.shop_id and r.rule_no = f.rule_no
    join automation_versions v on v.shop_id = f.shop_id and v.rule_no = f.rule_no and v.version = f.version
    left join people on people.person_id = f.settled_by
    where r.shop_id = %(shop_id)s and v.shop_id = %(shop_id)s
    order by f.firing_no desc
"""
LINK_ACT = """
    insert into automation_acts (shop_id, act_no, firing_no) values (%(shop_id)s, %(act_no)s, %(firing_no)s) on conflict (shop_id, act_no) do nothing
"""
FIRING_OF_ACT = "select firing_no from automation_acts where shop_id = %(shop_id)s and act_no = %(act_no)s"
# one statement takes the place in the day or does not; what a person still decides has places of its own
MAKE_DAY = """
    insert into automation_days (shop_id, rule_no, day, fired, money) values (%(shop_id)s, %(rule_no)s, %(day)s, 0, 0)
    on conflict (shop_id, rule_no, day) do nothing
"""
TAKE_PLACE = """
    update automation_days set fired = fired + 1, money = money + %(money)s
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s and day = %(day)s and fired < %(a_day)s and (%(money)s = 0 or money + %(money)s <= %(money_a_day)s)
    returning fired
"""
TAKE_PLACE_TO_SUGGEST = """
    update automation_days set suggested = suggested + 1
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s and day = %(day)s and suggested < %(a_day)s
    returning suggested
"""
GIVE_BACK = """
    update automation_days set
        fired = greatest(fired - %(fired)s, 0), suggested = greatest(suggested - %(suggested)s, 0), money = greatest(money - %(money)s, 0)
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s and day = %(day)s
"""
# what the platform declined, and what was withdrawn before it left, was no act after all; what a person stopped stays counted, lest a rule announce more
# for it. Where all was withdrawn the firing goes under another name, so that the rule may fire in this state once more
UNSENT = """
    update automation_firings as f set acted = false, standing = case
        when exists (
            select 1 from automation_acts as l join acts as a on a.shop_id = l.shop_id and a.act_no = l.act_no
            where l.shop_id = %(shop_id)s and a.shop_id = %(shop_id)s and l.firing_no = f.firing_no and a.state <> 'withdrawn'
        ) or exists (
            select 1 from automation_firings as before
            where before.shop_id = %(shop_id)s and before.rule_no = f.rule_no and before.version = f.version and before.subject_kind = f.subject_kind
                and before.subject_no = f.subject_no and before.todo = f.todo and before.standing = f.standing || '|withdrawn'
        ) then f.standing
        else f.standing || '|withdrawn'
    end
    where f.shop_id = %(shop_id)s and f.acted and f.rule_no = any(%(rule_nos)s) and f.fired_at > %(since)s and position('"deed_done"' in f.done::text) = 0
        and exists (select 1 from automation_acts as l where l.shop_id = %(shop_id)s and l.firing_no = f.firing_no)
        and not exists (
            select 1 from automation_acts as l join acts as a on a.shop_id = l.shop_id and a.act_no = l.act_no
            where l.shop_id = %(shop_id)s and a.shop_id = %(shop_id)s and l.firing_no = f.firing_no and a.state not in ('declined', 'withdrawn')
        )
    returning f.rule_no, f.fired_at, 1, f.money
"""
# a rule that also did something here has acted and keeps its place; the money comes back, and it may fire in this state once more all the same
UNSENT_MONEY = """
    update automation_firings as f set money = 0
    from automation_firings as stood
    where f.shop_id = %(shop_id)s and stood.shop_id = %(shop_id)s and stood.firing_no = f.firing_no and f.acted and f.money > 0
        and f.rule_no = any(%(rule_nos)s) and f.fired_at > %(since)s and position('"deed_done"' in f.done::text) > 0
        and exists (select 1 from automation_acts as l where l.shop_id = %(shop_id)s and l.firing_no = f.firing_no)
        and not exists (
            select 1 from automation_acts as l join acts as a on a.shop_id = l.shop_id and a.act_no = l.act_no
            where l.shop_id = %(shop_id)s and a.shop_id = %(shop_id)s and l.firing_no = f.firing_no and a.state not in ('declined', 'withdrawn')
        )
    returning f.rule_no, f.fired_at, 0, stood.money
"""
UNSENT_BESIDE = """
    update automation_firings as f set standing = f.standing || '|withdrawn'
    where f.shop_id = %(shop_id)s and f.acted and f.rule_no = any(%(rule_nos)s) and f.fired_at > %(since)s and position('"deed_done"' in f.done::text) > 0
        and right(f.standing, 10) <> '|withdrawn'
        and exists (select 1 from automation_acts as l where l.shop_id = %(shop_id)s and l.firing_no = f.firing_no)
        and not exists (
            select 1 from automation_acts as l join acts as a on a.shop_id = l.shop_id and a.act_no = l.act_no
            where l.shop_id = %(shop_id)s and a.shop_id = %(shop_id)s and l.firing_no = f.firing_no and a.state <> 'withdrawn'
        )
        and not exists (
            select 1 from automation_firings as before
            where before.shop_id = %(shop_id)s and before.rule_no = f.rule_no and before.version = f.version and before.subject_kind = f.subject_kind
                and before.subject_no = f.subject_no and before.todo = f.todo and before.standing = f.standing || '|withdrawn'
        )
"""
# what waits for a person only because its kind was suggested for a while, or let less money go; the proposal stays until the rule has announced it anew,
# and what was taken up once is not taken up again while something else keeps the rule from it. Its place and money are free: it is a person's by now
HELD_BACK = """
    update automation_firings as f set standing = f.standing || '|held_back', acted = position('"deed_done"' in f.done::text) > 0, money = 0
    from automation_firings as stood
    where f.shop_id = %(shop_id)s and stood.shop_id = %(shop_id)s and stood.firing_no = f.firing_no and f.acted
        and f.rule_no = any(%(rule_nos)s) and f.fired_at > %(since)s and right(f.standing, 10) <> '|held_back'
        and exists (select 1 from automation_acts as l where l.shop_id = %(shop_id)s and l.firing_no = f.firing_no)
        and not exists (
            select 1 from automation_acts as l join acts as a on a.shop_id = l.shop_id and a.act_no = l.act_no
            where l.shop_id = %(shop_id)s and a.shop_id = %(shop_id)s and l.firing_no = f.firing_no and not (
                a.state = 'proposed' and a.decided_by is null
                and exists (
                    select 1 from unnest(%(kinds)s::text[], %(most)s::bigint[]) as alone (kind, most) where alone.kind = a.kind and a.money <= alone.most
                )
            )
        )
        and not exists (
            select 1 from automation_firings as before
            where before.shop_id = %(shop_id)s and before.rule_no = f.rule_no and before.version = f.version and before.subject_kind = f.subject_kind
                and before.subject_no = f.subject_no and before.todo = f.todo and before.standing = f.standing || '|held_back'
        )
    returning f.rule_no, f.fired_at, case when f.acted then 0 else 1 end, stood.money
"""
# under another name, so that the rule may fire in this state after all; twice the same is once
SET_IN_VAIN = """
    update automation_firings set standing = %(standing)s
    where shop_id = %(shop_id)s and firing_no = %(firing_no)s
        and not exists (
            select 1 from automation_firings as before
            where before.shop_id = %(shop_id)s and before.rule_no = automation_firings.rule_no and before.version = automation_firings.version
                and before.subject_kind = automation_firings.subject_kind and before.subject_no = automation_firings.subject_no
                and before.todo = automation_firings.todo and before.standing = %(standing)s
        )
    returning firing_no
"""
# suggestions about what needs nothing any more
LEAVE_MOOT = """
    update automation_firings set state = 'fired_left', settled_at = %(now)s
    where shop_id = %(shop_id)s and state = 'fired_waits' and not exists (
        select 1 from deadlines
        where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = automation_firings.subject_kind
            and deadlines.subject_no = automation_firings.subject_no and deadlines.kind = automation_firings.todo and deadlines.band is not null
    )
"""
DAYS = """
    select rule_no, day, fired, money, suggested from automation_days where shop_id = %(shop_id)s and day >= %(since)s order by rule_no, day
"""
# a thing on which it acted twice counts once
ACTED_ON_SINCE = """
    select count(*)::bigint from (
        select distinct subject_kind, subject_no from automation_firings
        where shop_id = %(shop_id)s and rule_no = %(rule_no)s and acted and fired_at > %(since)s
        limit %(most)s
    ) as lately
"""


class Freed(NamedTuple):
    """The places and the money of the rule's day that a firing took for nothing."""

    rule_no: int
    fired_at: datetime
    fired: int
    money: int


def insert_firing(tx: Tx, shop_id: int, new: NewFiring) -> int | None:
    """The number of the firing; None where this version fired on the thing in this state already."""
    slots = msgspec.structs.asdict(new) | {"shop_id": shop_id, "facts": msgspec.json.encode(new.facts).decode()}
    row = tx.execute(INSERT_FIRING, slots).fetchone()
    return None if row is None else int(row[0])


def save_firing(tx: Tx, shop_id: int, firing_no: int, done: tuple[DeedDone, ...], money: int, state: FiringState) -> None:
    """Keeps what came of the deeds."""
    slots = {"shop_id": shop_id, "firing_no": firing_no, "done": msgspec.json.encode(done).decode(), "money": money, "state": state.value}
    slots["acted"] = has_acted(done)
    tx.execute(SAVE_FIRING, slots)


def settle_firing(tx: Tx, shop_id: int, firing_no: int, done: Sequence[DeedDone], state: FiringState, by: int | None, now: datetime) -> bool:
    """Whether what waited was settled by this; False where somebody was quicker."""
    slots = {"shop_id": shop_id, "firing_no": firing_no, "done": msgspec.json.encode(done).decode(), "state": state.value, "by": by, "now": now}
    return tx.execute(SETTLE_FIRING, slots).fetchone() is not None


def answered(tx: Tx, shop_id: int, subjects: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these things a rule has answered."""
    if not subjects:
        return set()
    slots = {"shop_id": shop_id, "kinds": sorted({kind for kind, _ in subjects}), "nos": [no for _, no in subjects]}
    return {(kind, no) for kind, no in tx.execute(ANSWERED, slots)}


def fired_already(tx: Tx, shop_id: int, subjects: Sequence[tuple[str, str]]) -> set[tuple[int, int, str, str, str, str]]:
    """What fired on these things: rule, version, thing, to-do and state."""
    if not subjects:
        return set()
    slots = {"shop_id": shop_id, "kinds": sorted({kind for kind, _ in subjects}), "nos": [no for _, no in subjects]}
    return {tuple(row) for row in tx.execute(FIRED_ALREADY, slots)}


def one_firing(tx: Tx, shop_id: int, firing_no: int) -> FiringRow | None:
    """One firing."""
    with tx.cursor(row_factory=class_row(FiringRow)) as cursor:
        return cursor.execute(ONE_FIRING, {"shop_id": shop_id, "firing_no": firing_no}).fetchone()


def firings(tx: Tx, shop_id: int, rule_no: int | None, before: int | None, limit: int) -> list[FiringRow]:
    """Firings of a rule, or of all, the newest first."""
    with tx.cursor(row_factory=class_row(FiringRow)) as cursor:
        return cursor.execute(FIRINGS, {"shop_id": shop_id, "rule_no": rule_no, "before": before, "limit": limit}).fetchall()


def waiting(tx: Tx, shop_id: int, limit: int) -> list[FiringRow]:
    """What waits for a person, the newest first."""
    with tx.cursor(row_factory=class_row(FiringRow)) as cursor:
        return cursor.execute(WAITING, {"shop_id": shop_id, "limit": limit}).fetchall()


def of_order(tx: Tx, shop_id: int, order_no: str, limit: int) -> list[FiringRow]:
    """What fired on an order and its cases, the newest first."""
    with tx.cursor(row_factory=class_row(FiringRow)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no, "limit": limit}).fetchall()


def link_act(tx: Tx, shop_id: int, act_no: int, firing_no: int) -> None:
    """Keeps which act of the door a firing brought about."""
    tx.execute(LINK_ACT, {"shop_id": shop_id, "act_no": act_no, "firing_no": firing_no})


def firing_of_act(tx: Tx, shop_id: int, act_no: int) -> int | None:
    """The firing behind an act; None where no rule decided it."""
    row = tx.execute(FIRING_OF_ACT, {"shop_id": shop_id, "act_no": act_no}).fetchone()
    return None if row is None else int(row[0])


def take_place(tx: Tx, shop_id: int, rule_no: int, day: date, money: int, rule: AutoRule) -> bool:
    """Whether the rule's day has room for one more act of so much money; then it is taken."""
    slots = {"shop_id": shop_id, "rule_no": rule_no, "day": day, "money": money, "a_day": rule.a_day, "money_a_day": rule.money_a_day}
    tx.execute(MAKE_DAY, slots)
    return tx.execute(TAKE_PLACE, slots).fetchone() is not None


def take_place_to_suggest(tx: Tx, shop_id: int, rule_no: int, day: date, rule: AutoRule) -> bool:
    """Whether the rule's day has room for one more suggestion; then it is taken. Suggestions take no place of acts."""
    slots = {"shop_id": shop_id, "rule_no": rule_no, "day": day, "a_day": rule.a_day}
    tx.execute(MAKE_DAY, slots)
    return tx.execute(TAKE_PLACE_TO_SUGGEST, slots).fetchone() is not None


def give_back(tx: Tx, shop_id: int, rule_no: int, day: date, *, fired: int = 0, suggested: int = 0, money: int = 0) -> None:
    """Gives back places and money of a day that were taken for nothing."""
    tx.execute(GIVE_BACK, {"shop_id": shop_id, "rule_no": rule_no, "day": day, "fired": fired, "suggested": suggested, "money": money})


def take_out_unsent(tx: Tx, shop_id: int, rule_nos: Sequence[int], since: datetime) -> list[Freed]:
    """Takes firings since then out of what these rules did, all of whose acts were declined or withdrawn; what each had taken.

    Where all of them were withdrawn, the rule may fire on the thing in this state once more, and no oftener.
    """
    slots = {"shop_id": shop_id, "rule_nos": list(rule_nos), "since": since}
    tx.execute(UNSENT_BESIDE, slots)
    return [Freed(*row) for statement in (UNSENT_MONEY, UNSENT) for row in tx.execute(statement, slots)]


def take_up_held_back(tx: Tx, shop_id: int, rule_nos: Sequence[int], alone: Mapping[str, int], since: datetime) -> list[Freed]:
    """Lets these rules fire once more where what they announced lies proposed, though acts of its kind up to a sum go `alone` again; what each had taken."""
    slots = {"shop_id": shop_id, "rule_nos": list(rule_nos), "kinds": list(alone), "most": list(alone.values()), "since": since}
    return [Freed(*row) for row in tx.execute(HELD_BACK, slots)]


def set_in_vain(tx: Tx, shop_id: int, firing_no: int, standing: str) -> bool:
    """Whether the firing is the first that came to nothing in this state and by this hindrance."""
    return tx.execute(SET_IN_VAIN, {"shop_id": shop_id, "firing_no": firing_no, "standing": standing}).fetchone() is not None


def leave_moot(tx: Tx, shop_id: int, now: datetime) -> int:
    """How many suggestions were left because their to-do is closed."""
    return tx.execute(LEAVE_MOOT, {"shop_id": shop_id, "now": now}).rowcount


class DayOfRule(NamedTuple):
    """What a rule did on a day, the money of it, and what it suggested beside."""

    fired: int = 0
    money: int = 0
    suggested: int = 0


def days(tx: Tx, shop_id: int, since: date) -> dict[int, dict[date, DayOfRule]]:
    """What each rule did on each day."""
    found: dict[int, dict[date, DayOfRule]] = {}
    for rule_no, day, fired, money, suggested in tx.execute(DAYS, {"shop_id": shop_id, "since": since}):
        found.setdefault(rule_no, {})[day] = DayOfRule(fired, money, suggested)
    return found


def acted_on_since(tx: Tx, shop_id: int, rule_no: int, since: datetime, most: int) -> int:
    """On how many things the rule acted since then; counted up to so many."""
    row = tx.execute(ACTED_ON_SINCE, {"shop_id": shop_id, "rule_no": rule_no, "since": since, "most": most}).fetchone()
    return 0 if row is None else int(row[0])
