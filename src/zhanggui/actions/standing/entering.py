"""What people enter of a shop's standing: figures the back office shows, standards and limits of the shop's own, penalties in force."""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.masking import storable
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import say
from zhanggui.core.standing.book import Figure, StandingBook
from zhanggui.core.standing.pages import LONGEST, PageRead, fits, read_page
from zhanggui.core.standing.standing import Line, Reading
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks
from zhanggui.records import standing as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.standing import LineSet, PenaltyEnded, PenaltyKept, ReadingsKept
from zhanggui.rulebook.standing import standing_book

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_LONGEST_TITLE, _LONGEST_NOTE = 80, 200
OLDEST_DAYS = 400
_BEHIND = timedelta(days=2)
"""The back office counts up to the day before yesterday."""


def keep_page(house: House, by: Person, shop_id: ShopId, text: str, now: datetime, *, day: str = "") -> PageRead:
    """Keeps every figure found in a text copied from the back office. Raises Refused where there is none."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if len(text) > LONGEST:
        raise Refused(say("The text is too long: paste the page of the stars or of the after-sales figures alone."))
    today = shanghai_day(now)
    read = read_page(text, standing_book(), _day_typed(day, today) if day.strip() else today - _BEHIND)
    if not read.readings:
        raise Refused(say("No figure was found in this text. Copy the whole page 综合体验星级 or 售后数据 of the back office, with the names of the figures."))
    if read.day is not None and not _may_be(read.day, today):
        raise Refused(say("The page names {day} as the day it counted up to; that cannot be.", day=read.day.isoformat()))
    transact(house.pool, lambda tx: _keep(tx, by, shop_id, read.readings, now))
    return read


def keep_reading(house: House, by: Person, shop_id: ShopId, figure: str, value: str, day: str, now: datetime, *, percentile: str = "") -> Reading:
    """Keeps one figure as it was read. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    kind = _figure(figure, standing_book())
    share = _number(percentile, None) if percentile.strip() else None
    if share is not None and share > 100:
        raise Refused(say("The share of peers exceeded lies between 0 and 100 %."))
    reading = Reading(kind.id, _day_typed(day, shanghai_day(now)), _number(value, kind), percentile=share)
    transact(house.pool, lambda tx: _keep(tx, by, shop_id, (reading,), now))
    return reading


def drop_reading(house: House, by: Person, shop_id: ShopId, figure: str, day: str, now: datetime) -> None:
    """Takes a reading away that was typed wrongly. Raises Refused where there is none."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    of_day = _day_typed(day, shanghai_day(now))
    if not transact(house.pool, lambda tx: records.drop_reading(tx, shop_id, figure, of_day)):
        raise Refused(say("There is no such figure of that day."))


def set_target(house: House, by: Person, shop_id: ShopId, figure: str, value: str, now: datetime, *, source: str = "") -> None:
    """Keeps from today on what a figure has to reach by the back office; nothing typed takes it away. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    kind = _figure(figure, standing_book())
    _set_line(house, by, shop_id, records.TARGET, kind.id, kind, value, now, source)


def set_limit(house: House, by: Person, shop_id: ShopId, restriction: str, value: str, now: datetime, *, source: str = "") -> None:
    """Keeps from today on from which figure a restriction holds; nothing typed goes back to the house's own. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    book = standing_book()
    rule = next((each for each in book.restriction if each.id == restriction and not each.by_category_mean), None)
    if rule is None:
        raise Refused(say("This form is out of date. Load the page again."))
    _set_line(house, by, shop_id, records.LIMIT, rule.id, book.figures[rule.figure], value, now, source)


def put_penalty(
    house: House, by: Person, shop_id: ShopId, title: str, now: datetime, *, cause: str = "", goods_id: str = "", since: str = "", until: str = ""
) -> None:
    """Keeps a penalty that is in force, with its last day where it is known; sent twice it is kept once. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    told = masked_said(storable(title)).strip()[:_LONGEST_TITLE]
    if not told:
        raise Refused(say("Say which penalty it is, as the back office calls it."))
    today = shanghai_day(now)
    first = _day_typed(since, today) if since.strip() else today
    last = _day_in(until) if until.strip() else None
    if last is not None and last < first:
        raise Refused(say("The penalty would end before it began."))
    penalty = records.Penalty(0, told, masked_said(storable(cause)).strip()[:_LONGEST_NOTE], goods_id.strip()[:40], first, last, None)

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        if not records.put_penalty(tx, shop_id, penalty, by.person_id, now):
            return
        journal.write(tx, shop_id, PenaltyKept(told, last.isoformat() if last else ""), at=now, by=by.person_id)

    transact(house.pool, work)


