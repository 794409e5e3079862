"""The deadlines behind one sum of the overview, and the chore that counts those of large shops."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import msgspec

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.overview.seeing import COUNTED_DAYS, LARGE
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.periods import Period, days_up_to
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import overview as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.overview import ClockRow

ENDED: Mapping[str, Say] = {"met": say("met in time"), "missed": say("missed"), "overdue": say("overdue and still open")}
"""How a deadline that fell due can have ended."""
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), "")


class ClockPage(msgspec.Struct, frozen=True):
    """Some of the deadlines, the latest due first, and where the next ones begin."""

    rows: tuple[ClockRow, ...]
    next_row: tuple[datetime, str] | None


def clock_rows(
    house: House,
    by: Person,
    shop_id: ShopId,
    kind: DeadlineKind,
    ended: str,
    period: Period,
    now: datetime,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> ClockPage:
    """The deadlines of one kind that fell due in the period and ended so."""
    by.need(Permission.MONEY_READ, shop_id)
    with house.pool.connection() as tx:
        found = records.clock_rows(tx, shop_id, kind.value, ended, period.since, period.until, now, before or _LAST, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return ClockPage(tuple(found[:limit]), None if last is None else (last.due_at, last.subject_no))


def count_clocks(house: House, now: datetime) -> None:
    """Counts the deadlines of every large shop anew, a shop a transaction."""
    since = days_up_to(shanghai_day(now), COUNTED_DAYS)
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            many, _ = records.ever(tx, shop_id)
        if many > LARGE:
            transact(house.pool, partial(_count, shop_id, since, now))


def _count(shop_id: ShopId, period: Period, now: datetime, tx: Tx) -> None:
    records.count_clocks(tx, shop_id, period.first, period.since, now)
