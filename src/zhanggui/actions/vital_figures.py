"""The figures of the whole house for whoever watches the machine: the age of facts, what waits, what is overdue, who is at work; nothing of one shop."""

import shutil
from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.backups import newest_backup
from zhanggui.actions.house import House
from zhanggui.actions.presence import at_work
from zhanggui.actions.timetable import LANES, chores_of_somebody
from zhanggui.core.deadlines import Band
from zhanggui.records import chores, running, shops

IN_HAND = ("proposed", "announced", "sending", "unsure", "needs_person")


class VitalFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How the house does. Spans are seconds; what is not known has no figure."""

    shops: int
    workers: int
    facts_age: Mapping[str, float]
    """By source that is read by windows: of the shop that is furthest behind."""
    shops_read: Mapping[str, int]
    data_age: Mapping[str, float]
    """By kind of fact, files included: of the shop where it is oldest."""
    deadlines: Mapping[str, int]
    """By band."""
    at_risk: Mapping[str, int]
    """Fen, by band."""
    acts: Mapping[str, int]
    """In hand, by state."""
    queues: Mapping[tuple[str, str], int]
    """By queue, and due, later or given_up."""
    behind: Mapping[str, float]
    """By queue: how long the longest waiting has waited."""
    lane_idle: Mapping[str, float]
    """Since when nothing was done in a lane."""
    lane_trouble: Mapping[str, int]
    chore_age: Mapping[str, float]
    chore_failures: Mapping[str, int]
    connections: tuple[int, int, int]
    database_bytes: int
    disk_free: int
    backup_age: float | None


def vital_figures(house: House, now: datetime, wall: datetime) -> VitalFigures:
    """The figures at this moment, in one transaction that reads a few small tables and indexes."""
    with house.pool.connection() as tx:
        ids = [shop.shop_id for shop in shops.every(tx)]
        sources, kinds = running.sources(tx, ids), running.kinds(tx, ids)
        bands = {band.band: band for band in running.bands(tx, ids)}
        queues = running.queues(tx, ids, now, wall)
        late = running.deadlines_behind(tx, ids, now)
        acts, lanes, done = running.acts(tx, ids), {lane.lane: lane for lane in running.lanes(tx, ids)}, chores.every(tx)
        connections, size = running.connections(tx), running.size(tx)
    backup = newest_backup(house, wall)
    somebodys = chores_of_somebody(done, wall)
    waits = {queue.name: _since(queue.oldest, now if queue.name in {"acts", "alerts"} else wall) for queue in queues}
    return VitalFigures(
        shops=len(ids),
        workers=len(at_work(house, wall)),
        facts_age={each.name: _since(each.oldest, now) for each in sources},
        shops_read={each.name: each.shops for each in sources},
        data_age={each.name: _since(each.oldest, now) for each in kinds},
        deadlines={band.name.lower(): bands[band].deadlines if band in bands else 0 for band in Band},
        at_risk={band.name.lower(): bands[band].at_risk if band in bands else 0 for band in Band},
        acts={state: acts.get(state, 0) for state in IN_HAND},
        queues={(queue.name, part): getattr(queue, part) for queue in queues for part in ("due", "later", "given_up")},
        behind={**waits, "deadlines": _since(late, now)},
        lane_idle={lane.name: _since(lanes[lane.name].last_at, wall) for lane in LANES if lane.name in lanes and lanes[lane.name].last_at is not None},
        lane_trouble={lane.name: lanes[lane.name].in_trouble if lane.name in lanes else 0 for lane in LANES},
        chore_age={chore.name: _since(done[chore.name].began_at, wall) for chore in somebodys if chore.name in done},
        chore_failures={chore.name: done[chore.name].failures if chore.name in done else 0 for chore in somebodys},
        connections=connections,
        database_bytes=size,
        disk_free=shutil.disk_usage(house.home).free,
        backup_age=None if backup is None else _since(backup.made_at, wall),
    )


def _since(moment: datetime | None, now: datetime) -> float:
    """Seconds from then to now; none where nothing waits or the moment is still to come."""
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
