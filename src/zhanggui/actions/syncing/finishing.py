"""Stores what a window held and notes in the ledger that it was read: both in one transaction, or neither."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.intake.ageing import raise_age
from zhanggui.actions.intake.standing import PROFILE, Standing
from zhanggui.actions.intake.tally import Outcome
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.syncing.bearing_out import bear_out
from zhanggui.actions.syncing.found import Found, Odd
from zhanggui.core.coverage import Span, merged, newest, stretch_from
from zhanggui.core.facts import AftersaleFacts, FactKind, Facts, OrderFacts, Sighting, key_of
from zhanggui.core.news import News, merge
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, locks, sync_left_out, sync_sources, sync_windows
from zhanggui.records.db import Tx
from zhanggui.records.says import packed
from zhanggui.records.sync_sources import SourceRecord
from zhanggui.records.sync_windows import DoneWindow, Window

MOST_DONE = 200
"""So many done windows stand in the ledger before those that touch are written as one."""


class Moments(msgspec.Struct, frozen=True):
    """When it happens, by the three clocks: the house's, the wall's, and the platform's when the reading began."""

    now: datetime
    wall: datetime
    read_at: datetime


class Stored(msgspec.Struct, frozen=True):
    """What a window brought."""

    new: int = 0
    changed: int = 0
    healed: int = 0


def finish(house: House, tx: Tx, shop_id: ShopId, holder: str, window: Window, found: Found, calls: int, at: Moments) -> Stored | None:
    """What the window brought, now stored; None where the window is no longer ours, and nothing was."""
    locks.do_not_wait_long(tx)
    locks.hold_shop(tx, shop_id)
    held = sync_windows.hold(tx, shop_id, window.window_id, holder)
    if held is None:
        return None
    healed = _healed(tx, shop_id, found.sightings) if window.source == "recheck" else 0
    outcome = store_told(house, tx, shop_id, found.sightings, found.odd, at.now)
    new, changed = (sum(getattr(result, sort) for result in outcome.results) for sort in ("new", "changed"))
    _note_done(tx, shop_id, window, found, calls, new + changed, at)
    horizon, seen_to = _note_horizon(tx, shop_id, window, found, calls, healed, at.wall)
    rulebook = rulebook_in(tx, house, shop_id)
    if seen_to is not None and window.source in sync_sources.WATCHES:
        raise_age(tx, shop_id, sync_sources.WATCHES[window.source], seen_to, rulebook, at.now)
    if horizon is not None:
        bear_out(tx, shop_id, window.source, horizon, rulebook, at.now)
    sync_sources.look_next(tx, shop_id, [window.source])
    return Stored(new, changed, healed)


def store_told(house: House, tx: Tx, shop_id: ShopId, told: Sequence[Sighting[Any]], odd: Sequence[Odd], now: datetime, profile: str = PROFILE) -> Outcome:
    """Stores what the platform (or who else the profile names) told, by the road that files take, and keeps what could not be read.

    The shop's lock is held by the caller.
    """
    if told and sync_left_out.any_in_shop(tx, shop_id):
        for kind, facts in ((FactKind.ORDER, OrderFacts), (FactKind.AFTERSALE, AftersaleFacts)):
            sync_left_out.remove(tx, shop_id, kind.value, [key_of(one.facts) for one in told if isinstance(one.facts, facts)])
    # only now: of what was taken, something may be odd all the same
    for one in odd:
        sync_left_out.put(tx, shop_id, one.kind.value, one.no, packed(one.reason) or "", now)
    if not told:
        return Outcome()
    return Standing(tx, shop_id, rulebook_in(tx, house, shop_id), now, profile).store(told, now)


def split(tx: Tx, shop_id: ShopId, holder: str, window: Window, parts: Sequence[Span], calls: int, wall: datetime) -> None:
    """Puts the parts of a window in its place, all at once, so that no moment of it is ever without a window."""
    if sync_windows.hold(tx, shop_id, window.window_id, holder) is not None:
        sync_windows.remove(tx, shop_id, [window.window_id])
        sync_windows.put(tx, shop_id, window.source, [(part, window.rank) for part in parts], wall)
    sync_sources.spent(tx, shop_id, window.source, calls)
    sync_sources.look_next(tx, shop_id, [window.source])


