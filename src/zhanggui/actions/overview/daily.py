"""The report of the day over all shops of a person: sent every morning through a channel of their own, where they chose one, once a day.

It leaves as every message does: written down once for a day and a channel, claimed, sent, tried again where that may help.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.actions.alerting.wording import Worded, line_of, telling_of
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.overview.across import Across, ShopLine, across
from zhanggui.actions.overview.shapes import Clocks
from zhanggui.actions.own_account import own_id
from zhanggui.actions.refused import Refused
from zhanggui.connectors.notify.services import Service
from zhanggui.core.deadlines import Band
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.say import Say, say
from zhanggui.people import accounts
from zhanggui.people.permissions import NotAllowed, Permission, Person, PersonId, ShopId
from zhanggui.records import alert_channels, alert_sends, day_reports
from zhanggui.records.alert_channels import StoredChannel
from zhanggui.records.db import Tx, transact
from zhanggui.words import Catalog, load

DAY_REPORT = "day"
"""The stage of such a message, and how its name begins."""
USUAL_HOUR = 8
STILL_TIMELY = timedelta(hours=12)
"""After a longer pause of the house the report of that day is not sent any more; the page tells it at any time."""
FIRST_TOLD = 5
MOST_SHOPS_TOLD = 30


class DayChannel(msgspec.Struct, frozen=True):
    """A channel of one's own that can carry the report, and when it does."""

    shop_id: ShopId
    shop_name: str
    channel_no: int
    name: str
    service: Service
    shown: str
    hour: int | None
    """In the morning in Shanghai; None: it does not."""


def day_channels(house: House, by: Person, shops: Sequence[tuple[ShopId, str]]) -> tuple[DayChannel, ...]:
    """This person's own channels in these shops."""
    person_id, found = own_id(by), []
    with house.pool.connection() as tx:
        for shop_id, name in shops:
            by.need(Permission.TODO_READ, shop_id)
            hours = {row.channel_no: row.hour for row in day_reports.of_shop(tx, shop_id)}
            rows = [row for row in alert_channels.of_shop(tx, shop_id) if row.person_id == person_id and row.sealed]
            found += [DayChannel(shop_id, name, row.channel_no, row.name, Service(row.service), row.shown, hours.get(row.channel_no)) for row in rows]
    return tuple(found)


def put_day_report(house: House, by: Person, shop_id: ShopId, channel_no: int, hour: int | None, now: datetime) -> None:
    """The report of every day goes through this channel at this hour from now on, or no more. Raises NotAllowed for a channel that is not their own."""
    by.need(Permission.TODO_READ, shop_id)
    person_id = own_id(by)
    if hour is not None and not 0 <= hour <= 23:
        raise Refused(say("An hour is a number from 0 to 23."))

    def work(tx: Tx) -> None:
        row = alert_channels.locked(tx, shop_id, channel_no)
        if row is None or row.person_id != person_id:
            raise NotAllowed(Permission.TODO_READ.value)
        if hour is None:
            day_reports.leave_out(tx, shop_id, channel_no)
        else:
            day_reports.put(tx, shop_id, channel_no, person_id, hour, now)

    transact(house.pool, work)


def plan_day_reports(house: House, now: datetime) -> None:
    """Writes down the reports whose hour has come today."""
    day = shanghai_day(now)
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            due = [row.channel_no for row in day_reports.of_shop(tx, shop_id) if _is_due(day, row.hour, row.made_at, now)]
            if due:
                alert_sends.plan(tx, shop_id, [(no, now) for no in due], alert_no=None, once=f"{DAY_REPORT} {day.isoformat()}", stage=DAY_REPORT, now=now)


def day_report_worded(tx: Tx, house: House, shop_id: ShopId, channel: StoredChannel, once: str, now: datetime) -> Worded | None:
    """The message, by the rights its person has now; None where it is for nobody any more, or its day is over."""
    by = _reader_of(tx, shop_id, channel)
    told_of = once.removeprefix(f"{DAY_REPORT} ")
    if by is None or told_of != shanghai_day(now).isoformat():
        return None
    seen = across(house, by, now, first=FIRST_TOLD)
    return worded(seen, load(channel.language)) if seen.lines else None


