"""Rules of the shop's own, by version: their levels, what holds them, and where looking over the open to-dos goes on."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.says import packed, revived


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it stands: its newest version, its level, and what holds it."""

    shop_id: int
    rule_no: int
    rule_id: str
    version: int
    level: str
    level_by_name: str | None
    level_at: datetime
    owner: int | None
    owner_name: str | None
    busiest_day: int
    checked: str
    held_at: datetime | None
    held_why: str | None
    released_at: datetime | None
    body: str
    version_at: datetime
    version_by_name: str | None

    @property
    def rule(self) -> AutoRule:
        """The rule as it is written."""
        return msgspec.json.decode(self.body, type=AutoRule)

    @property
    def at(self) -> RuleLevel:
        """How far it goes."""
        return RuleLevel(self.level)

    @property
    def why_held(self) -> Say | None:
        """Why its acts wait for a person."""
        return None if self.held_why is None else revived(msgspec.json.decode(self.held_why, type=Say))


class VersionRow(msgspec.Struct, frozen=True):
    """One version of a rule."""

    version: int
    body: str
    made_by_name: str | None
    made_at: datetime

    @property
    def rule(self) -> AutoRule:
        """The rule as it was written."""
        return msgspec.json.decode(self.body, type=AutoRule)


OF_SHOP = """
    select r.shop_id, r.rule_no, r.rule_id, r.version, r.level, setter.display_name as level_by_name, r.level_at, r.owner, owner.display_name as owner_name,
        r.busiest_day, r.checked, r.held_at, r.held_why::text as held_why, r.released_at, v.body::text as body, v.made_at as version_at,
        maker.display_name as version_by_name
    from automation_rules r
    join automation_versions v on v.shop_id = r.shop_id and v.rule_no = r.rule_no and v.version = r.version
    left join people setter on setter.person_id = r.level_by
    left join people owner on owner.person_id = r.owner
    left join people maker on maker.person_id = v.made_by
    where r.shop_id = %(shop_id)s and v.shop_id = %(shop_id)s and r.removed_at is null
    order by r.rule_no
"""
LOCK = "select version, level from automation_rules where shop_id = %(shop_id)s and rule_no = %(rule_no)s and removed_at is null for update"
# whoever fires holds the rule: a rule that is being switched off fires before that or not at all
HOLD = """
    select version, level, held_at from automation_rules where shop_id = %(shop_id)s and rule_no = %(rule_no)s and removed_at is null for share
"""
INSERT = """
    insert into automation_rules (shop_id, rule_id, version, level, level_by, level_at, owner, busiest_day, checked, made_at)
    values (%(shop_id)s, %(rule_id)s, 1, 'off', %(by)s, %(now)s, %(by)s, 0, '', %(now)s)
    returning rule_no
"""
INSERT_VERSION = """
    insert into automation_versions (shop_id, rule_no, version, body, made_by, made_at)
    values (%(shop_id)s, %(rule_no)s, %(version)s, %(body)s, %(by)s, %(now)s)
"""
RAISE_VERSION = """
    update automation_rules set version = version + 1, rule_id = %(rule_id)s where shop_id = %(shop_id)s and rule_no = %(rule_no)s returning version
"""
SET_LEVEL = """
    update automation_rules set level = %(level)s, level_by = %(by)s, level_at = %(now)s, busiest_day = %(busiest_day)s, checked = %(checked)s,
        held_at = null, held_why = null
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s
"""
SET_CHECKED = "update automation_rules set checked = %(checked)s where shop_id = %(shop_id)s and rule_no = %(rule_no)s"
SET_OWNER = "update automation_rules set owner = %(owner)s where shop_id = %(shop_id)s and rule_no = %(rule_no)s"
KEEP_HELD = """
    update automation_rules set held_at = %(now)s, held_why = %(why)s where shop_id = %(shop_id)s and rule_no = %(rule_no)s and held_at is null
    returning rule_no
"""
RELEASE = """
    update automation_rules set held_at = null, held_why = null, released_at = %(now)s
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s and held_at is not null
    returning rule_no
"""
REMOVE = """
    update automation_rules set removed_at = %(now)s, level = 'off' where shop_id = %(shop_id)s and rule_no = %(rule_no)s and removed_at is null
    returning rule_no
"""
VERSIONS = """
    select version, body::text as body, people.display_name as made_by_name, automation_versions.made_at
    from automation_versions left join people on people.person_id = automation_versions.made_by
    where shop_id = %(shop_id)s and rule_no = %(rule_no)s
    order by version desc
    limit %(limit)s
"""
CLAIM_ROUND = """
    insert into automation_rounds as r (shop_id, todo, next_at, after) values (%(shop_id)s, '', %(next_at)s, '')
    on conflict (shop_id, todo) do update set next_at = excluded.next_at where r.next_at <= %(wall)s
    returning 1
"""
MEND_ROUND = "update automation_rounds set next_at = %(wall)s where shop_id = %(shop_id)s and todo = '' and next_at > %(beyond)s"
AFTER = "select after from automation_rounds where shop_id = %(shop_id)s and todo = %(todo)s"
END_ROUND = """
    insert into automation_rounds (shop_id, todo, next_at, after) values (%(shop_id)s, %(todo)s, %(wall)s, %(after)s)
    on conflict (shop_id, todo) do update set after = excluded.after
"""
SHOPS_DUE = """
    select shop.shop_id
    from shop_homes as shop
    where exists (
            select 1 from automation_rules
            where automation_rules.shop_id = shop.shop_id and automation_rules.level <> 'off' and automation_rules.removed_at is null
        )
        and not exists (
            select 1 from automation_rounds
            where automation_rounds.shop_id = shop.shop_id and automation_rounds.todo = '' and automation_rounds.next_at > %(wall)s
        )
"""
# bands 0 to 3 are those of time: what somebody put aside is not for rules
OPEN_TODOS = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and kind = %(kind)s and band between 0 and 3 and subject_no > %(after)s
    order by subject_no
    limit %(limit)s
