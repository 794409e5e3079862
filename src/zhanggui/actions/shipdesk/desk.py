"""What the to-ship desk shows: the steps with their counts, a page of one of them, and what its rows have in common."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.goods.short_orders import short_orders
from zhanggui.actions.house import House
from zhanggui.core.batches import Kept, Step
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.dispatch import Dispatch
from zhanggui.core.facts import OrderFacts
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, connections, dispatches, outbox, ship_batches, shipdesk
from zhanggui.records.db import Tx
from zhanggui.records.outbox import StoredAct
from zhanggui.records.ship_batches import BatchCount
from zhanggui.records.shipdesk import Counted, Grouped, ShipRow, Wanted

PAGE = 100
MOST = 500
"""Orders taken in one go: what one person prints in a run, and what the print component is handed at once."""
_GROUPS = 40


class View(StrEnum):
    """The lists of the desk: its steps, what the platform has to be told, what is kept back."""

    PRINT = "print"
    BATCH = "batch"
    PACK = "pack"
    HAND_OVER = "hand_over"
    TELL = "tell"
    KEPT = "kept"
    DESTROY = "destroy"


_BEFORE_PACKING = (View.PRINT, View.BATCH, View.PACK, View.KEPT)


class Due(StrEnum):
    """How far ahead one looks."""

    OVERDUE = "overdue"
    SOON = "soon"
    TODAY = "today"
    TOMORROW = "tomorrow"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a list."""

    view: View = View.PRINT
    goods: str | None = None
    carrier: str | None = None
    door: str | None = None
    tag: str | None = None
    due: Due | None = None
    kept: Kept | None = None
    """Of what is kept back: only what is for this reason."""
    with_filed: bool = False
    """Of what the platform has to be told: also what stands in a bulk-shipping file already."""


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order on the desk, with what is known of it and of its way out."""

    row: ShipRow
    order: OrderFacts | None
    dispatch: Dispatch | None
    together: int
    """How many orders of this step go to the same door, this one counted."""
    act: StoredAct | None
    """The last that was told to the platform about it."""
    who: str | None
    """Who made the last step."""
    short_of: tuple[str, ...] = ()
    """The goods of it that are not there for it."""


class Tab(msgspec.Struct, frozen=True):
    """A list, how many orders stand in it, and how many of them are due today."""

    view: View
    orders: int
    urgent: int


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One list of the desk."""

    shop: ShopInfo
    is_connected: bool
    tabs: tuple[Tab, ...]
    rows: tuple[DeskRow, ...]
    batches: tuple[BatchCount, ...]
    groups: tuple[Grouped, ...]
    next_cursor: str | None

    def tab(self, view: View) -> Tab:
        """The counts of a list."""
        return next(tab for tab in self.tabs if tab.view is view)


def desk(
    house: House, by: Person, shop_id: ShopId, wanted: Filter, now: datetime, *, group_by: str | None = None, cursor: str | None = None, limit: int = PAGE
) -> Desk:
    """A page of a list, most urgent first."""
    after = cursors.read(cursor, tuple[datetime, str]) if cursor else None
    with house.pool.connection() as tx:
        shop = shops_with(tx, by, Permission.SHIPPING_WRITE, [shop_id])[shop_id]
        found = [] if wanted.view is View.BATCH else _page(tx, shop_id, wanted, now, after, limit + 1)
        return Desk(
            shop=shop,
            is_connected=bool(connections.connected(tx, [shop_id])),
            tabs=_tabs(shipdesk.counts(tx, shop_id, _end_of(now, 1))),
            rows=_told(tx, shop_id, found[:limit], wanted),
            batches=tuple(ship_batches.open_batches(tx, shop_id)) if wanted.view is View.BATCH else (),
            groups=_groups(tx, shop_id, wanted, group_by),
            next_cursor=cursors.write((found[limit - 1].due_at, found[limit - 1].order_no)) if len(found) > limit else None,
        )


def chosen(tx: Tx, shop_id: ShopId, wanted: Filter, now: datetime) -> list[str]:
    """The orders that a filter names, most urgent first; no more than are taken in one go."""
    return [row.order_no for row in _page(tx, shop_id, wanted, now, None, MOST)]


