"""Workers are killed with -9 while they send, again and again: each act happens once all the same."""

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.core.acts import ActKind, ActLevel, NoteOrder
from zhanggui.records.db import transact

KILLS, NOTES = 6, 30
SEED = 20261121


@pytest.mark.slow
def test_each_act_happens_once_though_workers_are_killed_while_they_send(house: House, people: Cast, database: str, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with running(quiet()) as platform:
        door = Door(house, people.lin, people.shop_id, platform)
        door.put(ActKind.ORDER_NOTE, ActLevel.SUGGEST)
        decided = {_noted(door, order_no): order_no for order_no in door.orders(NOTES)}
        platform.mood(name="cutting", cut_before=0.05, cut_after=0.05)
        for number in range(KILLS):
            _killed_at_work(database, tmp_path, door, f"worker {number}", dice.uniform(0.05, 0.5))
        platform.mood(name="fair")
        for _ in range(6):
            door.wait(timedelta(minutes=11))
            door.works(100)
        happened = Counter(str(entry["keys"]["order_sn"]) for entry in platform.ledger(effect="order.noted"))
        states = Counter(door.act(act_no).state for act_no in decided)

    assert states == {"carried_out": NOTES}
    assert happened == dict.fromkeys(decided.values(), 1)


def _noted(door: Door, order_no: str) -> int:
    return transact(door.house.pool, lambda tx: decide(tx, door.house, door.by, door.shop_id, NoteOrder(order_no=order_no, note="装紧"), door.now))


def _killed_at_work(database: str, home: Path, door: Door, holder: str, after: float) -> None:
    command = [sys.executable, "-m", "tests.actions.outbox.sending_child", database, str(home), str(door.shop_id), door.now.isoformat(), holder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"at work\n"
        time.sleep(after)
        child.kill()
