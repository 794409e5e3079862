"""Rounds of practice."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class RoundRow(msgspec.Struct, frozen=True, kw_only=True):
    """One round: whose, with which buyer, what was answered, and how it ended."""

    shop_id: int
    round_no: int
    person_id: int | None
    name: str
    want: str
    temper: str
    seed: int
    begun_at: datetime
    said: str
    ended_at: datetime | None
    points: int | None
    outcome: str
    faults: str
    version: int


BEGIN = """
    insert into practice_rounds (shop_id, person_id, name, want, temper, seed, begun_at, said)
    values (%(shop_id)s, %(person_id)s, %(name)s, %(want)s, %(temper)s, %(seed)s, %(begun_at)s, '[]')
    returning round_no
"""
ONE = """
    select shop_id, round_no, person_id, name, want, temper, seed, begun_at, said::text, ended_at, points, outcome, faults::text, version
    from practice_rounds where shop_id = %(shop_id)s and round_no = %(round_no)s
"""
LOCK = """
    select shop_id, round_no, person_id, name, want, temper, seed, begun_at, said::text, ended_at, points, outcome, faults::text, version
    from practice_rounds where shop_id = %(shop_id)s and round_no = %(round_no)s for update
"""
NEWEST = """
    select shop_id, round_no, person_id, name, want, temper, seed, begun_at, said::text, ended_at, points, outcome, faults::text, version
    from practice_rounds where shop_id = %(shop_id)s order by round_no desc limit %(limit)s
"""
OF_PERSON = """
    select shop_id, round_no, person_id, name, want, temper, seed, begun_at, said::text, ended_at, points, outcome, faults::text, version
    from practice_rounds where shop_id = %(shop_id)s and person_id = %(person_id)s order by round_no desc limit %(limit)s
"""
SAVE = """
    update practice_rounds set said = %(said)s::json, ended_at = %(ended_at)s, points = %(points)s, outcome = %(outcome)s, faults = %(faults)s::json,
        version = version + 1
    where shop_id = %(shop_id)s and round_no = %(round_no)s
"""


def begin(tx: Tx, shop_id: int, person_id: int | None, name: str, want: str, temper: str, seed: int, begun_at: datetime) -> int:
    """The number of a new round."""
    told = {"shop_id": shop_id, "person_id": person_id, "name": name, "want": want, "temper": temper, "seed": seed, "begun_at": begun_at}
    row = tx.execute(BEGIN, told).fetchone()
    assert row is not None
    return int(row[0])


def one(tx: Tx, shop_id: int, round_no: int, *, lock: bool = False) -> RoundRow | None:
    """This round, held until the transaction ends where that is asked."""
    with tx.cursor(row_factory=class_row(RoundRow)) as cursor:
        return cursor.execute(LOCK if lock else ONE, {"shop_id": shop_id, "round_no": round_no}).fetchone()


def newest(tx: Tx, shop_id: int, limit: int) -> list[RoundRow]:
    """The newest rounds of the shop."""
    with tx.cursor(row_factory=class_row(RoundRow)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "limit": limit}).fetchall()


def of_person(tx: Tx, shop_id: int, person_id: int, limit: int) -> list[RoundRow]:
    """The newest rounds of one person."""
    with tx.cursor(row_factory=class_row(RoundRow)) as cursor:
        return cursor.execute(OF_PERSON, {"shop_id": shop_id, "person_id": person_id, "limit": limit}).fetchall()


def save(tx: Tx, row: RoundRow) -> None:
    """Keeps what was answered, and how it ended."""
    tx.execute(SAVE, msgspec.structs.asdict(row))
