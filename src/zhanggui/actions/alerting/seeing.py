"""Alerts as people see them: what stands, with the next act by the facts as they are now, and what was said of it to whom."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.core.alerts.matters import SAME_MOMENT, AlertState
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import alert_sends, alerts
from zhanggui.records.alerts import SeenAlert
from zhanggui.records.db import Tx
from zhanggui.records.says import unpacked

MOST_COUNTED = 100
_FIRST = (datetime(1970, 1, 1, tzinfo=UTC), 0)
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)


class Said(msgspec.Struct, frozen=True):
    """One thing that was said, or is to be said."""

    channel: str
    stage: str
    state: str
    send_at: datetime
    because: Say | None


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """One alert for the eye."""

    shop_id: ShopId
    shop_name: str
    alert_no: int
    kind: DeadlineKind
    subject: Subject
    order_no: str | None
    due_at: datetime
    act: Say
    because: Say
    money: Fen
    is_money_clock: bool
    state: AlertState
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by_name: str | None
    ended_at: datetime | None
    assignee_name: str | None
    said: tuple[Said, ...]


class AlertPage(msgspec.Struct, frozen=True):
    """A page of alerts, and the cursor of the next."""

    alerts: tuple[AlertView, ...]
    next_cursor: str | None


class Bell(msgspec.Struct, frozen=True):
    """What the bell shows: how many alerts nobody has acknowledged, up to 100, and whether money runs in one of them."""

    count: int
    is_money: bool


def bell_of(house: House, by: Person) -> Bell:
    """The bell of this person."""
    with house.pool.connection() as tx:
        return Bell(*alerts.count_open(tx, list(shops_with(tx, by, Permission.TODO_READ, None)), MOST_COUNTED))


def alerts_seen(
    house: House,
    by: Person,
    now: datetime,
    *,
    state: AlertState = AlertState.OPEN,
    shop_ids: Sequence[ShopId] | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> AlertPage:
    """A page of the alerts of these shops: what stands by the moment it is due, what ended by when it ended."""
    with house.pool.connection() as tx:
        shops = list(shops_with(tx, by, Permission.TODO_READ, shop_ids))
        if state is AlertState.ENDED:
            place = cursors.read(cursor, tuple[datetime, int]) if cursor else _LAST
            rows = alerts.seen_ended(tx, shops, place, limit + 1)
        else:
            place = cursors.read(cursor, tuple[datetime, int]) if cursor else _FIRST
            rows = alerts.seen(tx, shops, state, place, limit + 1)
        shown = rows[:limit]
        views = _views(tx, house, by, shown, now)
    following = cursors.write((shown[-1].ended_at or shown[-1].due_at, shown[-1].alert_no)) if len(rows) > limit else None
    return AlertPage(views, following)


def _views(tx: Tx, house: House, by: Person, rows: Sequence[SeenAlert], now: datetime) -> tuple[AlertView, ...]:
    """The alerts, their next acts worded from the facts as they are now."""
    acts: dict[tuple[int, int], tuple[Say, Say]] = {}
    said: dict[tuple[int, int], list[Said]] = {}
    for shop_id in {row.shop_id for row in rows}:
        numbers = [row.alert_no for row in rows if row.shop_id == shop_id]
        standing = alerts.still_standing(tx, shop_id, numbers, SAME_MOMENT)
        shops = shops_with(tx, by, Permission.TODO_READ, [ShopId(shop_id)])
        for number, item in zip(standing, items(tx, house, by, shops, list(standing.values()), now), strict=True):
            acts[shop_id, number] = item.verdict.headline, next(iter(item.verdict.because), item.verdict.headline)
        for send in alert_sends.of_alerts(tx, shop_id, numbers):
            because = None if send.because is None else unpacked(send.because)
            said.setdefault((shop_id, send.alert_no), []).append(Said(send.channel_name, send.stage, send.state, send.ended_at or send.send_at, because))
    return tuple(_view(row, acts.get((row.shop_id, row.alert_no)), said.get((row.shop_id, row.alert_no), [])) for row in rows)


def _view(row: SeenAlert, words: tuple[Say, Say] | None, said: Sequence[Said]) -> AlertView:
    act, because = words or (unpacked(row.act), unpacked(row.because))
    return AlertView(
        shop_id=ShopId(row.shop_id),
        shop_name=row.shop_name,
        alert_no=row.alert_no,
        kind=DeadlineKind(row.kind),
        subject=Subject(SubjectKind(row.subject_kind), row.subject_no),
        order_no=row.order_no,
        due_at=row.due_at,
        act=act,
        because=because,
        money=Fen(row.money),
        is_money_clock=row.is_money_clock,
        state=AlertState(row.state),
        raised_at=row.raised_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by_name=row.acknowledged_by_name,
        ended_at=row.ended_at,
        assignee_name=row.assignee_name,
        said=tuple(said),
    )
