"""The bounds of outward acts: the switch of the house, the levels of each shop, and what left on a day."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.acts import ActLevel, Limits
from zhanggui.core.money import Fen
from zhanggui.records.db import Tx


class Switch(msgspec.Struct, frozen=True):
    """The one switch of the house. `epoch` counts how often it was thrown."""

    is_open: bool
    epoch: int
    changed_by_name: str | None
    changed_at: datetime | None


class LevelRecord(msgspec.Struct, frozen=True):
    """The level of one kind in one shop, with its bounds."""

    shop_id: int
    kind: str
    level: str
    wait_minutes: int
    daily_cap: int
    daily_money: int
    most_money: int

    @property
    def limits(self) -> Limits:
        """The same as core knows it."""
        return Limits(
            level=ActLevel(self.level),
            wait_minutes=self.wait_minutes,
            daily_cap=self.daily_cap,
            daily_money=Fen(self.daily_money),
            most_money=Fen(self.most_money),
        )


class DayRecord(msgspec.Struct, frozen=True):
    """How many acts of a kind left a shop on a day, and how much money with them."""

    shop_id: int
    kind: str
    acts: int
    money: int


SWITCH = """
    select is_open, epoch, people.display_name as changed_by_name, changed_at
    from act_switch left join people on people.person_id = act_switch.changed_by
"""
# shared: many may send at once, but whoever throws the switch waits for them, and they for him
HOLD_SWITCH = "select is_open, epoch, null::text as changed_by_name, changed_at from act_switch for share"
THROW_SWITCH = """
    update act_switch set is_open = false, epoch = epoch + 1, changed_by = %(by)s, changed_at = %(now)s where is_open returning epoch
"""
OPEN_SWITCH = "update act_switch set is_open = true, changed_by = %(by)s, changed_at = %(now)s where not is_open returning epoch"
LEVELS = """
    select shop_id, kind, level, wait_minutes, daily_cap, daily_money, most_money from act_levels where shop_id = any(%(shop_ids)s)
"""
HOLD_LEVEL = """
    select shop_id, kind, level, wait_minutes, daily_cap, daily_money, most_money from act_levels
    where shop_id = %(shop_id)s and kind = %(kind)s
    for share
"""
# a kind has to have a row before it can be held: whoever sends makes one with the terms of the rulebook
MAKE_LEVEL = """
    insert into act_levels (shop_id, kind, level, wait_minutes, daily_cap, daily_money, most_money, changed_at)
    values (%(shop_id)s, %(kind)s, %(level)s, %(wait_minutes)s, %(daily_cap)s, %(daily_money)s, %(most_money)s, %(now)s)
    on conflict (shop_id, kind) do nothing
"""
SET_LEVEL = """
    insert into act_levels (shop_id, kind, level, wait_minutes, daily_cap, daily_money, most_money, changed_by, changed_at)
    values (%(shop_id)s, %(kind)s, %(level)s, %(wait_minutes)s, %(daily_cap)s, %(daily_money)s, %(most_money)s, %(by)s, %(now)s)
    on conflict (shop_id, kind) do update set level = excluded.level, wait_minutes = excluded.wait_minutes, daily_cap = excluded.daily_cap,
        daily_money = excluded.daily_money, most_money = excluded.most_money, changed_by = excluded.changed_by, changed_at = excluded.changed_at
"""
# one statement takes the place or does not: two who ask for the last one at the same moment do not both get it
MAKE_DAY = """
    insert into act_days (shop_id, kind, day, acts, money) values (%(shop_id)s, %(kind)s, %(day)s, 0, 0) on conflict (shop_id, kind, day) do nothing
"""
TAKE_PLACE = """
    update act_days set acts = acts + 1, money = money + %(money)s
    where shop_id = %(shop_id)s and kind = %(kind)s and day = %(day)s
        and acts < %(daily_cap)s and (%(money)s = 0 or money + %(money)s <= %(daily_money)s)
    returning acts
"""
# whoever counts what went alone holds the day: the next one counts when this one has gone, or has not
HOLD_DAY = "select acts from act_days where shop_id = %(shop_id)s and kind = %(kind)s and day = %(day)s for update"
GIVE_BACK = """
    update act_days set acts = acts - 1, money = money - %(money)s where shop_id = %(shop_id)s and kind = %(kind)s and day = %(day)s
"""
SENT_ALONE = "select count(*)::bigint from acts where shop_id = %(shop_id)s and kind = %(kind)s and day = %(day)s and by_itself"
DAYS = "select shop_id, kind, acts, money from act_days where shop_id = any(%(shop_ids)s) and day = %(day)s"
CLAIM_ROUND = """
    insert into act_rounds as r (shop_id, next_at) values (%(shop_id)s, %(next_at)s)
    on conflict (shop_id) do update set next_at = excluded.next_at where r.next_at <= %(wall)s
    returning after
