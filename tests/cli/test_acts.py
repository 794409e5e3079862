"""`zhanggui acts`: list, stop, switch."""

import pytest

from tests.cast import make_cast
from tests.cli.terminal import Terminal
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.core.acts import NoteOrder
from zhanggui.records.db import Pool

SHOP = "林记坚果"


@pytest.fixture
def decided(house: House, pool: Pool) -> tuple[int, int]:
    """Two notes that a person sent off and nobody has sent yet."""
    people = make_cast(pool)
    with pool.connection() as tx:
        first, second = [decide(tx, house, people.lin, people.shop_id, NoteOrder(order_no=no, note="装紧"), clock.now()) for no in ("1-1", "1-2")]
    return first, second


def test_it_lists_stops_and_switches(terminal: Terminal, decided: tuple[int, int]) -> None:
    first, second = decided
    listed = terminal.run("acts", "list", "--shop", SHOP, "--json")
    stopped = terminal.run("acts", "stop", str(first), "--shop", SHOP, "--json")
    refused = terminal.run("acts", "stop", str(first), "--shop", SHOP, "--json")
    closed = terminal.run("acts", "switch", "off", "--json")
    after = terminal.run("acts", "list", "--json")
    opened = terminal.run("acts", "switch", "on", "--json")

    assert listed.code == 0, listed.err
    assert listed.json["is_open"] is True
    assert [(act["act"], act["kind"], act["state"], act["decided_by"]) for act in listed.json["acts"]] == [
        (first, "order.note", "announced", "林"),
        (second, "order.note", "announced", "林"),
    ]
    assert listed.json["acts"][0]["sends"] == "Write a note on order 1-1."
    assert stopped.json == {"act": first, "outcome": "stopped"}
    assert (refused.code, refused.json) == (1, {"refused": ["Nothing is left to stop: it is stopped."]})
    assert closed.json == {"is_open": False, "stopped": 1}
    assert [act["state"] for act in after.json["acts"]] == ["stopped", "stopped"]
    assert opened.json == {"is_open": True, "stopped": 0}


def test_it_speaks_chinese(terminal: Terminal, decided: tuple[int, int]) -> None:
    told = terminal.run("--lang", "zh", "acts", "list")

    assert told.code == 0
    assert "写订单 1-1 的备注。" in told.out.decode()
    assert "已预告" in told.out.decode()
