"""Hooks: where a shop's events are sent, and how each of them stands."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class StoredHook(msgspec.Struct, frozen=True, kw_only=True):
    """A hook as it stands in the table."""

    shop_id: int
    hook_no: int
    name: str
    sealed: bytes
    shown: str
    kinds: list[str]
    is_on: bool
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    paused_at: datetime | None
    problem: str | None
    problem_at: datetime | None
    well_at: datetime | None
    made_by: int | None
    """Who answers for it: whoever made it, or opened it again last; None where that was done on the machine itself."""
    made_at: datetime

    def __repr__(self) -> str:
        return f"StoredHook({self.shop_id}, {self.hook_no})"


INSERT = """
    insert into hooks (shop_id, name, sealed, shown, kinds, made_by, made_at)
    values (%(shop_id)s, %(name)s, %(sealed)s, %(shown)s, %(kinds)s, %(by)s, %(now)s)
    returning hook_no
"""
OF_SHOP = """
    select shop_id, hook_no, name, sealed, shown, kinds, is_on, failures, failing_since, rests_until, paused_at, problem::text as problem, problem_at,
        well_at, made_by, made_at
    from hooks where shop_id = %(shop_id)s order by hook_no
"""
ONE = """
    select shop_id, hook_no, name, sealed, shown, kinds, is_on, failures, failing_since, rests_until, paused_at, problem::text as problem, problem_at,
        well_at, made_by, made_at
    from hooks where shop_id = %(shop_id)s and hook_no = %(hook_no)s
"""
LOCK = """
    select shop_id, hook_no, name, sealed, shown, kinds, is_on, failures, failing_since, rests_until, paused_at, problem::text as problem, problem_at,
        well_at, made_by, made_at
    from hooks where shop_id = %(shop_id)s and hook_no = %(hook_no)s
    for update
"""
REMOVE = "delete from hooks where shop_id = %(shop_id)s and hook_no = %(hook_no)s"
SWITCH = "update hooks set is_on = %(is_on)s where shop_id = %(shop_id)s and hook_no = %(hook_no)s"
ANSWER_FOR = "update hooks set made_by = %(by)s where shop_id = %(shop_id)s and hook_no = %(hook_no)s"
SET_KINDS = "update hooks set kinds = %(kinds)s where shop_id = %(shop_id)s and hook_no = %(hook_no)s"
RESEAL = "update hooks set sealed = %(sealed)s where shop_id = %(shop_id)s and hook_no = %(hook_no)s"
WELL = """
    update hooks set failures = 0, failing_since = null, rests_until = null, problem = null, problem_at = null, well_at = %(wall)s
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s
"""
TROUBLED = """
    update hooks set failures = failures + 1, failing_since = coalesce(failing_since, %(wall)s), rests_until = %(until)s, problem = %(problem)s,
        problem_at = %(wall)s
    where shop_id = %(shop_id)s and hook_no = %(hook_no)s
"""
PAUSE = "update hooks set paused_at = %(wall)s where shop_id = %(shop_id)s and hook_no = %(hook_no)s and paused_at is null"
RESUME = """
    update hooks set paused_at = null, failures = 0, failing_since = null, rests_until = null where shop_id = %(shop_id)s and hook_no = %(hook_no)s
"""


def insert(tx: Tx, shop_id: int, *, name: str, sealed: bytes, shown: str, kinds: Sequence[str], by: int | None, now: datetime) -> int:
    """The number of a new hook."""
    slots = {"shop_id": shop_id, "name": name, "sealed": sealed, "shown": shown, "kinds": list(kinds), "by": by, "now": now}
    row = tx.execute(INSERT, slots).fetchone()
    assert row is not None
    return int(row[0])


def of_shop(tx: Tx, shop_id: int) -> list[StoredHook]:
    """The hooks of a shop."""
    with tx.cursor(row_factory=class_row(StoredHook)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()


def one(tx: Tx, shop_id: int, hook_no: int, *, lock: bool = False) -> StoredHook | None:
    """One hook; with `lock`, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(StoredHook)) as cursor:
        return cursor.execute(LOCK if lock else ONE, {"shop_id": shop_id, "hook_no": hook_no}).fetchone()


def remove(tx: Tx, shop_id: int, hook_no: int) -> None:
    """Wipes the hook, what opened it, and what was sent through it."""
    tx.execute(REMOVE, {"shop_id": shop_id, "hook_no": hook_no})


def switch(tx: Tx, shop_id: int, hook_no: int, *, is_on: bool) -> None:
    """Opens or closes the hook."""
    tx.execute(SWITCH, {"shop_id": shop_id, "hook_no": hook_no, "is_on": is_on})


def answer_for(tx: Tx, shop_id: int, hook_no: int, by: int | None) -> None:
    """Keeps who answers for the hook from now on."""
    tx.execute(ANSWER_FOR, {"shop_id": shop_id, "hook_no": hook_no, "by": by})


def set_kinds(tx: Tx, shop_id: int, hook_no: int, kinds: Sequence[str]) -> None:
    """Keeps what it is told of from now on."""
    tx.execute(SET_KINDS, {"shop_id": shop_id, "hook_no": hook_no, "kinds": list(kinds)})


def reseal(tx: Tx, shop_id: int, hook_no: int, sealed: bytes) -> None:
    """Keeps what opens the way anew."""
    tx.execute(RESEAL, {"shop_id": shop_id, "hook_no": hook_no, "sealed": sealed})


def well(tx: Tx, shop_id: int, hook_no: int, wall: datetime) -> None:
    """An event was taken."""
    tx.execute(WELL, {"shop_id": shop_id, "hook_no": hook_no, "wall": wall})


def troubled(tx: Tx, shop_id: int, hook_no: int, problem: str | None, until: datetime | None, wall: datetime) -> None:
    """An event was not taken; where a moment is given, nothing is sent before."""
    tx.execute(TROUBLED, {"shop_id": shop_id, "hook_no": hook_no, "problem": problem, "until": until, "wall": wall})


def pause(tx: Tx, shop_id: int, hook_no: int, wall: datetime) -> bool:
    """Whether the hook is given up on from now on, and was not before."""
    return tx.execute(PAUSE, {"shop_id": shop_id, "hook_no": hook_no, "wall": wall}).rowcount > 0


def resume(tx: Tx, shop_id: int, hook_no: int) -> None:
    """The hook begins anew, whatever troubled it."""
    tx.execute(RESUME, {"shop_id": shop_id, "hook_no": hook_no})
