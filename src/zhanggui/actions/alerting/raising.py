"""A matter is heard of: once told, however often it is heard of again; anew only where it is about another moment."""

from datetime import datetime

import msgspec

from zhanggui.actions.alerting.ears import Ears, ears_of, told
from zhanggui.core.alerts.matters import AlertState, Matter, is_same_ring
from zhanggui.core.alerts.telling import Standing, first_step, looks_next
from zhanggui.core.deadlines import DeadlineKind, Subject
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import alert_sends, alerts, wakes
from zhanggui.records.alerts import StoredAlert
from zhanggui.records.db import Tx
from zhanggui.records.says import packed

NO_LONGER = say("It is done, put off, or not ours any more.")


def raise_alert(tx: Tx, shop_id: ShopId, matter: Matter, now: datetime, *, ears: Ears | None = None) -> int:
    """The number of the matter's alert, with what is to be said of it written in this transaction."""
    hears = ears or ears_of(tx, shop_id)
    alerts.put(tx, shop_id, _new(shop_id, matter, now))
    row = alerts.locked(tx, shop_id, matter.kind, matter.subject)
    assert row is not None
    said = _said(row, matter)
    if row.ring > 0 and is_same_ring(row.due_at, matter.due_at) and not _is_unsaid(tx, row):
        alerts.keep(tx, _come_back(said, hears, now) if row.at is AlertState.ENDED else said)
        return row.alert_no
    fresh = msgspec.structs.replace(
        said,
        state=AlertState.OPEN.value,
        ring=row.ring + 1,
        told=[],
        is_overdue_told=False,
        raised_at=now,
        acknowledged_by=None,
        acknowledged_at=None,
        ended_at=None,
    )
    step, standing = first_step(standing_of(fresh, hears), hears.row, now)
    heard_at = told(tx, fresh, step, hears, now)
    alerts.keep(tx, as_standing(fresh, standing, hears, heard_at))
    wakes.wake(tx, shop_id)
    return row.alert_no


def end_alert(tx: Tx, shop_id: ShopId, kind: DeadlineKind, subject: Subject, now: datetime) -> bool:
    """Ends the alert of a matter that is no deadline; whether one stood."""
    row = alerts.locked(tx, shop_id, kind, subject)
    if row is None or row.at is AlertState.ENDED:
        return False
    alerts.keep(tx, msgspec.structs.replace(row, state=AlertState.ENDED.value, ended_at=now, look_at=None))
    alert_sends.withdraw_of_alerts(tx, shop_id, [row.alert_no], packed(NO_LONGER), now)
    wakes.wake(tx, shop_id)
    return True


def standing_of(row: StoredAlert, ears: Ears) -> Standing:
    """How far the telling of it has come."""
    return Standing(
        due_at=row.due_at,
        assignee=row.assignee if ears.reaches(row.assignee) else None,
        told=tuple(row.told),
        is_overdue_told=row.is_overdue_told,
        is_acknowledged=row.at is AlertState.ACKNOWLEDGED,
    )


def as_standing(row: StoredAlert, standing: Standing, ears: Ears, heard_at: datetime) -> StoredAlert:
    """The alert after a step of the telling."""
    return msgspec.structs.replace(row, told=list(standing.told), is_overdue_told=standing.is_overdue_told, look_at=looks_next(standing, ears.row, heard_at))


def _said(row: StoredAlert, matter: Matter) -> StoredAlert:
    return msgspec.structs.replace(
        row,
        due_at=matter.due_at,
        act=packed(matter.act),
        because=packed(matter.because),
        money=matter.money,
        is_money_clock=matter.is_money_clock,
        is_watched=matter.is_watched,
        assignee=matter.assignee,
    )


def _is_unsaid(tx: Tx, row: StoredAlert) -> bool:
    """Whether it ended before anything was said of it, as a matter of the night that was done by the morning: where it stands again it rings anew."""
    return row.at is AlertState.ENDED and row.acknowledged_at is None and alert_sends.is_unsaid(tx, row.shop_id, row.alert_no, row.ring)


def _come_back(row: StoredAlert, ears: Ears, now: datetime) -> StoredAlert:
    """It was put off, or said to be done, and is not: it stands again, and only what was not said yet will be."""
    state = AlertState.OPEN if row.acknowledged_at is None else AlertState.ACKNOWLEDGED
    back = msgspec.structs.replace(row, state=state.value, ended_at=None)
    return as_standing(back, standing_of(back, ears), ears, now)


def _new(shop_id: ShopId, matter: Matter, now: datetime) -> StoredAlert:
    """A place for the matter, about which nothing was said yet."""
    return StoredAlert(
        shop_id=shop_id,
        alert_no=0,
        kind=matter.kind.value,
        subject_kind=matter.subject.kind.value,
        subject_no=matter.subject.no,
        due_at=matter.due_at,
        act=packed(matter.act),
        because=packed(matter.because),
        money=matter.money,
        is_money_clock=matter.is_money_clock,
        is_watched=matter.is_watched,
        assignee=matter.assignee,
        state=AlertState.OPEN.value,
        ring=0,
        told=[],
        is_overdue_told=False,
        look_at=None,
        raised_at=now,
        acknowledged_by=None,
        acknowledged_at=None,
        ended_at=None,
    )