def _note_done(tx: Tx, shop_id: ShopId, window: Window, found: Found, calls: int, changed: int, at: Moments) -> None:
    sync_windows.done(
        tx,
        shop_id,
        window.window_id,
        read_at=at.read_at,
        settled_to=found.settled_to,
        calls=calls,
        things=found.things,
        changed=changed,
        wall=at.wall,
    )
    sync_windows.put(tx, shop_id, window.source, [(span, window.rank) for span in found.again], at.wall)


def _note_horizon(tx: Tx, shop_id: ShopId, window: Window, found: Found, calls: int, healed: int, wall: datetime) -> tuple[datetime | None, datetime | None]:
    """How far the source has been read without a hole, as the ledger says now."""
    source = sync_sources.lock(tx, shop_id, window.source)
    assert source is not None
    done = sync_windows.read(tx, shop_id, window.source)
    floor, horizon, seen_to = reach_of(source.floor, done)
    sync_sources.read(tx, shop_id, window.source, floor=floor, horizon=horizon, seen_to=seen_to, calls=calls, things=found.things, healed=healed)
    if len(done) > MOST_DONE:
        _compact(tx, shop_id, source, done, wall)
    return horizon, seen_to


def reach_of(floor: datetime | None, done: Sequence[DoneWindow]) -> tuple[datetime | None, datetime | None, datetime | None]:
    """The stretch without a hole around a floor (the newest one where there is none yet): where it begins, where what is settled ends, where all ends."""
    settled = merged(Span(one.starts_at, one.settled_to) for one in done if one.settled_to > one.starts_at)
    if floor is None:
        stretch = newest(settled)
        floor = stretch.begins if stretch else None
    if floor is None:
        return None, None, None
    around_it = next((span for span in settled if span.begins <= floor <= span.ends), None)
    if around_it is None:
        return floor, None, None
    seen = stretch_from([*settled, *(Span(one.starts_at, one.ends_at) for one in done)], around_it.begins)
    return around_it.begins, around_it.ends, seen


def _compact(tx: Tx, shop_id: ShopId, source: SourceRecord, done: Sequence[DoneWindow], wall: datetime) -> None:
    """Writes windows that touch as one. What was read of the unsettled minutes has served its time, the newest excepted, which says how far was seen."""
    newest_seen = max(done, key=lambda one: (one.ends_at, one.window_id))
    old = [one for one in done if one.window_id != newest_seen.window_id]
    sync_windows.remove(tx, shop_id, [one.window_id for one in old])
    stretches = merged(Span(one.starts_at, one.settled_to) for one in old if one.settled_to > one.starts_at)
    sync_windows.put_done(tx, shop_id, source.source, [(span, _oldest_reading(span, old)) for span in stretches], wall)


def _oldest_reading(span: Span, done: Iterable[DoneWindow]) -> datetime:
    return min(one.read_at for one in done if span.begins <= one.starts_at and one.settled_to <= span.ends)


def _healed(tx: Tx, shop_id: ShopId, told: Sequence[Sighting[Facts]]) -> int:
    """How many orders of a re-check we should have known otherwise: their version lies in a stretch that was read without a hole, and still they differ."""
    orders = {sighting.facts.order_no: sighting for sighting in told if isinstance(sighting.facts, OrderFacts)}
    covered = merged(Span(one.starts_at, one.settled_to) for one in sync_windows.read(tx, shop_id, "orders") if one.settled_to > one.starts_at)
    known = around.orders(tx, shop_id, list(orders))
    healed = 0
    for no, sighting in orders.items():
        as_of = sighting.as_of
        if as_of is None or not any(span.begins <= as_of <= span.ends for span in covered):
            continue
        before = known.get(no)
        after = merge(before.facts if before else None, before.as_of if before else None, sighting.facts, sighting.given, as_of)
        healed += after.news in (News.NEW, News.CHANGED)
    return healed
