"""Plans the windows of a shop's sources so that what was read and what is planned together leave no hole."""

from datetime import datetime, timedelta

from zhanggui.connectors.pdd.windows import REACH, Source, sources
from zhanggui.core.coverage import Span, plan
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.people.permissions import ShopId
from zhanggui.records import sync_sources, sync_windows
from zhanggui.records.db import Tx
from zhanggui.records.sync_sources import SourceRecord
from zhanggui.records.sync_windows import DoneWindow

HEADROOM = timedelta(hours=1)
"""So much younger than the oldest that can be read a first window is: it is read last, and must not have grown too old by then."""
FRESH = timedelta(hours=2)
"""What ended so lately is read before anything else."""


def plan_due(tx: Tx, shop_id: ShopId, platform_now: datetime, wall: datetime) -> list[str]:
    """The sources that were planned: those whose time had come and that nobody else was planning."""
    planned = []
    for record in sync_sources.lock_to_plan(tx, shop_id, wall):
        source = sources().get(record.source)
        if source is not None:
            _plan(tx, record, source, platform_now, wall)
            planned.append(source.name)
    sync_sources.look_next(tx, shop_id, planned)
    return planned


def _plan(tx: Tx, record: SourceRecord, source: Source, platform_now: datetime, wall: datetime) -> None:
    shop_id, reach = record.shop_id, platform_now - REACH
    goal = record.goal or _goal(source, platform_now)
    pending = sync_windows.pending(tx, shop_id, source.name)
    beyond = [window_id for window_id, span in pending.items() if span.ends <= reach]
    if beyond:
        sync_windows.remove_waiting(tx, shop_id, beyond)  # the platform tells nothing of those days any more
    done = sync_windows.read(tx, shop_id, source.name)
    if source.daily_at is not None:
        done = _of_this_run(tx, record, source, done, platform_now)
    target = _target(record, source, goal, platform_now, is_first=not done and not pending)
    missing = plan(target, (_covered(one, source, platform_now) for one in done), pending.values(), source.window)
    sync_windows.put(tx, shop_id, source.name, [(span, _rank(source, span, platform_now)) for span in missing], wall)
    # after so long a time away the days before can never be read: the stretch without a hole begins anew
    floor = None if record.horizon is not None and record.horizon < reach + HEADROOM else record.floor
    sync_sources.planned(tx, shop_id, source.name, plan_at=wall + source.every, goal=goal, floor=floor)


def _goal(source: Source, platform_now: datetime) -> datetime:
    """How far back a source is read when it is begun."""
    return platform_now - source.back


def _target(record: SourceRecord, source: Source, goal: datetime, platform_now: datetime, *, is_first: bool) -> Span:
    """What is to be covered now. What is read anew every day goes back as far every day; the other sources never let go of where they began."""
    begins, ends = max(goal, platform_now - REACH + HEADROOM), platform_now - source.margin
    if source.daily_at is None:
        return Span(begins, ends)
    return Span(_goal(source, platform_now), ends if is_first and record.windows == 0 else min(ends, run_begins(source, platform_now)))


def _covered(window: DoneWindow, source: Source, platform_now: datetime) -> Span:
    """What of a window need not be read again now: what is settled; where much was in it, all of it until it can be settled, so that what changes in a busy
    shop is read twice and not each minute until then."""
    waits = window.things > source.page_size and window.ends_at > platform_now - source.settle
    return Span(window.starts_at, window.ends_at if waits else window.settled_to)


def _of_this_run(tx: Tx, record: SourceRecord, source: Source, done: list[DoneWindow], platform_now: datetime) -> list[DoneWindow]:
    """The windows read since the day's re-check fell due; the others have had their time and leave the ledger."""
    since = run_begins(source, platform_now)
    stale = [one.window_id for one in done if one.read_at < since]
    sync_windows.remove(tx, record.shop_id, stale)
    return [one for one in done if one.read_at >= since]


def run_begins(source: Source, platform_now: datetime) -> datetime:
    """The moment at which the re-check last fell due."""
    due: datetime = start_of_day(shanghai_day(platform_now)) + timedelta(seconds=source.daily_at or 0)
    return due if due <= platform_now else due - timedelta(days=1)


def _rank(source: Source, span: Span, platform_now: datetime) -> int:
    return 0 if span.ends >= platform_now - FRESH else source.rank