"""
NOTED = """
    select distinct subject_kind, subject_no from notes where shop_id = %(shop_id)s and subject_kind = any(%(kinds)s) and subject_no = any(%(nos)s)
"""
# the last turn of the latest thread about each order
WANTED = """
    select distinct on (order_no) order_no, wants::text from threads
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by order_no, last_at desc, thread_no desc
"""


def of_shop(tx: Tx, shop_id: int) -> list[RuleRow]:
    """Every rule of the shop."""
    with tx.cursor(row_factory=class_row(RuleRow)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()


def lock(tx: Tx, shop_id: int, rule_no: int) -> tuple[int, RuleLevel] | None:
    """The version and the level of a rule, which nobody else changes until this transaction ends."""
    row = tx.execute(LOCK, {"shop_id": shop_id, "rule_no": rule_no}).fetchone()
    return None if row is None else (int(row[0]), RuleLevel(row[1]))


def hold(tx: Tx, shop_id: int, rule_no: int) -> tuple[int, RuleLevel, bool] | None:
    """The version, the level and whether it is held, of a rule that fires: nobody changes them until this transaction ends."""
    row = tx.execute(HOLD, {"shop_id": shop_id, "rule_no": rule_no}).fetchone()
    return None if row is None else (int(row[0]), RuleLevel(row[1]), row[2] is not None)


def insert(tx: Tx, shop_id: int, rule: AutoRule, by: int | None, now: datetime) -> int:
    """The number of a new rule, which is off."""
    row = tx.execute(INSERT, {"shop_id": shop_id, "rule_id": rule.id, "by": by, "now": now}).fetchone()
    assert row is not None
    _version(tx, shop_id, int(row[0]), 1, rule, by, now)
    return int(row[0])


def add_version(tx: Tx, shop_id: int, rule_no: int, rule: AutoRule, by: int | None, now: datetime) -> int:
    """The version under which the rule is kept from now on."""
    row = tx.execute(RAISE_VERSION, {"shop_id": shop_id, "rule_no": rule_no, "rule_id": rule.id}).fetchone()
    assert row is not None
    _version(tx, shop_id, rule_no, int(row[0]), rule, by, now)
    return int(row[0])


def _version(tx: Tx, shop_id: int, rule_no: int, version: int, rule: AutoRule, by: int | None, now: datetime) -> None:
    body = msgspec.json.encode(rule).decode()
    tx.execute(INSERT_VERSION, {"shop_id": shop_id, "rule_no": rule_no, "version": version, "body": body, "by": by, "now": now})


def set_level(tx: Tx, shop_id: int, rule_no: int, level: RuleLevel, busiest_day: int, checked: str, by: int | None, now: datetime) -> None:
    """Puts a rule to a level; whatever held it holds it no more."""
    slots = {"shop_id": shop_id, "rule_no": rule_no, "level": level.value, "busiest_day": busiest_day, "checked": checked, "by": by, "now": now}
    tx.execute(SET_LEVEL, slots)


def set_checked(tx: Tx, shop_id: int, rule_no: int, checked: str) -> None:
    """Keeps against what the golden cases were run last."""
    tx.execute(SET_CHECKED, {"shop_id": shop_id, "rule_no": rule_no, "checked": checked})


def set_owner(tx: Tx, shop_id: int, rule_no: int, owner: int) -> None:
    """Keeps who answers for the rule."""
    tx.execute(SET_OWNER, {"shop_id": shop_id, "rule_no": rule_no, "owner": owner})


def keep_held(tx: Tx, shop_id: int, rule_no: int, why: Say, now: datetime) -> bool:
    """Whether the rule is held from now on; False where it was already."""
    return tx.execute(KEEP_HELD, {"shop_id": shop_id, "rule_no": rule_no, "why": packed(why), "now": now}).fetchone() is not None


def release(tx: Tx, shop_id: int, rule_no: int, now: datetime) -> bool:
    """Whether the rule was held, and is no more."""
    return tx.execute(RELEASE, {"shop_id": shop_id, "rule_no": rule_no, "now": now}).fetchone() is not None


def remove(tx: Tx, shop_id: int, rule_no: int, now: datetime) -> bool:
    """Whether the rule was there, and is no more; its versions and what it did stay."""
    return tx.execute(REMOVE, {"shop_id": shop_id, "rule_no": rule_no, "now": now}).fetchone() is not None


def versions(tx: Tx, shop_id: int, rule_no: int, limit: int) -> list[VersionRow]:
    """The versions of a rule, the newest first."""
    with tx.cursor(row_factory=class_row(VersionRow)) as cursor:
        return cursor.execute(VERSIONS, {"shop_id": shop_id, "rule_no": rule_no, "limit": limit}).fetchall()


def claim_round(tx: Tx, shop_id: int, wall: datetime, next_at: datetime) -> bool:
    """Whether it is time to look, and nobody else does."""
    return tx.execute(CLAIM_ROUND, {"shop_id": shop_id, "wall": wall, "next_at": next_at}).fetchone() is not None


def mend_round(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Has the rules look now where they wait for a moment no round is ever given."""
    tx.execute(MEND_ROUND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def after(tx: Tx, shop_id: int, todo: str) -> str:
    """Where the round of a to-do goes on."""
    row = tx.execute(AFTER, {"shop_id": shop_id, "todo": todo}).fetchone()
    return "" if row is None else str(row[0])


def end_round(tx: Tx, shop_id: int, todo: str, where: str, wall: datetime) -> None:
    """Keeps where the round of a to-do goes on."""
    tx.execute(END_ROUND, {"shop_id": shop_id, "todo": todo, "after": where, "wall": wall})


def shops_due(tx: Tx, wall: datetime) -> list[int]:
    """The shops with rules that are on, whose round has come."""
    return [int(shop_id) for (shop_id,) in tx.execute(SHOPS_DUE, {"wall": wall})]


def open_todos(tx: Tx, shop_id: int, kind: DeadlineKind, where: str, limit: int) -> list[StoredDeadline]:
    """The next running to-dos of a kind, by the number of their thing."""
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(OPEN_TODOS, {"shop_id": shop_id, "kind": kind.value, "after": where, "limit": limit}).fetchall()


def noted(tx: Tx, shop_id: int, subjects: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """On which of these things somebody left a note."""
    if not subjects:
        return set()
    slots = {"shop_id": shop_id, "kinds": sorted({kind for kind, _ in subjects}), "nos": [no for _, no in subjects]}
    return {(kind, no) for kind, no in tx.execute(NOTED, slots)}


def wanted(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, Intent]:
    """What the buyers of these orders want most by their last messages, where that was read surely."""
    found = tx.execute(WANTED, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall() if order_nos else []
    told = {str(no): msgspec.json.decode(wants, type=tuple[Wanted, ...]) for no, wants in found}
    return {no: first for no, wants in told.items() if (first := next((each.intent for each in wants if each.sure), None)) is not None}
