"""What was done to the platform outlives its process: killed with -9 and started again on the same file, it stands where it stood."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.emulator.caller import DAY, HOUR, SF, START, YTO, Caller
from tests.emulator.test_messages import acknowledge, heard, listening
from zhanggui.emulator.command import FirstLine

PARTS = ("orders", "cases", "parcels", "penalties", "reviews", "indicators", "waybills", "stock", "stream")
WORLD = f"""
name = "kept"
start = "{START}"
seed = 5
speed = 0.0

[size]
history = 120
history_days = 10
per_day = 60
warm_days = 2

[buyers]
refund_received = 0.3
refund_unshipped = 0.2

[gate]
subscribed = true
"""


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """What an emulator is started with that keeps its deeds."""
    (tmp_path / "world.toml").write_text(WORLD, "utf-8")
    return ["--scenario", str(tmp_path / "world.toml"), "--deeds", str(tmp_path / "deeds.jsonl")]


@contextmanager
def started(arguments: list[str], how: signal.Signals = signal.SIGKILL) -> Iterator[Caller]:
    """An emulator in a process of its own, ended without a warning."""
    command = [sys.executable, "-m", "zhanggui.emulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as emulator:
        try:
            assert emulator.stdout is not None
            assert emulator.stderr is not None
            line = emulator.stdout.readline()
            assert line, emulator.stderr.read().decode()
            caller = Caller(msgspec.json.decode(line, type=FirstLine))
            yield caller
            caller.http.close()
        finally:
            emulator.send_signal(how)
            emulator.wait(15)


def whole_state(caller: Caller) -> dict[str, Any]:
    """Everything there is to see of the platform, and what it remembers of acts."""
    whole: dict[str, Any] = {part: caller.state(part) for part in PARTS}
    return whole | {"summary": caller.http.get("/_state").json(), "acts": caller.ledger(changed="1"), "about": caller.http.get("/_about").json()}


def keep_shop(caller: Caller) -> None:
    """Two days of a shop's work through every door, with mishaps between."""
    waiting = [line["order"]["order_sn"] for line in caller.state("orders") if line["order"]["order_status"] == 1 and line["order"]["refund_status"] == 1]
    for place, order_sn in enumerate(waiting[:6]):
        caller.step(HOUR / 2)
        caller.ship(order_sn, f"YT76000000{place:05d}")
        caller.call("pdd.order.note.update", order_sn=order_sn, note=f"第{place}单", tag=1, tag_name="急")
    caller.call("pdd.logistics.online.send", order_sn=waiting[0], logistics_id=SF, tracking_number="SF1600000000001", redelivery_type=2)
    caller.mood(name="lost_pushes")
    caller.step(DAY)
    caller.mood(name="fair")
    for line in caller.state("cases"):
        if line["list"]["after_sales_status"] == 2:
            request = {"order_sn": line["list"]["order_sn"], "after_sales_id": line["list"]["id"]}
            caller.call("pdd.refund.agree", request=request)
    new = caller.new_orders(3)
    caller.do("buyer.asks", order_sn=new[0])
    caller.do("parcel.stops", order_sn=waiting[1])
    caller.http.get("/service-market/auth", params={"client_id": caller.line.client_id, "response_type": "code", "redirect_uri": "http://x/", "auto": "1"})
    caller.access_token = caller.call("pdd.pop.auth.token.refresh", refresh_token=caller.line.refresh_token)["access_token"]
    with listening(caller) as socket:
        for _ in range(3):
            acknowledge(socket, heard(socket))
        caller.step(DAY)
        caller.call("pdd.refund.address.list.get")
    caller.call("pdd.order.note.update", order_sn=new[1], note="最后一笔", tag=2, tag_name="缓")


def test_it_stands_where_it_stood_after_a_kill(arguments: list[str]) -> None:
    with started(arguments) as caller:
        keep_shop(caller)
        before, token = whole_state(caller), caller.access_token

    with started(arguments) as caller:
        after, granted = whole_state(caller), caller.line.access_token

    assert {name: len(before[name]) for name in ("cases", "parcels")} == {name: len(after[name]) for name in ("cases", "parcels")}
    assert before == after
    assert token == granted
    assert len(before["acts"]) > 12


