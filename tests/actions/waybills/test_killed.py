"""Processes are killed with -9 while they take numbers from a platform that loses answers: each order ends with one number, and no second one was taken."""

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.waybills.counter import WaybillCounter

KILLS, ORDERS = 5, 60
SEED = 20261122


@pytest.mark.slow
def test_each_order_has_one_number_though_whoever_takes_them_is_killed(counter: WaybillCounter, database: str) -> None:
    dice = random.Random(SEED)
    account = counter.opened()
    orders = counter.orders(ORDERS)
    counter.platform.mood(name="cutting", cut_before=0.1, cut_after=0.1)
    for _ in range(KILLS):
        killed_at_work(database, counter, account.account_no, orders, dice.uniform(0.05, 0.4))
    left_behind = Counter(row.state for row in counter.rows())
    counter.platform.mood(name="fair")

    for _ in range(8):
        counter.wait(timedelta(minutes=11))
        while counter.works():
            pass
    told = counter.takes(orders, account)

    assert left_behind["asked"] + left_behind["unsure"] > 0
    assert [each.waybill_no for each in told if each.why] == []
    assert sorted(each.waybill_no or "" for each in told) == sorted(counter.taken_there())
    assert len(counter.taken_there()) == ORDERS


def killed_at_work(database: str, counter: WaybillCounter, account_no: int, orders: list[str], after: float) -> None:
    """One process takes numbers, and is killed in the middle of it."""
    told = [database, str(counter.house.home), str(counter.shop_id), counter.now.isoformat(), str(account_no), ",".join(orders)]
    command = [sys.executable, "-m", "tests.actions.waybills.taking_child", *told]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[3]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"at work\n"
        time.sleep(after)
        child.kill()
