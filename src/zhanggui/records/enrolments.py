"""What a shop signed up for, and what it read in its back office about activities."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class EnrolmentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One enrolment as it stands. Money in fen."""

    enrolment_no: int
    activity: str
    goods_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    price: int | None
    state: str
    moved_at: datetime
    deposit: int | None
    deposit_paid_at: datetime | None
    hold_no: int | None
    note: str
    made_at: datetime
    version: int


class FigureRecord(msgspec.Struct, frozen=True):
    """A number read in the back office: a threshold of one activity, or a value where no activity is named."""

    activity: str
    figure: str
    num: int
    den: int
    read_at: datetime


INSERT = """
    insert into enrolments (shop_id, activity, goods_id, title, starts_at, ends_at, price, state, moved_at, deposit, note, made_by, made_at)
    values (%(shop_id)s, %(activity)s, %(goods_id)s, %(title)s, %(starts_at)s, %(ends_at)s, %(price)s, %(state)s, %(now)s, %(deposit)s, %(note)s,
        %(by)s, %(now)s)
    returning enrolment_no
"""
ONE = """
    select enrolment_no, activity, goods_id, title, starts_at, ends_at, price, state, moved_at, deposit, deposit_paid_at, hold_no, note, made_at, version
    from enrolments where shop_id = %(shop_id)s and enrolment_no = %(no)s for update
"""
PAGE = """
    select enrolment_no, activity, goods_id, title, starts_at, ends_at, price, state, moved_at, deposit, deposit_paid_at, hold_no, note, made_at, version
    from enrolments
    where shop_id = %(shop_id)s and (starts_at, enrolment_no) < (%(before_at)s, %(before_no)s)
    order by starts_at desc, enrolment_no desc
    limit %(limit)s
"""
COMING = """
    select enrolment_no, activity, goods_id, title, starts_at, ends_at, price, state, moved_at, deposit, deposit_paid_at, hold_no, note, made_at, version
    from enrolments where shop_id = %(shop_id)s and starts_at > %(now)s and state = any(%(states)s)
    order by starts_at, enrolment_no
    limit %(limit)s
"""
TWIN = """
    select 1 from enrolments
    where shop_id = %(shop_id)s and starts_at = %(starts_at)s and activity = %(activity)s and goods_id = %(goods_id)s and state = any(%(states)s)
    limit 1
"""
MOVE = """
    update enrolments set state = %(state)s, moved_at = %(now)s, version = version + 1
    where shop_id = %(shop_id)s and enrolment_no = %(no)s and state = %(before)s
"""
PAY = """
    update enrolments set deposit = %(fen)s, deposit_paid_at = %(now)s, hold_no = %(hold_no)s, version = version + 1
    where shop_id = %(shop_id)s and enrolment_no = %(no)s and deposit_paid_at is null
"""
UNPAY = """
    update enrolments set deposit_paid_at = null, hold_no = null
    where shop_id = %(shop_id)s and enrolment_no = %(no)s and exists (
        select 1 from holds where holds.shop_id = %(shop_id)s and holds.hold_no = enrolments.hold_no and holds.state <> 'hold_held'
    )
"""
PUT_FIGURE = """
    insert into activity_figures (shop_id, activity, figure, num, den, read_at, made_by)
    values (%(shop_id)s, %(activity)s, %(figure)s, %(num)s, %(den)s, %(now)s, %(by)s)
    on conflict (shop_id, activity, figure) do update set num = excluded.num, den = excluded.den, read_at = excluded.read_at, made_by = excluded.made_by
"""
FORGET_FIGURE = "delete from activity_figures where shop_id = %(shop_id)s and activity = %(activity)s and figure = %(figure)s"
FIGURES = "select activity, figure, num, den, read_at from activity_figures where shop_id = %(shop_id)s order by activity, figure"


def insert(tx: Tx, shop_id: int, slots: dict[str, object]) -> int:
    """The number of a new enrolment."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **slots}).fetchone()
    assert row is not None
    return int(row[0])


def has_twin(tx: Tx, shop_id: int, activity: str, goods_id: str, starts_at: datetime, states: Sequence[str]) -> bool:
    """Whether that product takes part in that activity from that moment on already, in one of these states."""
    slots = {"shop_id": shop_id, "activity": activity, "goods_id": goods_id, "starts_at": starts_at, "states": list(states)}
    return tx.execute(TWIN, slots).fetchone() is not None


def one(tx: Tx, shop_id: int, no: int) -> EnrolmentRecord | None:
    """The enrolment of that number, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(EnrolmentRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "no": no}).fetchone()


def page(tx: Tx, shop_id: int, before: tuple[datetime, int], limit: int) -> list[EnrolmentRecord]:
    """The enrolments, the latest beginning first, before one of them."""
    with tx.cursor(row_factory=class_row(EnrolmentRecord)) as cursor:
        return cursor.execute(PAGE, {"shop_id": shop_id, "before_at": before[0], "before_no": before[1], "limit": limit}).fetchall()


def coming(tx: Tx, shop_id: int, states: Sequence[str], now: datetime, limit: int) -> list[EnrolmentRecord]:
    """Those in these states that have not begun, the soonest first."""
    with tx.cursor(row_factory=class_row(EnrolmentRecord)) as cursor:
        return cursor.execute(COMING, {"shop_id": shop_id, "states": list(states), "now": now, "limit": limit}).fetchall()


def move(tx: Tx, shop_id: int, no: int, before: str, state: str, now: datetime) -> bool:
    """Whether it stood in that state, and stands in the other now."""
    return tx.execute(MOVE, {"shop_id": shop_id, "no": no, "before": before, "state": state, "now": now}).rowcount == 1


def pay(tx: Tx, shop_id: int, no: int, fen: int, hold_no: int | None, now: datetime) -> bool:
    """Whether its deposit was not paid, and is now."""
    return tx.execute(PAY, {"shop_id": shop_id, "no": no, "fen": fen, "hold_no": hold_no, "now": now}).rowcount == 1


def unpay(tx: Tx, shop_id: int, no: int) -> None:
    """Lets its deposit be paid anew, where what was paid is bound no more."""
    tx.execute(UNPAY, {"shop_id": shop_id, "no": no})


def put_figure(tx: Tx, shop_id: int, figure: FigureRecord, by: int | None) -> None:
    """Keeps a number that was read."""
    tx.execute(
        PUT_FIGURE,
        {
            "shop_id": shop_id,
            "activity": figure.activity,
            "figure": figure.figure,
            "num": figure.num,
            "den": figure.den,
            "now": figure.read_at,
            "by": by,
        },
    )


def forget_figure(tx: Tx, shop_id: int, activity: str, figure: str) -> None:
    """Forgets it."""
    tx.execute(FORGET_FIGURE, {"shop_id": shop_id, "activity": activity, "figure": figure})


def figures(tx: Tx, shop_id: int) -> list[FigureRecord]:
    """Everything that was read."""
    with tx.cursor(row_factory=class_row(FigureRecord)) as cursor:
        return cursor.execute(FIGURES, {"shop_id": shop_id}).fetchall()
