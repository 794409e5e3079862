"""A worker at the door in a process of its own, to be killed: `python -m tests.actions.outbox.sending_child CONNINFO HOME SHOP NOW HOLDER`."""

import sys
from datetime import datetime
from pathlib import Path

from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.outbox import send_due
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import open_pool


def main(conninfo: str, home: str, shop_id: str, now: str, holder: str) -> None:
    """Sends until it is killed."""
    with open_pool(conninfo, max_size=2) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        sys.stdout.write("at work\n")
        sys.stdout.flush()
        while True:
            send_due(house, ShopId(int(shop_id)), datetime.fromisoformat(now), clock.unwound(), holder, 3)


if __name__ == "__main__":
    main(*sys.argv[1:])
