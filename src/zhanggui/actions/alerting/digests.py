"""The digest: once a day, at the hour the shop chose, what stands open. Quiet hours do not hold it back; the shop has chosen the hour itself."""

from datetime import datetime, timedelta

from zhanggui.actions.alerting.ears import DIGEST, hearing
from zhanggui.core.alerts.terms import digest_due
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import ShopId
from zhanggui.records import alert_channels, alert_sends
from zhanggui.records.db import Tx

STILL_TIMELY = timedelta(hours=2)
"""After a longer pause of the house the day's digest is left out."""


def plan_digest(tx: Tx, shop_id: ShopId, now: datetime) -> None:
    """Writes the day's digest for every channel that carries it, once its hour has come."""
    due = digest_due(alert_channels.terms_of(tx, shop_id), now)
    if due is None or now - due > STILL_TIMELY:
        return
    channels = [(no, now) for no, _ in hearing(tx, shop_id, DIGEST)]
    alert_sends.plan(tx, shop_id, channels, alert_no=None, once=f"digest {shanghai_day(due)}", stage="digest", now=now)
