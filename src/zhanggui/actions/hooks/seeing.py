"""Hooks, their deliveries and the shop's events, as people and programs see them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.hooks.kinds import kinds_of
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import hook_events, hooks
from zhanggui.records.hook_events import DeliveryRecord, EventRecord
from zhanggui.records.hooks import StoredHook
from zhanggui.records.says import unpacked

MOST_COUNTED = 1000
LARGEST_PAGE = 500
_HIGHEST = 2**62


class HookView(msgspec.Struct, frozen=True, kw_only=True):
    """How a hook stands. It holds no secret."""

    hook_no: int
    name: str
    shown: str
    kinds: tuple[str, ...]
    is_on: bool
    paused_at: datetime | None
    failing_since: datetime | None
    problem: Say | None
    problem_at: datetime | None
    well_at: datetime | None
    made_at: datetime
    waiting: int
    """How many events wait, counted up to a thousand."""
    given_up: int


class LogPage(msgspec.Struct, frozen=True):
    """A page of deliveries, the newest first."""

    rows: tuple[DeliveryRecord, ...]
    next_cursor: str | None


class EventPage(msgspec.Struct, frozen=True):
    """Events in their order. The cursor goes on after the last of them, also where nothing has happened since."""

    rows: tuple[EventRecord, ...]
    next_cursor: str
    has_more: bool


def hooks_seen(house: House, by: Person, shop_id: ShopId) -> tuple[HookView, ...]:
    """The hooks of a shop."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        counts = hook_events.counts(tx, shop_id, MOST_COUNTED)
        return tuple(_view(row, counts.get(row.hook_no)) for row in hooks.of_shop(tx, shop_id))


def hook_seen(house: House, by: Person, shop_id: ShopId, hook_no: int) -> HookView:
    """One hook. Raises NotAllowed where the shop has none of this number."""
    found = next((hook for hook in hooks_seen(house, by, shop_id) if hook.hook_no == hook_no), None)
    if found is None:
        raise NotAllowed(Permission.SETTINGS_READ.value)
    return found


def hook_log(house: House, by: Person, shop_id: ShopId, hook_no: int, *, cursor: str = "", limit: int = 50, state: str | None = None) -> LogPage:
    """What became of the events of one hook, the newest first."""
    by.need(Permission.SETTINGS_READ, shop_id)
    before = cursors.read(cursor, int) if cursor else _HIGHEST
    with house.pool.connection() as tx:
        found = hook_events.log(tx, shop_id, hook_no, before, limit + 1, state)
    rows = tuple(found[:limit])
    return LogPage(rows, cursors.write_one(rows[-1].place) if len(found) > limit else None)


def events_seen(house: House, by: Person, shop_id: ShopId, *, cursor: str = "", kinds: Iterable[str] = (), limit: int = 100, newest: bool = False) -> EventPage:
    """What happened after the cursor, in its order; without one from the first that is kept, or with `newest` from now on. Raises Refused for unknown kinds."""
    by.need(Permission.ORDERS_READ, shop_id)
    most = max(1, min(limit, LARGEST_PAGE))
    try:
        wanted = sorted(kind.value for kind in kinds_of(kinds))
    except ValueError:
        raise Refused(say("There is no such kind of event. docs/api.md lists them all.")) from None
    with house.pool.connection() as tx:
        place = cursors.read(cursor, int) if cursor else hook_events.last_place(tx, shop_id) if newest else 0
        found = hook_events.after(tx, shop_id, place, wanted, most + 1)
    rows = tuple(found[:most])
    return EventPage(rows, cursors.write_one(rows[-1].place if rows else place), len(found) > most)


def _view(row: StoredHook, counts: hook_events.Counts | None) -> HookView:
    return HookView(
        hook_no=row.hook_no,
        name=row.name,
        shown=row.shown,
        kinds=tuple(row.kinds),
        is_on=row.is_on,
        paused_at=row.paused_at,
        failing_since=row.failing_since,
        problem=None if row.problem is None else unpacked(row.problem),
        problem_at=row.problem_at,
        well_at=row.well_at,
        made_at=row.made_at,
        waiting=counts.waiting if counts else 0,
        given_up=counts.given_up if counts else 0,
    )
