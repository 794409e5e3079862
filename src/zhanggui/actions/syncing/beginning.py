"""Lets a shop be read from the platform, lets it rest, and lets it be read at once."""

from datetime import datetime

from zhanggui.connectors.pdd.windows import sources
from zhanggui.people.permissions import ShopId
from zhanggui.records import sync_sources
from zhanggui.records.db import Tx
from zhanggui.records.rousing import rouse

LANE = "sync"
"""The worker's lane that reads by windows."""


def begin_sync(tx: Tx, shop_id: ShopId, now: datetime, wall: datetime) -> None:
    """Lets every source of the shop be read from now on, or again: what it rested for is over."""
    sync_sources.begin(tx, shop_id, tuple(sources()), now, wall)
    rouse(tx, LANE)


def pause_sync(tx: Tx, shop_id: ShopId) -> None:
    """Lets the shop's sources rest until they are begun again. What was read stays; the hole that comes is found then."""
    sync_sources.pause(tx, shop_id)


def sync_soon(tx: Tx, shop_id: ShopId, wall: datetime) -> None:
    """Lets the newest minutes be read at once: something may have been missed."""
    sync_sources.plan_now(tx, shop_id, [name for name, source in sources().items() if source.daily_at is None], wall)
    rouse(tx, LANE)
