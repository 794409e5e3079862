"""The timetable as a person sees it: who is at work, each chore's last run and next, and how every lane stands in each shop."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.presence import at_work
from zhanggui.actions.reading_again import try_again
from zhanggui.actions.timetable import LANES, MESSAGES, chores_of_somebody
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import chores, connections, deadlines, hints, lanes, outbox, sync_windows
from zhanggui.records.chores import ChoreState
from zhanggui.records.db import Tx
from zhanggui.records.lanes import LaneState
from zhanggui.records.says import unpacked
from zhanggui.records.workers import WorkerState

MOST_TROUBLES = 50
MOST_COUNTED = 1000
"""A queue is counted up to here: whether more wait changes nothing for whoever looks."""
STREAM_TITLE = say("Listen to what the platform pushes")


class ChoreSeen(msgspec.Struct, frozen=True):
    """A chore, when it was last begun, when it is begun next, and its trouble where the last run failed."""

    name: str
    title: Say
    every: timedelta
    last_at: datetime | None
    next_at: datetime | None
    failures: int
    problem: Say | None


class LaneInShop(msgspec.Struct, frozen=True, kw_only=True):
    """How one lane stands in one shop."""

    shop: ShopInfo
    due: int = 0
    """What waits to be done now."""
    later: int = 0
    given_up: int = 0
    oldest: datetime | None = None
    """Since when the longest waiting one is due, by the wall clock."""
    next_at: datetime | None = None
    last_at: datetime | None = None
    failures: int = 0
    rests_until: datetime | None = None
    problem: Say | None = None


class LaneSeen(msgspec.Struct, frozen=True):
    """A lane, shop by shop."""

    name: str
    title: Say
    shops: tuple[LaneInShop, ...]


class Unread(msgspec.Struct, frozen=True):
    """A thing that could not be read from the platform again."""

    shop: ShopInfo
    what: str
    no: str
    attempts: int
    tried_at: datetime | None
    next_at: datetime | None
    """None once it was given up."""
    problem: Say


class Timetable(msgspec.Struct, frozen=True):
    """Everything on one screen. Moments are the wall clock's."""

    wall: datetime
    workers: tuple[WorkerState, ...]
    chores: tuple[ChoreSeen, ...]
    lanes: tuple[LaneSeen, ...]
    unread: tuple[Unread, ...]
    may_try_again: bool


def timetable(house: House, by: Person, now: datetime, wall: datetime) -> Timetable:
    """What the worker does and how it fares, in the shops whose settings this person may see."""
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.SETTINGS_READ, None)
        done = chores.every(tx)
        states = {(state.shop_id, state.lane): state for state in lanes.of_shops(tx, list(shops))}
        queues = _queues(tx, shops, now, wall)
        connected = set(connections.connected(tx, list(shops)))
        unread = tuple(_unread(row, shops[ShopId(row.shop_id)]) for row in hints.troubles(tx, list(shops), MOST_TROUBLES))
    return Timetable(
        wall=wall,
        workers=at_work(house, wall),
        chores=tuple(_chore_seen(chore.name, chore.title, chore.every, done.get(chore.name)) for chore in chores_of_somebody(done, wall)),
        lanes=tuple(_lane_seen(name, title, shops, connected, queues.get(name, {}), states, wall) for name, title in _named_lanes()),
        unread=unread,
        may_try_again=any(by.may(Permission.SETTINGS_WRITE, shop_id) for shop_id in shops),
    )


def read_again_now(house: House, by: Person, wall: datetime) -> int:
    """Try once more what was given up, in the shops this person may set up; how many things that are."""
    with house.pool.connection() as tx:
        shops = [shop_id for shop_id in shops_with(tx, by, Permission.SETTINGS_READ, None) if by.may(Permission.SETTINGS_WRITE, shop_id)]
    return try_again(house, shops, wall)


def _named_lanes() -> list[tuple[str, Say]]:
    return [(lane.name, lane.title) for lane in LANES] + [(MESSAGES, STREAM_TITLE)]


def _queues(tx: Tx, shops: Mapping[ShopId, ShopInfo], now: datetime, wall: datetime) -> dict[str, dict[ShopId, LaneInShop]]:
    """What waits in each lane of each shop."""
    shop_ids = list(shops)
    waiting = {
        ShopId(queue.shop_id): LaneInShop(
            shop=shops[ShopId(queue.shop_id)], due=queue.due, later=queue.later, given_up=queue.given_up, oldest=queue.oldest, next_at=queue.next_at
        )
        for queue in hints.queues(tx, shop_ids, wall)
    }
    due = {shop_id: LaneInShop(shop=shops[shop_id], due=deadlines.count_due(tx, shop_id, now, MOST_COUNTED)) for shop_id in shop_ids}
    windows = {shop_id: LaneInShop(shop=shops[shop_id], due=_windows(tx, shop_id), next_at=sync_windows.next_due(tx, shop_id)) for shop_id in shop_ids}
    acts: dict[ShopId, LaneInShop] = {}
    for (of_shop, _), many in outbox.counts(tx, shop_ids).items():
        shop_id = ShopId(of_shop)
        before = acts.get(shop_id, LaneInShop(shop=shops[shop_id]))
        acts[shop_id] = msgspec.structs.replace(before, due=before.due + many)
    return {"hints": waiting, "due": due, "sync": windows, "door": acts}


def _windows(tx: Tx, shop_id: ShopId) -> int:
    return sum(count.planned + count.running + count.failed for count in sync_windows.counts(tx, shop_id).values())


def _lane_seen(
    name: str,
    title: Say,
    shops: Mapping[ShopId, ShopInfo],
    connected: set[int],
    queues: Mapping[ShopId, LaneInShop],
    states: Mapping[tuple[int, str], LaneState],
    wall: datetime,
) -> LaneSeen:
    """The lane in every shop it may have work in: to-dos in all of them, the rest in connected ones."""
    shown = [shop_id for shop_id in shops if name == "due" or shop_id in connected or (shop_id in queues and queues[shop_id].due)]
    return LaneSeen(name, title, tuple(_in_shop(queues.get(shop_id, LaneInShop(shop=shops[shop_id])), states.get((shop_id, name)), wall) for shop_id in shown))


def _in_shop(queue: LaneInShop, state: LaneState | None, wall: datetime) -> LaneInShop:
    if state is None:
        return queue
    rests = state.paused_until if state.failures and state.paused_until is not None and state.paused_until > wall else None
    problem = unpacked(state.problem) if state.problem and state.failures else None
    return msgspec.structs.replace(queue, last_at=state.last_at, failures=state.failures, rests_until=rests, problem=problem)


def _chore_seen(name: str, title: Say, every: timedelta, state: ChoreState | None) -> ChoreSeen:
    if state is None:
        return ChoreSeen(name, title, every, None, None, 0, None)
    return ChoreSeen(name, title, every, state.began_at, state.began_at + every, state.failures, unpacked(state.problem) if state.problem else None)


def _unread(row: hints.Trouble, shop: ShopInfo) -> Unread:
    return Unread(shop, row.what, row.no, row.attempts, row.tried_at, row.look_at, unpacked(row.problem))
