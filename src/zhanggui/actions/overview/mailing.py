"""The report of the week is sent by itself on Monday mornings, through the channels of alerts that an owner chose; nothing is sent unless one did.

It leaves as every message does: written down once for a week and a channel, claimed, sent, tried again where that may help.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.connectors.notify.services import Service
from zhanggui.core.moments import shanghai_day
from zhanggui.core.periods import Period, week_in, week_name, week_of
from zhanggui.people import accounts
from zhanggui.people.permissions import NotAllowed, Permission, Person, PersonId, ShopId, operator
from zhanggui.records import alert_channels, alert_sends, journal, reports
from zhanggui.records.alert_channels import StoredChannel
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.reports import ReportSwitched

REPORT = "report"
"""The stage of such a message, and how its name begins."""
LEAVES_AT = timedelta(hours=9)
"""So long after Monday began in Shanghai."""
STILL_TIMELY = timedelta(days=2)
"""After a longer pause of the house the report of that week is not sent any more; it can be made by hand at any time."""


class ReportChannel(msgspec.Struct, frozen=True):
    """A channel that can carry the report."""

    channel_no: int
    name: str
    service: Service
    shown: str
    is_chosen: bool
    takes_files: bool
    """Whether the PDF goes along; elsewhere the figures are told as text."""


def report_channels(house: House, by: Person, shop_id: ShopId) -> tuple[ReportChannel, ...]:
    """The channels this person may choose: the shop's, and their own."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    with house.pool.connection() as tx:
        rows, chosen = alert_channels.of_shop(tx, shop_id), reports.chosen(tx, shop_id)
    return tuple(_shown(row, chosen) for row in rows if row.sealed and _may_choose(row, by))


def put_report_channel(house: House, by: Person, shop_id: ShopId, channel_no: int, now: datetime, *, is_on: bool) -> None:
    """The report of every week goes through this channel from now on, or no more. Raises NotAllowed for a channel that is not theirs to choose."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    by.need(Permission.MONEY_READ, shop_id)

    def work(tx: Tx) -> None:
        row = alert_channels.locked(tx, shop_id, channel_no)
        if row is None or not _may_choose(row, by):
            raise NotAllowed(Permission.SETTINGS_WRITE.value)
        changed = reports.choose(tx, shop_id, channel_no, by.person_id, now) if is_on else reports.leave_out(tx, shop_id, channel_no)
        if changed:
            journal.write(tx, shop_id, ReportSwitched(row.name, is_on), at=now, by=by.person_id)

    transact(house.pool, work)


def plan_reports(house: House, now: datetime) -> None:
    """Writes down what is to be sent of the last whole week, once its morning has come."""
    week = week_of(shanghai_day(now)).before
    leaves_at = week.until + LEAVES_AT
    if now < leaves_at or not is_timely(week, now):
        return
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            # whoever chose a channel since then first gets the report of the coming Monday
            channels = [(channel_no, now) for channel_no, since in reports.chosen(tx, shop_id).items() if since <= leaves_at]
            alert_sends.plan(tx, shop_id, channels, alert_no=None, once=f"{REPORT} {week_name(week)}", stage=REPORT, now=now)


def is_timely(week: Period, now: datetime) -> bool:
    """Whether the report of the week is still sent: a channel that was closed or out of order for weeks does not bring all of theirs at once."""
    return now <= week.until + LEAVES_AT + STILL_TIMELY


def week_named(once: str) -> Period | None:
    """The week of a message that was written down so."""
    return week_in(once.removeprefix(f"{REPORT} "))


def reader_of(tx: Tx, shop_id: ShopId, channel: StoredChannel) -> Person | None:
    """By whose rights the report is read: those of the channel's person as they are now, the house's for a channel of the shop's. None: it is not for them."""
    if channel.channel_no not in reports.chosen(tx, shop_id):
        return None
    if channel.person_id is None:
        return operator("worker")
    person = accounts.hearer(tx, PersonId(channel.person_id))
    return person if person is not None and person.may(Permission.MONEY_READ, shop_id) else None


def _may_choose(row: StoredChannel, by: Person) -> bool:
    """The shop's, or one's own: what the shop earned is not sent to somebody else's address."""
    return row.person_id is None or row.person_id == by.person_id


def _shown(row: StoredChannel, chosen: Mapping[int, datetime]) -> ReportChannel:
    service = Service(row.service)
    return ReportChannel(row.channel_no, row.name, service, row.shown, row.channel_no in chosen, service is Service.EMAIL)
