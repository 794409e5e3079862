"""Before a connected shop's to-do is called overdue, the platform is asked how its thing stands; until the answer came it is held back for a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.hints import Thing, note_all
from zhanggui.core.deadlines import Band, DeadlineKind, SubjectKind
from zhanggui.people.permissions import ShopId
from zhanggui.records import connections, deadlines, hints
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.hints import Hint
from zhanggui.records.rousing import rouse

HELD_BACK = timedelta(seconds=30)
"""How long at most a to-do waits for the answer before it is called overdue all the same."""
BY_PARCEL = frozenset({DeadlineKind.PICKUP_BY.value, DeadlineKind.PARCEL_MOVES.value, DeadlineKind.DELIVER_BY.value})
"""Kinds that the tracking events decide."""
RUNS_BY_ITSELF = [int(band) for band in (Band.HOUR, Band.TODAY, Band.LATER, Band.WATCHED)]
INSTANT = timedelta(microseconds=1)


def asked_first(tx: Tx, shop_id: ShopId, rows: Sequence[tuple[StoredDeadline, StoredDeadline]], now: datetime, wall: datetime) -> list[StoredDeadline]:
    """The rows where they stand next, given as they are and as time alone would place them; those to be asked about first stay where they are for a moment."""
    asked = [before for before, after in rows if _turns_overdue(before, after)]
    if not asked or not connections.connected(tx, [shop_id]):
        return [after for _, after in rows]
    ask(tx, shop_id, asked, wall)
    held = {_todo(row) for row in asked}
    return [msgspec.structs.replace(before, look_at=now + HELD_BACK) if _todo(before) in held else after for before, after in rows]


def ask(tx: Tx, shop_id: ShopId, rows: Sequence[StoredDeadline], wall: datetime) -> None:
    """Have the things of these to-dos read again at once."""
    things: dict[Thing, str | None] = {}
    for row in rows:
        if row.subject_kind == SubjectKind.AFTERSALE.value:
            things[("case", row.subject_no)] = row.order_no
        else:
            things[("order", row.subject_no)] = row.subject_no
    parcels = hints.parcels_of(tx, shop_id, [row.subject_no for row in rows if row.kind in BY_PARCEL])
    things |= {("parcel", tracking_no): order_no for order_no, tracking_no in parcels}
    note_all(tx, shop_id, things, wall, "due")


def answered(tx: Tx, shop_id: ShopId, read: Sequence[Hint], now: datetime) -> None:
    """The platform has told of these things: their to-dos need not be held back any longer."""
    due = [hint for hint in read if hint.because == "due"]
    orders = {no for hint in due if hint.what != "case" and (no := hint.order_no or hint.no)}
    cases = {hint.no for hint in due if hint.what == "case"}
    freed = deadlines.no_longer_held(tx, shop_id, SubjectKind.ORDER.value, sorted(orders), RUNS_BY_ITSELF, now)
    freed += deadlines.no_longer_held(tx, shop_id, SubjectKind.AFTERSALE.value, sorted(cases), RUNS_BY_ITSELF, now)
    if freed:
        rouse(tx, "due")


def _turns_overdue(before: StoredDeadline, after: StoredDeadline) -> bool:
    """Whether time would call it overdue now, for the first time; one that was held back already is not held back again."""
    is_of_platform = before.subject_kind in (SubjectKind.ORDER.value, SubjectKind.AFTERSALE.value)
    is_first = before.look_at is not None and before.look_at <= before.due_at + INSTANT
    return is_of_platform and is_first and after.band == Band.OVERDUE


def _todo(row: StoredDeadline) -> tuple[str, str, str]:
    return row.subject_kind, row.subject_no, row.kind
