"""Somebody who takes numbers in a process of its own, to be killed: `python -m tests.actions.waybills.taking_child CONNINFO HOME SHOP NOW ACCOUNT ORDERS`."""

import random
import sys
from datetime import datetime
from pathlib import Path

from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.waybills import get_waybills
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.db import open_pool


def main(conninfo: str, home: str, shop_id: str, now: str, account_no: str, orders: str) -> None:
    """Takes numbers for some orders after the other until it is killed."""
    with open_pool(conninfo, max_size=6) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        sys.stdout.write("at work\n")
        sys.stdout.flush()
        nos = orders.split(",")
        while True:
            some = random.sample(nos, 7)
            get_waybills(house, operator(), ShopId(int(shop_id)), some, int(account_no), datetime.fromisoformat(now), clock.unwound())


if __name__ == "__main__":
    main(*sys.argv[1:])
