"""The door for those who watch and steer, and the command."""

import json
import signal
import subprocess
import sys

import httpx
import pytest

from tests.emulator.caller import Caller
from zhanggui.emulator.command import run


def test_the_ledger_can_be_asked_by_any_field(shop: Caller) -> None:
    first, second = shop.new_orders(2)
    shop.ship(first, "YT7600000000001")
    shop.order(first)
    shop.order(second)

    assert [entry["outcome"] for entry in shop.ledger(order_sn=first)] == ["ok", "ok"]
    assert [entry["keys"]["order_sn"] for entry in shop.ledger(method="pdd.order.information.get")] == [first, second]
    assert [entry["effects"] for entry in shop.ledger(changed="1")] == [[f"order.shipped:{first}"]]
    assert len(shop.ledger(since=str(shop.ledger()[1]["seq"]))) == 1
    assert {entry["time"] for entry in shop.ledger()} == {1772413200.0}
    assert [entry["keys"]["order_sn"] for entry in shop.ledger(last="1")] == [second]
    shop.http.delete("/_ledger")
    assert shop.ledger() == []


def test_the_state_is_what_the_methods_tell(shop: Caller) -> None:
    numbers = shop.new_orders(3)

    told = {line["order"]["order_sn"]: line["order"] for line in shop.state("orders")}

    assert told == {order_sn: shop.order(order_sn) for order_sn in numbers}


@pytest.mark.parametrize("part", ["orders", "cases", "parcels", "penalties", "reviews", "indicators", "waybills", "stock", "stream"])
def test_every_part_of_the_state_can_be_had(shop: Caller, part: str) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.do("buyer.rates", order_sn=order_sn, text="好")

    answer = shop.http.get("/_state", params={"part": part})

    assert answer.status_code == 200
    assert all(json.loads(line)["shop_id"] == int(shop.line.shop_id) for line in answer.text.splitlines())
    assert shop.http.get("/_state", params={"part": "weather"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("/_clock", {"step": -1}, 400), ("/_clock", {"speed": 99999}, 400), ("/_clock", {"hop": 1}, 400), ("/_limits", {"factor": "x"}, 400),
     ("/_do", {"act": "dance"}, 409), ("/_do", {"act": "buyer.asks", "order_sn": "x"}, 409), ("/_do", {"what": 1}, 400),
     ("/_clock", {"to": "2026-03-05T09:00:00+08:00"}, 200), ("/_limits", {"factor": 0.1}, 200)],
)  # fmt: skip
def test_steering_says_what_it_cannot_do(shop: Caller, path: str, body: dict[str, object], status: int) -> None:
    assert shop.http.post(path, json=body).status_code == status


def test_the_page_and_what_it_needs_are_there(shop: Caller) -> None:
    about = shop.http.get("/_about").json()

    assert "平台模拟器" in shop.http.get("/").text
    assert "buyer.asks" in about["deeds"]
    assert "pdd.waybill.get" in about["methods"]
    assert about["mood"]["name"] == "fair"


def test_the_command_tells_its_first_line_and_serves() -> None:
    command = [sys.executable, "-m", "zhanggui.emulator", "--port", "0", "--seed", "7", "--scenario", "ten", "--mood", "fair", "--speed", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
        try:
            assert emulator.stdout is not None
            line = json.loads(emulator.stdout.readline())
            shops = httpx.get(line["state"], timeout=15).json()
        finally:
            emulator.send_signal(signal.SIGINT)
            emulator.wait(15)

    assert {"client_id", "client_secret", "access_token", "shop_id", "gateway", "pmc", "print", "oauth", "refresh_token"} <= set(line)
    assert (shops[0]["orders"], shops[0]["speed"], line["seed"]) == (10, 60.0, 7)
    assert str(shops[0]["shop_id"]) == line["shop_id"]


@pytest.mark.parametrize("arguments", [["--scenario", "/nowhere.toml"], ["--speed", "20000"]])
def test_the_command_refuses_what_it_cannot_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--port", "0", *arguments]) == 2
    assert "zhanggui emulator:" in capsys.readouterr().err
