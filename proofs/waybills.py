"""Numbers are taken by several processes at once, from a platform that loses answers, and the processes are killed with -9: one number for each parcel."""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from proofs.support import ROOT, Proof
from tests.actions.waybills.counter import WaybillCounter
from tests.cast import make_cast
from tests.emulator.caller import quiet, running
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.records.db import open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import embedded

KILLS, ORDERS = 30, 400
KILLS_QUICK, ORDERS_QUICK = 3, 40
AT_ONCE = 2
"""Processes at work on the same orders at the same time."""
MISHAPS = {"cut_before": 0.1, "cut_after": 0.1, "server_error": 0.05}


def prove(seed: int, *, quick: bool) -> Proof:
    """Take, kill, take up what was left, and count on both sides."""
    kills, many = (KILLS_QUICK, ORDERS_QUICK) if quick else (KILLS, ORDERS)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="zg-waybills-") as folder, embedded(Path(folder)) as info, running(quiet()) as platform:
        migrate(info)
        with open_pool(info) as pool:
            house = House(pool=pool, home=Path(folder), rulebook=rulebook.load())
            people = make_cast(pool)
            counter = WaybillCounter(house, people.lin, people.shop_id, platform)
            account = counter.opened()
            orders = counter.orders(many)
            platform.mood(name="cutting", **MISHAPS)
            for _ in range(kills):
                killed_at_work(info, counter, account.account_no, orders, dice.uniform(0.05, 0.6))
            left = Counter(row.state for row in counter.rows(many * 3))
            platform.mood(name="fair")
            _settled(counter)
            told = counter.takes(orders, account)
            asked = [row.asked_times for row in counter.rows(many * 3)]
            taken = counter.taken_there()
    failures = [f"order {each.order_no} has no number: {each.why.text}" for each in told if each.why is not None]
    failures += [f"number {number} was taken and is no order's" for number in sorted(set(taken) - {each.waybill_no for each in told})]
    failures += [f"number {number} was given to {times} orders" for number, times in Counter(each.waybill_no for each in told).items() if times > 1]
    counts: dict[str, int | float | str] = {
        "orders": many,
        "processes killed with -9": kills * AT_ONCE,
        "left behind while being asked for": left["asked"],
        "left behind with their answer lost": left["unsure"],
        "asked for more than once": sum(times > 1 for times in asked),
        "numbers the platform gave out": len(taken),
        "numbers orders have": len({each.waybill_no for each in told}),
    }
    return Proof(
        claim="However often processes that take numbers are killed and answers lost, each order ends with one number, and the platform gave out no other.",
        counts=counts,
        failures=failures,
        notes=("The platform is the emulator: it answers the same object with the same number, which of the real one is only inferred.",),
    )


def killed_at_work(conninfo: str, counter: WaybillCounter, account_no: int, orders: list[str], after: float) -> None:
    """Some processes take numbers of the same orders, and are killed in the middle of it."""
    told = [conninfo, str(counter.house.home), str(counter.shop_id), counter.now.isoformat(), str(account_no), ",".join(orders)]
    command = [sys.executable, "-m", "tests.actions.waybills.taking_child", *told]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) for _ in range(AT_ONCE)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == b"at work\n"
    time.sleep(after)
    for child in children:
        child.kill()
        child.communicate()


def _settled(counter: WaybillCounter) -> None:
    """Lets the waits pass, and the worker take up what is due."""
    for _ in range(8):
        counter.wait(timedelta(minutes=11))
        while counter.works():
            pass