"""
END_ROUND = "update act_rounds set after = %(after)s where shop_id = %(shop_id)s"
MEND_ROUND = "update act_rounds set next_at = %(wall)s where shop_id = %(shop_id)s and next_at > %(beyond)s"


def switch(tx: Tx) -> Switch:
    """How the switch stands."""
    return _switch(tx, SWITCH)


def hold_switch(tx: Tx) -> Switch:
    """How the switch stands until this transaction ends: nobody throws it meanwhile."""
    return _switch(tx, HOLD_SWITCH)


def throw_switch(tx: Tx, by: int | None, now: datetime) -> bool:
    """Whether the door was open and is closed now. Waits for those who are just passing it."""
    return tx.execute(THROW_SWITCH, {"by": by, "now": now}).fetchone() is not None


def open_switch(tx: Tx, by: int | None, now: datetime) -> bool:
    """Whether the door was closed and is open now."""
    return tx.execute(OPEN_SWITCH, {"by": by, "now": now}).fetchone() is not None


def levels(tx: Tx, shop_ids: Sequence[int]) -> dict[tuple[int, str], Limits]:
    """What shops decided themselves, by shop and kind."""
    with tx.cursor(row_factory=class_row(LevelRecord)) as cursor:
        return {(row.shop_id, row.kind): row.limits for row in cursor.execute(LEVELS, {"shop_ids": list(shop_ids)})}


def hold_level(tx: Tx, shop_id: int, kind: str, otherwise: Limits, now: datetime) -> Limits:
    """The bounds of a kind until this transaction ends: nobody changes them meanwhile."""
    slots = {"shop_id": shop_id, "kind": kind}
    with tx.cursor(row_factory=class_row(LevelRecord)) as cursor:
        row = cursor.execute(HOLD_LEVEL, slots).fetchone()
        if row is None:
            cursor.execute(MAKE_LEVEL, {**slots, **_columns(otherwise), "now": now})
            row = cursor.execute(HOLD_LEVEL, slots).fetchone()
    return otherwise if row is None else row.limits


def set_level(tx: Tx, shop_id: int, kind: str, limits: Limits, by: int | None, now: datetime) -> None:
    """Keeps the bounds of a kind. Waits for those who are just sending."""
    tx.execute(SET_LEVEL, {"shop_id": shop_id, "kind": kind, **_columns(limits), "by": by, "now": now})


def take_place(tx: Tx, shop_id: int, kind: str, day: date, money: int, limits: Limits, *, most_alone: int | None = None) -> bool:
    """Whether one more may leave on this day; its place is then taken. `most_alone`: so many at most that no person decided; this is one of them."""
    slots = {"shop_id": shop_id, "kind": kind, "day": day}
    tx.execute(MAKE_DAY, slots)
    if most_alone is not None:
        tx.execute(HOLD_DAY, slots)
        if sent_alone(tx, shop_id, kind, day) >= most_alone:
            return False
    bounds = {"money": money, "daily_cap": limits.daily_cap, "daily_money": limits.daily_money}
    return tx.execute(TAKE_PLACE, slots | bounds).fetchone() is not None


def give_back(tx: Tx, shop_id: int, kind: str, day: date, money: int) -> None:
    """Gives back the place of an act that did not happen."""
    tx.execute(GIVE_BACK, {"shop_id": shop_id, "kind": kind, "day": day, "money": money})


def sent_alone(tx: Tx, shop_id: int, kind: str, day: date) -> int:
    """How many of a kind took a place on this day that no person had decided."""
    found = tx.execute(SENT_ALONE, {"shop_id": shop_id, "kind": kind, "day": day}).fetchone()
    return int(found[0]) if found else 0


def days(tx: Tx, shop_ids: Sequence[int], day: date) -> dict[tuple[int, str], DayRecord]:
    """What left these shops on a day, by shop and kind."""
    with tx.cursor(row_factory=class_row(DayRecord)) as cursor:
        return {(row.shop_id, row.kind): row for row in cursor.execute(DAYS, {"shop_ids": list(shop_ids), "day": day})}


def claim_round(tx: Tx, shop_id: int, wall: datetime, next_at: datetime) -> str | None:
    """Where the next look over the to-dos goes on, if it is time for one; None otherwise."""
    row = tx.execute(CLAIM_ROUND, {"shop_id": shop_id, "wall": wall, "next_at": next_at}).fetchone()
    return None if row is None else str(row[0])


def end_round(tx: Tx, shop_id: int, after: str) -> None:
    """Notes how far the look over the to-dos has come."""
    tx.execute(END_ROUND, {"shop_id": shop_id, "after": after})


def mend_round(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Has the to-dos looked over now where that waits for a moment no round is ever given."""
    tx.execute(MEND_ROUND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def _switch(tx: Tx, statement: str) -> Switch:
    with tx.cursor(row_factory=class_row(Switch)) as cursor:
        found = cursor.execute(statement).fetchone()
    # the migration puts the row there; without it nothing may leave
    return found if found is not None else Switch(is_open=False, epoch=0, changed_by_name=None, changed_at=None)


def _columns(limits: Limits) -> dict[str, object]:
    return {
        "level": limits.level.value,
        "wait_minutes": limits.wait_minutes,
        "daily_cap": limits.daily_cap,
        "daily_money": limits.daily_money,
        "most_money": limits.most_money,
    }