def end_penalty(house: House, by: Person, shop_id: ShopId, penalty_no: int, now: datetime) -> None:
    """A penalty has ended, or was taken back. Raises Refused where none of this number runs."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        title = records.end_penalty(tx, shop_id, penalty_no, shanghai_day(now))
        if title is None:
            raise Refused(say("This penalty has ended already."))
        journal.write(tx, shop_id, PenaltyEnded(title), at=now, by=by.person_id)

    transact(house.pool, work)


def _keep(tx: Tx, by: Person, shop_id: ShopId, readings: tuple[Reading, ...], now: datetime) -> None:
    """The readings, and from today on the standards that the page names beside them, unless something newer does."""
    today = shanghai_day(now)
    for reading in readings:
        if reading.standard is not None and _is_newest(tx, shop_id, reading, today):
            records.put_line(tx, shop_id, records.TARGET, reading.figure, Line(reading.standard, today, "综合体验星级"), today, by.person_id, now)
    records.put_readings(tx, shop_id, readings, by.person_id, now)
    newest = max(reading.day for reading in readings)
    journal.write(tx, shop_id, ReadingsKept(len(readings), newest.isoformat()), at=now, by=by.person_id)


def _is_newest(tx: Tx, shop_id: ShopId, reading: Reading, today: date) -> bool:
    """Whether no newer page that was read before names a standard, and nobody typed one after this page could be seen."""
    told = records.readings_of(tx, shop_id, reading.figure, today - timedelta(days=OLDEST_DAYS), today)
    if any(each.standard is not None and each.day > reading.day for each in told):
        return False
    line = records.lines(tx, shop_id, records.TARGET, today).get(reading.figure)
    if line is None or line.from_day is None or line.value in {each.standard for each in told}:
        return True
    return reading.day + _BEHIND >= line.from_day


def _set_line(house: House, by: Person, shop_id: ShopId, kind: str, name: str, figure: Figure, value: str, now: datetime, source: str) -> None:
    today = shanghai_day(now)
    line = Line(_number(value, figure), today, source.strip()[:_LONGEST_NOTE]) if value.strip() else None

    def work(tx: Tx) -> None:
        records.put_line(tx, shop_id, kind, name, line, today, by.person_id, now)
        journal.write(tx, shop_id, LineSet(name, value.strip(), today.isoformat()), at=now, by=by.person_id)

    transact(house.pool, work)


def _figure(name: str, book: StandingBook) -> Figure:
    figure = book.figures.get(name)
    if figure is None:
        raise Refused(say("This form is out of date. Load the page again."))
    return figure


def _number(text: str, figure: Figure | None) -> Fraction:
    """The number that was typed, such as 2.46 or 2.46 %. Raises Refused."""
    plain = text.strip().rstrip("%％").strip()
    if not _NUMBER.fullmatch(plain) or (figure is not None and not fits(figure.unit, Fraction(plain))):
        raise Refused(say("{typed} is no such figure. Write it as the back office shows it, such as 2.46.", typed=text.strip()[:20]))
    return Fraction(plain)


def _day_typed(text: str, today: date) -> date:
    day = _day_in(text)
    if not _may_be(day, today):
        raise Refused(say("{day} cannot be the day: it is still to come, or more than a year ago.", day=day.isoformat()))
    return day


def _day_in(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise Refused(say("{typed} is no day. Write it like 2026-03-01.", typed=text.strip()[:20])) from None
    if not 2015 <= day.year <= 2199:
        raise Refused(say("{typed} is no day. Write it like 2026-03-01.", typed=text.strip()[:20]))
    return day


def _may_be(day: date, today: date) -> bool:
    return today - timedelta(days=OLDEST_DAYS) <= day <= today
