"""What was released, sent, skipped or ceased; and after a delay who would rather have the money."""

from datetime import UTC, datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.notices.money import refund_asked
from zhanggui.actions.notices.releasing import look_again
from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import inbox
from zhanggui.records import notices as records
from zhanggui.records.inbox import ListedThread
from zhanggui.records.notices import NoticeRecord
from zhanggui.records.says import unpacked

MOST_WAITING = 200
_LAST = (datetime(9000, 1, 1, tzinfo=UTC), "", "")


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that somebody decided about, with why it ceased or what was held against it as it was sent, and what became of a buyer who wanted the money."""

    row: NoticeRecord
    because: Say | None
    is_asked: bool = False
    """Whether a refund is asked for in the order."""

    @property
    def is_owed(self) -> bool:
        """Whether the money is wanted and nothing has sent it."""
        return (self.row.money_at is not None or self.is_asked) and not self.row.money_acted


class DecidedPage(msgspec.Struct, frozen=True):
    """Some of them, the latest first."""

    rows: tuple[Decided, ...]
    next_cursor: str | None


def waiting(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[NoticeRecord, ...]:
    """What was let go and waits to be sent, the longest first. What the facts no longer ask for ceases on the way."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        rows = records.released(tx, shop_id, MOST_WAITING)
    return look_again(house, by, shop_id, rows, now)


def waits_about(house: House, by: Person, shop_id: ShopId, order_no: str) -> ListedThread | None:
    """The talk about this order into which a notice goes, the latest, where its buyer waits for an answer: a notice sent now would seem to be one."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        latest = inbox.of_orders(tx, shop_id, [order_no], 1)
    return latest[0] if latest and latest[0].waiting_since is not None else None


def waiting_count(house: House, by: Person, shop_id: ShopId) -> int:
    """How many wait to be sent."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return records.count(tx, shop_id, NoticeState.RELEASED)


def decided(house: House, by: Person, shop_id: ShopId, state: NoticeState, *, cursor: str | None = None, limit: int = 50) -> DecidedPage:
    """The notices in a state."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    before = cursors.read(cursor, tuple[datetime, str, str]) if cursor else _LAST
    with house.pool.connection() as tx:
        found = records.in_state(tx, shop_id, state, before, limit + 1)
        shown = found[:limit]
        told = [row.order_no for row in shown if row.step == NoticeStep.DELAYED.value]
        known = orders_known(tx, shop_id, told) if told and state is NoticeState.SENT else {}
    asked = {no for no, each in known.items() if refund_asked(each) is not None}
    last = (shown[-1].moved_at, shown[-1].order_no, shown[-1].step) if len(found) > limit else None
    return DecidedPage(tuple(_decided(row, row.order_no in asked) for row in shown), None if last is None else cursors.write(last))


def seen_of_order(house: House, by: Person, shop_id: ShopId, order_no: str) -> list[NoticeRecord]:
    """What was decided about telling the buyer of this order."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return records.of_order(tx, shop_id, order_no)


def _decided(row: NoticeRecord, is_asked: bool) -> Decided:
    return Decided(row=row, because=unpacked(row.because) if row.because else None, is_asked=is_asked and row.step == NoticeStep.DELAYED.value)
