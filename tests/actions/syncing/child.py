"""A process that serves a shop until it is killed: python -m tests.actions.syncing.child CONNINFO HOME SHOP NOW."""

import sys
from datetime import datetime
from pathlib import Path

from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.syncing import sync_some
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import open_pool


def main(conninfo: str, home: str, shop_id: str, now: str) -> None:
    """Works until nothing is left."""
    with open_pool(conninfo) as pool:
        house = House(pool, Path(home), rulebook.load(), Line(Paces(Limits(limit=()))))
        sys.stdout.write("at work\n")
        sys.stdout.flush()
        while sync_some(house, ShopId(int(shop_id)), datetime.fromisoformat(now), clock.unwound(), "child"):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
