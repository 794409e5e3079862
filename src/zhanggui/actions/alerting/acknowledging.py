"""Somebody takes note: nobody further is called, and what was not sent yet is taken back."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.alerting.ears import ears_of
from zhanggui.actions.alerting.raising import as_standing, standing_of
from zhanggui.actions.house import House
from zhanggui.core.alerts.matters import AlertState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import alert_sends, alerts, journal, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.alerts import AlertsAcknowledged
from zhanggui.records.says import packed

TAKEN_NOTE = say("Somebody has acknowledged it.")


def acknowledge(house: House, by: Person, shop_id: ShopId, alert_nos: Sequence[int], now: datetime) -> int:
    """How many of these alerts were open, and are acknowledged now."""
    by.need(Permission.TODO_MARK, shop_id)

    def work(tx: Tx) -> int:
        ears = ears_of(tx, shop_id)
        rows = [row for row in alerts.locked_numbers(tx, shop_id, alert_nos) if row.at is AlertState.OPEN]
        for row in rows:
            noted = msgspec.structs.replace(row, state=AlertState.ACKNOWLEDGED.value, acknowledged_by=by.person_id, acknowledged_at=now)
            alerts.keep(tx, as_standing(noted, standing_of(noted, ears), ears, now))
        if rows:
            alert_sends.withdraw_of_alerts(tx, shop_id, [row.alert_no for row in rows], packed(TAKEN_NOTE), now)
            journal.write(tx, shop_id, AlertsAcknowledged(len(rows)), at=now, by=by.person_id)
            wakes.wake(tx, shop_id)
        return len(rows)

    return transact(house.pool, work)
