"""A merchant's afternoon at the terminal, on a home with its own database: import, read, explain, count, take back; and a kill in the middle."""

import signal
import time
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP, order_export, order_no
from tests.cli.terminal import Terminal
from tests.cli.test_importing import TUESDAY
from zhanggui.rulebook import load

MONDAY = "2026-11-16T14:30:00+08:00"


@pytest.mark.slow
def test_an_afternoon_at_the_terminal(own_terminal: Terminal, orders: Path, tmp_path: Path) -> None:
    zhanggui = own_terminal.run

    # The first export comes in; the shop is made with it.
    taken = zhanggui("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")
    assert (taken.code, taken.json["new"]) == (0, 110)
    assert zhanggui("shops", "--json").json == {"shops": [{"shop_id": 1, "name": SHOP}]}

    # What to touch first on Monday afternoon: an order that is overdue, with a rule that exists and money at risk.
    todo = zhanggui("todo", "--shop", SHOP, "--at", MONDAY, "--limit", "5", "--json").json
    assert todo["at"] == "2026-11-16T06:30:00Z"
    assert [item["rank"] for item in todo["todo"]] == [1, 2, 3, 4, 5]
    assert {item["order_no"] for item in todo["todo"]} >= {order_no("late_1"), order_no("late_2"), order_no("late_3")}
    losses = [item["expected_loss_fen"] for item in todo["todo"]]
    assert losses == sorted(losses, reverse=True)
    late = next(item for item in todo["todo"] if item["order_no"] == order_no("late_1"))
    assert (late["band"], late["act"], late["deadline"]["due_at"]) == ("overdue", "apologise_and_promise", "2026-11-16T04:52:08Z")
    assert late["seconds_left"] == -5872
    assert load().by_cite(late["deadline"]["rule"]).title.zh

    # Why that order: step by step, each step a sentence.
    told = zhanggui("explain", order_no("late_1"), "--shop", SHOP, "--json").json
    ship_by = next(one for one in told["explanations"] if one["deadline"]["kind"] == "ship_by")
    assert ship_by["deadline"]["due_source"] == "platform"
    assert len(ship_by["steps"]) >= 3
    assert all(step["said"] for step in ship_by["steps"])

    # Counted by hand from the file: every shipped order of the fortnight left in time.
    measures = zhanggui("measures", "--shop", SHOP, "--json").json
    rate = measures["on_time_shipment_rate"]
    assert rate["value"] == pytest.approx(rate["numerator"] / rate["denominator"])
    assert [measures["mean_score"][name] for name in ("numerator", "denominator", "value")] == [0, 0, None]
    assert measures["valid_ratings"]["value"] == 0

    # Tuesday's export is a mistake, and is taken back: nothing of it is left.
    newer = order_export(tmp_path / "orders_export20261117101003.csv", moment=TUESDAY)
    zhanggui("import", str(newer), "--shop", SHOP, "--yes", "--json")
    batches = zhanggui("batches", "--shop", SHOP, "--json").json["batches"]
    assert [batch["state"] for batch in batches] == ["done", "done"]
    assert zhanggui("undo", str(batches[0]["batch"]), "--shop", SHOP, "--json").json["state"] == "undone"
    assert zhanggui("measures", "--shop", SHOP, "--json").json == measures

    # And the first one too: the shop is empty again.
    zhanggui("undo", str(batches[1]["batch"]), "--shop", SHOP, "--json")
    assert zhanggui("todo", "--shop", SHOP, "--at", MONDAY, "--json").json["todo"] == []
    assert zhanggui("explain", order_no("late_1"), "--shop", SHOP, "--json").code == 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill that cannot be caught")
def test_an_import_that_was_killed_leaves_nothing_half_done(own_terminal: Terminal, orders: Path) -> None:
    own_terminal.run("import", str(orders), "--shop", "空店", "--create", "--yes", "--json")
    cut_off = own_terminal.start("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")
    time.sleep(0.8)
    cut_off.kill()
    cut_off.communicate()

    again = own_terminal.run("import", str(orders), "--shop", SHOP, "--create", "--yes", "--json")

    assert again.code == 0
    assert again.json["new"] in {0, 110}
    assert again.json["new"] + 110 * len(again.json["already_imported"]) == 110
    assert own_terminal.run("explain", order_no("late_1"), "--shop", SHOP, "--json").code == 0
