"""Asking for a review at the right moment: who is due, with which words and why, and what came of those who were asked. The asking itself is a notice."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.notices.finding import Queue, notices_of
from zhanggui.core.complaints.chances import wilson
from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import asked

DAYS = 90
JUDGED_AFTER = timedelta(days=10)
"""Whoever was asked later may still write."""


class AskedRow(msgspec.Struct, frozen=True):
    """Of so many who were asked with these words, how many reviewed afterwards, and with which stars altogether."""

    script: str
    asked: int
    reviewed: int
    stars: int
    """The sum of the stars; told, never aimed at."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the share of those who review lies."""
        return wilson(self.reviewed, self.asked)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who is due to be asked now, and what asking brought."""

    queue: Queue
    days: int
    rows: tuple[AskedRow, ...]
    waiting: int
    """How many were asked so lately that they may still write."""


def asking_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> Asking:
    """Who may be asked now, each once and only after a good end; and how many of those asked before have reviewed."""
    queue = notices_of(house, by, shop_id, NoticeStep.REVIEW, now)
    since, until = now - timedelta(days=DAYS), now - JUDGED_AFTER
    with house.pool.connection() as tx:
        rows = asked.outcomes(tx, shop_id, NoticeStep.REVIEW, NoticeState.SENT, since, until)
        waiting = asked.count(tx, shop_id, NoticeStep.REVIEW, NoticeState.SENT, until, now)
    return Asking(queue=queue, days=DAYS, rows=tuple(AskedRow(*row) for row in rows), waiting=waiting)