def test_it_goes_on_as_if_nothing_had_been(arguments: list[str], tmp_path: Path) -> None:
    with started(arguments) as caller:
        keep_shop(caller)
    other = [*arguments[:-1], str(tmp_path / "copy.jsonl")]
    (tmp_path / "copy.jsonl").write_bytes((tmp_path / "deeds.jsonl").read_bytes())

    told = []
    for each in (arguments, other):
        for step in (1, 3 * DAY) if each is arguments else (3 * DAY, 1):
            with started(each) as caller:
                caller.step(step)
                last = whole_state(caller)
        told.append({part: last[part] for part in ("orders", "cases", "parcels", "penalties", "reviews", "indicators", "stock")})

    assert told[0] == told[1]


def test_its_time_goes_on_while_it_is_away(arguments: list[str]) -> None:
    with started([*arguments, "--speed", "100"]) as caller:
        began = caller.now()

    with started(arguments) as caller:
        resumed = caller.http.get("/_state").json()[0]

    assert resumed["speed"] == 100.0
    assert resumed["now"] > began


def test_a_last_line_that_was_cut_off_is_dropped(arguments: list[str], tmp_path: Path) -> None:
    with started(arguments) as caller:
        order_sn = caller.new_orders()[0]
    with (tmp_path / "deeds.jsonl").open("ab") as deeds:
        deeds.write(b'{"kind":"deed","at":[[17')

    with started(arguments) as caller:
        known, second = caller.order(order_sn)["order_sn"], caller.new_orders()[0]
    with started(arguments) as caller:
        also = caller.order(second)["order_sn"]

    assert (known, also) == (order_sn, second)


def test_two_never_keep_one_file(arguments: list[str]) -> None:
    with started(arguments):
        second = subprocess.run([sys.executable, "-m", "zhanggui.emulator", "--port", "0", *arguments], capture_output=True, timeout=30, check=False)

    assert second.returncode == 2
    assert b"in use by another emulator" in second.stderr


@pytest.mark.parametrize("others", [["--seed", "6"], ["--scenario", "ten"]])
def test_a_file_of_another_world_is_refused(arguments: list[str], others: list[str]) -> None:
    with started(arguments):
        pass
    command = [sys.executable, "-m", "zhanggui.emulator", "--port", "0", *arguments, *others]

    answer = subprocess.run(command, capture_output=True, timeout=30, check=False)

    assert answer.returncode == 2
    assert b"another world" in answer.stderr


@pytest.mark.parametrize("text", [b"order,amount\n1,2\n", b"no line at all"])
def test_a_file_that_is_something_else_is_refused_and_left_alone(arguments: list[str], tmp_path: Path, text: bytes) -> None:
    deeds = tmp_path / "deeds.jsonl"
    deeds.write_bytes(text)

    answer = subprocess.run([sys.executable, "-m", "zhanggui.emulator", "--port", "0", *arguments], capture_output=True, timeout=30, check=False)

    assert answer.returncode == 2
    assert b"no file of an emulator's deeds" in answer.stderr
    assert deeds.read_bytes() == text


def test_it_keeps_no_signature_and_no_token_of_a_call(arguments: list[str], tmp_path: Path) -> None:
    with started(arguments) as caller:
        order_sn = caller.new_orders()[0]
        caller.ship(order_sn, "YT7600000000001", YTO)
        token = caller.access_token

    lines = [json.loads(line) for line in (tmp_path / "deeds.jsonl").read_text("utf-8").splitlines()]

    assert [line["kind"] for line in lines[1:]] == ["clock", "deed", "call"]
    assert set(lines[-1]["told"]["parameters"]) == {"client_id", "order_sn", "logistics_id", "tracking_number"}
    assert token not in (tmp_path / "deeds.jsonl").read_text("utf-8")


def test_it_ends_with_the_program_that_started_it(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "zhanggui.emulator", "--port", "0", "--until-eof", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as emulator:
        assert emulator.stdout is not None
        assert emulator.stdin is not None
        emulator.stdout.readline()

        emulator.stdin.close()

        assert emulator.wait(15) == 0