def worded(seen: Across, words: Catalog) -> Worded:
    """The report in words: what is late, what yesterday lost and saved, shop by shop, and what to do first."""
    overdue = seen.total(Band.OVERDUE)
    title = say("{n} shops on {day}: {late} late, {at_risk_fen} at risk", n=len(seen.lines), day=_day(seen), late=overdue.deadlines, at_risk_fen=seen.at_risk)
    parts = [words.render(sentence) for line in seen.lines[:MOST_SHOPS_TOLD] for sentence in _of_shop(line)]
    if len(seen.lines) > MOST_SHOPS_TOLD:
        parts.append(words.render(say("And {n} more shops; the page of all shops lists them.", n=len(seen.lines) - MOST_SHOPS_TOLD)))
    if seen.lost is not None:
        parts.append(words.render(say("Yesterday, in {n} of {all} shops: lost {lost_fen}, saved {saved_fen}, {orders} orders.", **_yesterday(seen))))
    if seen.first:
        parts.append(words.render(say("First of all:")))
        parts += [f"{number}. {item.shop_name} · {line_of(words, telling_of(item))}" for number, item in enumerate(seen.first, start=1)]
    else:
        parts.append(words.render(say("Nothing waits for you.")))
    return Worded(words.render(title), "\n".join(parts), {"kind": "day_report", "day": _day(seen), "shops": [_data(line) for line in seen.lines]})


def _of_shop(line: ShopLine) -> list[Say]:
    overdue, hour, today = (line.bands[band] for band in (Band.OVERDUE, Band.HOUR, Band.TODAY))
    due = hour.deadlines + today.deadlines
    if not overdue.deadlines and not due:
        told = [say("{shop}: nothing is late, nothing is due today.", shop=line.shop.name)]
    else:
        slots: dict[str, str | int] = {"shop": line.shop.name, "late": overdue.deadlines, "late_fen": overdue.at_risk, "due": due}
        told = [say("{shop}: {late} late ({late_fen}), {due} due today ({due_fen}).", due_fen=hour.at_risk + today.at_risk, **slots)]
    if line.clocks is not None and (line.clocks.lost or line.clocks.saved):
        told.append(_money_of(line.shop.name, line.clocks))
    if line.is_stale:
        told.append(say("{shop}: its data have grown old; import or connect before relying on this.", shop=line.shop.name))
    return told


def _money_of(shop: str, clocks: Clocks) -> Say:
    if clocks.counted_at is None:
        return say("{shop}: yesterday lost {lost_fen}, saved {saved_fen}.", shop=shop, lost_fen=clocks.lost, saved_fen=clocks.saved)
    return say(
        "{shop}: yesterday lost {lost_fen}, saved {saved_fen}, as counted {moment}.",
        shop=shop,
        lost_fen=clocks.lost,
        saved_fen=clocks.saved,
        moment=clocks.counted_at,
    )


def _yesterday(seen: Across) -> dict[str, int]:
    return {"n": seen.summed, "all": len(seen.lines), "lost_fen": seen.lost or 0, "saved_fen": seen.saved or 0, "orders": seen.orders or 0}


def _data(line: ShopLine) -> dict[str, object]:
    overdue = line.bands[Band.OVERDUE]
    told: dict[str, object] = {"shop": line.shop.name, "overdue": overdue.deadlines, "overdue_fen": overdue.at_risk, "at_risk_fen": line.at_risk}
    if line.clocks is not None:
        told |= {"lost_fen": line.clocks.lost, "saved_fen": line.clocks.saved}
    return told


def _day(seen: Across) -> str:
    return shanghai_day(seen.now).isoformat()


def _is_due(day: date, hour: int, since: datetime, now: datetime) -> bool:
    """Whoever chose it after its hour of today first gets the one of tomorrow."""
    leaves_at = start_of_day(day) + timedelta(hours=hour)
    return since <= leaves_at <= now <= leaves_at + STILL_TIMELY


def _reader_of(tx: Tx, shop_id: ShopId, channel: StoredChannel) -> Person | None:
    """The person whose own channel it is, if they still want it."""
    wanted = {row.channel_no: row.person_id for row in day_reports.of_shop(tx, shop_id)}
    if channel.person_id is None or wanted.get(channel.channel_no) != channel.person_id:
        return None
    return accounts.hearer(tx, PersonId(channel.person_id))
