"""The watch over all deadlines: what comes due is raised, what ended is ended, who did not answer is passed over, what is overdue is said once more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.alerting.digests import plan_digest
from zhanggui.actions.alerting.ears import Ears, ears_of, told
from zhanggui.actions.alerting.raising import NO_LONGER, as_standing, raise_alert, standing_of
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.items import items
from zhanggui.actions.views import TodoItem
from zhanggui.core.alerts.matters import SAME_MOMENT, Matter
from zhanggui.core.alerts.telling import next_step
from zhanggui.core.alerts.terms import FRESH, Ring, rings
from zhanggui.people.permissions import Permission, ShopId, operator
from zhanggui.records import alert_sends, alerts, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.says import packed
from zhanggui.rulebook.alerts import alert_matters

AT_ONCE = 200
"""New alerts raised in one look; the next look takes up the rest."""
KEPT = timedelta(days=90)
SWEPT_AT_ONCE = 2_000


def watch_alerts(house: House, now: datetime) -> None:
    """Looks through the deadlines of every shop. A shop that makes trouble keeps no other waiting; its trouble is raised after all were looked at."""
    trouble: Exception | None = None
    for shop_id in every_shop(house):
        try:
            transact(house.pool, lambda tx, shop_id=shop_id: _watched(tx, house, shop_id, now))  # type: ignore[misc]  # bound now
        except Exception as problem:  # noqa: BLE001 - whatever befalls one shop, the others are looked at first
            trouble = problem
    if trouble is not None:
        raise trouble


def sweep_alerts(house: House, now: datetime) -> None:
    """Forgets what ended long ago."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            alerts.sweep(tx, shop_id, now - KEPT, SWEPT_AT_ONCE)
            alert_sends.sweep(tx, shop_id, now - KEPT)


def _watched(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    ended = alerts.end_what_ended(tx, shop_id, now, SAME_MOMENT)
    if ended:
        alert_sends.withdraw_of_alerts(tx, shop_id, ended, packed(NO_LONGER), now)
        wakes.wake(tx, shop_id)
    ears = ears_of(tx, shop_id)
    if not ears.terms.is_on:
        return
    _raise(tx, house, shop_id, ears, now)
    due = alerts.locked_due(tx, shop_id, now, AT_ONCE)
    standing_now = alerts.still_standing(tx, shop_id, [row.alert_no for row in due], SAME_MOMENT)
    for stored in due:
        # whoever the to-do was handed to meanwhile is next
        deadline = standing_now.get(stored.alert_no)
        row = stored if deadline is None else msgspec.structs.replace(stored, assignee=deadline.assignee)
        step, standing = next_step(standing_of(row, ears), ears.row, now)
        heard_at = now if step is None else told(tx, row, step, ears, now)
        alerts.keep(tx, as_standing(row, standing, ears, heard_at))
    plan_digest(tx, shop_id, now)


def _raise(tx: Tx, house: House, shop_id: ShopId, ears: Ears, now: datetime) -> None:
    ringing = {ring.kind: ring for ring in rings(ears.terms, alert_matters())}
    untils = [(kind, now + ring.before) for kind, ring in ringing.items()]
    rows = alerts.heard_of(tx, shop_id, untils, since=now - FRESH, least_money=ears.terms.least_money, same=SAME_MOMENT, limit=AT_ONCE)
    if not rows:
        return
    for row, item in zip(rows, _items(tx, house, shop_id, rows, now), strict=True):
        raise_alert(tx, shop_id, _matter(row, item, ringing[item.deadline.kind]), now, ears=ears)


def _items(tx: Tx, house: House, shop_id: ShopId, rows: Sequence[StoredDeadline], now: datetime) -> Sequence[TodoItem]:
    by = operator("worker")
    return items(tx, house, by, shops_with(tx, by, Permission.TODO_READ, [shop_id]), rows, now)


def _matter(row: StoredDeadline, item: TodoItem, ring: Ring) -> Matter:
    """The to-do as a matter: what to do next is what its verdict says."""
    deadline, verdict = item.deadline, item.verdict
    return Matter(
        kind=deadline.kind,
        subject=deadline.subject,
        act=verdict.headline,
        because=verdict.because[0] if verdict.because else verdict.headline,
        due_at=deadline.due_at,
        money=deadline.at_risk,
        is_money_clock=ring.is_money_clock and deadline.at_risk > 0,
        assignee=row.assignee,
        is_watched=True,
    )
