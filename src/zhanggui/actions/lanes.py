"""The lanes of the worker, shop by shop: a shop in trouble rests in that lane, longer each time, while every other is served."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.house import House
from zhanggui.core.say import Say
from zhanggui.people.permissions import ShopId
from zhanggui.records import hints
from zhanggui.records import lanes as records
from zhanggui.records.db import Tx, may_be_lost
from zhanggui.records.rousing import rouse
from zhanggui.records.says import packed

FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(minutes=5)
LONG_TROUBLE = 3
"""So many failures in a row were the platform's, not those of one thing."""
MOST_ATTEMPTS = 8
ONE_TRY_LEFT = MOST_ATTEMPTS - 1
FARTHEST = timedelta(hours=1)
"""Farther ahead than any rest or wait is ever given."""


class ShopRests(Exception):
    """This shop cannot be served in this lane for now; nothing is wrong with the others. At least so long; without a sentence it is no trouble."""

    def __init__(self, say: Say | None, wait: timedelta = timedelta(0)) -> None:
        super().__init__(say.text if say else "for a moment")
        self.say = say
        self.wait = wait


class Standing(msgspec.Struct, frozen=True):
    """Whether a shop may be served in a lane, and how often in a row it was in trouble there."""

    may: bool
    failures: int

    @property
    def in_trouble(self) -> bool:
        """Whether the last time went badly."""
        return self.failures > 0


def standings(house: House, lane: str, shop_ids: Sequence[ShopId], wall: datetime) -> dict[ShopId, Standing]:
    """How each of these shops stands in the lane."""
    with house.pool.connection() as tx:
        states = records.of_lane(tx, shop_ids, lane)
    return {shop_id: _standing(states.get(shop_id), wall) for shop_id in shop_ids}


def went_well(house: House, lane: str, shop_id: ShopId, wall: datetime) -> None:
    """Note that something was done there. After a long trouble, what was given up meanwhile is tried once more."""
    with house.pool.connection() as tx:
        may_be_lost(tx)
        before = records.of_lane(tx, [shop_id], lane).get(shop_id)
        records.well(tx, shop_id, lane, wall)
        if before is not None and before.failures >= LONG_TROUBLE:
            hints.try_again(tx, shop_id, wall, ONE_TRY_LEFT)


def let_rest(house: House, lane: str, shop_id: ShopId, rests: ShopRests, wall: datetime) -> timedelta:
    """Let the shop alone in this lane, longer with each failure in a row. Answers how long."""
    with house.pool.connection() as tx:
        before = records.of_lane(tx, [shop_id], lane).get(shop_id)
        failures = 0 if before is None else before.failures
        if rests.say is None:
            # being asked to be slower is no failure
            wait = rests.wait
        else:
            failures += 1
            wait = max(rests.wait, wait_after(failures, FIRST_REST, LONGEST_REST))
        records.rest(tx, shop_id, lane, failures, wall + wait, packed(rests.say), wall)
    return wait


def resume(tx: Tx, shop_id: ShopId) -> None:
    """End every rest of the shop: what troubled it may be mended."""
    records.resume(tx, shop_id)
    for lane in ("hints", "sync", "door", "due"):
        rouse(tx, lane)


def _standing(state: records.LaneState | None, wall: datetime) -> Standing:
    if state is None:
        return Standing(may=True, failures=0)
    until = state.paused_until
    # a rest that long was given by a clock that was wrong
    return Standing(may=until is None or until <= wall or until > wall + FARTHEST, failures=state.failures)