def orders_of(house: House, by: Person, shop_id: ShopId, wanted: Filter, now: datetime) -> list[str]:
    """The same, for whoever makes a step of a whole list."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    with house.pool.connection() as tx:
        return chosen(tx, shop_id, wanted, now)


def until(due: Due | None, now: datetime) -> datetime | None:
    """The last due moment that the word still covers."""
    match due:
        case None:
            return None
        case Due.OVERDUE:
            return now
        case Due.SOON:
            return now + timedelta(hours=4)
        case Due.TODAY:
            return _end_of(now, 1)
        case Due.TOMORROW:
            return _end_of(now, 2)


def _end_of(now: datetime, days: int) -> datetime:
    return start_of_day(shanghai_day(now) + timedelta(days=days))


def _page(tx: Tx, shop_id: ShopId, wanted: Filter, now: datetime, after: tuple[datetime, str] | None, limit: int) -> list[ShipRow]:
    slots = Wanted(
        step=wanted.view.value,
        goods=wanted.goods,
        carrier=wanted.carrier,
        door=wanted.door,
        tag=wanted.tag,
        kept=None if wanted.kept is None else wanted.kept.value,
        until=until(wanted.due, now),
        after=after,
        limit=limit,
    )
    match wanted.view:
        case View.KEPT:
            return shipdesk.kept(tx, shop_id, slots)
        case View.TELL:
            return shipdesk.to_tell(tx, shop_id, slots, unfiled=not wanted.with_filed)
        case _:
            return shipdesk.page(tx, shop_id, slots)


def _tabs(counted: Sequence[Counted]) -> tuple[Tab, ...]:
    def of(view: View, rows: list[Counted]) -> Tab:
        return Tab(view, sum(row.orders for row in rows), sum(row.urgent for row in rows))

    on_the_way = (Step.PACK.value, Step.HAND_OVER.value, Step.AWAY.value)
    return tuple(
        of(View.KEPT, [row for row in counted if row.is_kept])
        if view is View.KEPT
        else of(View.TELL, [row for row in counted if not row.is_kept and not row.is_told and row.has_number and row.step in on_the_way])
        if view is View.TELL
        else of(view, [row for row in counted if row.step == view.value and not row.is_kept])
        for view in View
    )


def _groups(tx: Tx, shop_id: ShopId, wanted: Filter, group_by: str | None) -> tuple[Grouped, ...]:
    if wanted.view is View.KEPT:
        return tuple(shipdesk.kept_counts(tx, shop_id))
    if group_by is None or wanted.view in (View.TELL, View.BATCH):
        return ()
    return tuple(shipdesk.grouped(tx, shop_id, wanted.view.value, group_by, _GROUPS))


def _told(tx: Tx, shop_id: ShopId, rows: Sequence[ShipRow], wanted: Filter) -> tuple[DeskRow, ...]:
    nos = [row.order_no for row in rows]
    orders = around.orders(tx, shop_id, nos)
    about = dispatches.of_orders(tx, shop_id, nos)
    doors = shipdesk.at_doors(tx, shop_id, wanted.view.value, sorted({row.door for row in rows if row.door}))
    acts = _acts(tx, shop_id, nos) if wanted.view is View.TELL else {}
    short = short_orders(tx, shop_id, nos) if wanted.view in _BEFORE_PACKING else {}
    names = dispatches.names(tx, [_last_by(each) for each in about.values()])
    return tuple(
        DeskRow(
            row=row,
            order=orders[row.order_no].facts if row.order_no in orders else None,
            dispatch=about.get(row.order_no),
            together=doors.get(row.door or "", 1),
            act=acts.get(row.order_no),
            who=names.get(_last_by(about[row.order_no]) or 0) if row.order_no in about else None,
            short_of=short.get(row.order_no, ()),
        )
        for row in rows
    )


def _acts(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> Mapping[str, StoredAct]:
    found = outbox.of_subjects(tx, shop_id, [Subject(SubjectKind.ORDER, no) for no in order_nos])
    return {subject.no: act for subject, act in found.items() if act.kind == "ship.upload"}


def _last_by(dispatch: Dispatch) -> int | None:
    return dispatch.handed_by or dispatch.packed_by or dispatch.printed_by
