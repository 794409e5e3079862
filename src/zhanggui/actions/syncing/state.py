"""How a shop stands with the platform: per source how far it was read without a hole, what is still to be read, the last trouble."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.syncing.planning import run_begins
from zhanggui.connectors.pdd.windows import sources
from zhanggui.core.coverage import Span, holes
from zhanggui.core.facts import FactKind
from zhanggui.core.say import Say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import sync_left_out, sync_sources, sync_windows
from zhanggui.records.db import Tx
from zhanggui.records.says import unpacked
from zhanggui.records.sync_sources import SourceRecord

MOST_LEFT_OUT = 20


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """One source. Moments are the platform's, but `next_at` and `trouble_at`, which the wall clock keeps."""

    source: str
    goal: datetime | None
    """How far back it is to be read."""
    floor: datetime | None
    """From here to the horizon everything was read."""
    horizon: datetime | None
    seen_to: datetime | None
    """The same with the last minutes, which are read again because the platform's read side lags."""
    holes: tuple[tuple[datetime, datetime], ...]
    """Stretches between the goal and the newest reading that are still to be read."""
    planned: int
    running: int
    failed: int
    windows_done: int
    calls: int
    things: int
    healed: int
    trouble: Say | None
    trouble_at: datetime | None
    next_at: datetime | None
    """When there is something to do next; None while the source is paused."""


class LeftOutThing(msgspec.Struct, frozen=True):
    """Something the platform told that could not be read, and why."""

    kind: FactKind
    no: str
    reason: Say
    seen_at: datetime


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """A shop's reading from the platform."""

    shop_id: ShopId
    begun: bool
    sources: tuple[SourceState, ...]
    left_out: tuple[LeftOutThing, ...]


def sync_state(house: House, by: Person, shop_id: ShopId, now: datetime) -> SyncState:  # noqa: ARG001  # every read of a state is told the moment
    """How the shop stands."""
    by.need(Permission.IMPORTS_READ, shop_id)
    with house.pool.connection() as tx:
        records = sync_sources.of_shop(tx, shop_id)
        counts = sync_windows.counts(tx, shop_id)
        states = tuple(_state(tx, record, counts.get(record.source)) for record in records)
        left_out = sync_left_out.newest(tx, shop_id, MOST_LEFT_OUT)
    return SyncState(
        shop_id=shop_id,
        begun=any(record.look_at is not None for record in records),
        sources=states,
        left_out=tuple(LeftOutThing(FactKind(one.kind), one.no, unpacked(one.reason), one.seen_at) for one in left_out),
    )


def _state(tx: Tx, record: SourceRecord, counts: sync_windows.Counts | None) -> SourceState:
    return SourceState(
        source=record.source,
        goal=record.goal,
        floor=record.floor,
        horizon=record.horizon,
        seen_to=record.seen_to,
        holes=tuple((hole.begins, hole.ends) for hole in _holes(tx, record)),
        planned=counts.planned if counts else 0,
        running=counts.running if counts else 0,
        failed=counts.failed if counts else 0,
        windows_done=record.windows,
        calls=record.calls,
        things=record.things,
        healed=record.healed,
        trouble=unpacked(record.problem) if record.problem else None,
        trouble_at=record.problem_at,
        next_at=record.look_at,
    )


def _holes(tx: Tx, record: SourceRecord) -> tuple[Span, ...]:
    """What lies between the goal and the newest settled moment and was not read. Of the day's re-check what is still planned."""
    source = sources().get(record.source)
    done = [one for one in sync_windows.read(tx, record.shop_id, record.source) if one.settled_to > one.starts_at]
    pending = list(sync_windows.pending(tx, record.shop_id, record.source).values())
    settled = [Span(one.starts_at, one.settled_to) for one in done]
    if record.goal is None or source is None or not (settled or pending):
        return ()
    if source.daily_at is not None:
        newest_reading = max((one.read_at for one in done), default=None)
        fresh = [] if newest_reading is None else [one for one in done if one.read_at >= run_begins(source, newest_reading)]
        settled = [Span(one.starts_at, one.settled_to) for one in fresh]
        return tuple(hole for span in pending for hole in holes(span, settled))
    newest = max(span.ends for span in settled) if settled else max(span.ends for span in pending)
    return holes(Span(record.goal, newest), settled)
