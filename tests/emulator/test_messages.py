"""The message socket: digest, heartbeats, acknowledgements, and pushes that are lost, doubled or late."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.emulator.caller import HOUR, Caller, quiet, running


@contextmanager
def listening(shop: Caller, secret: str = "") -> Iterator[ClientConnection]:
    """A connection with a digest worked out as the reference says."""
    stamp = str(int(time.time() * 1000))
    inner = hashlib.md5(f"{shop.line.client_id}{stamp}{secret or shop.line.client_secret}".encode(), usedforsecurity=False).hexdigest()
    digest = quote(base64.b64encode(inner.encode()).decode(), safe="")
    with connect(f"{shop.line.pmc}/{shop.line.client_id}/{stamp}/{digest}", proxy=None) as socket:
        yield socket


def heard(socket: ClientConnection, seconds: float = 5) -> dict[str, Any]:
    """The next frame."""
    frame: dict[str, Any] = json.loads(socket.recv(timeout=seconds))
    return frame


def all_heard(socket: ClientConnection, seconds: float = 0.4) -> list[dict[str, Any]]:
    """Every frame until nothing comes for a while."""
    frames = []
    while True:
        try:
            frames.append(heard(socket, seconds))
        except TimeoutError:
            return frames


def acknowledge(socket: ClientConnection, frame: dict[str, Any], word: object = "Ack") -> None:
    """Say that a frame was received."""
    socket.send(json.dumps({"id": frame["id"], "commandType": word, "time": frame["time"], "sendTime": frame["sendTime"], "type": "", "mallID": 1}))


def test_it_pushes_what_happens_in_the_platforms_frames(shop: Caller) -> None:
    with listening(shop) as socket:
        order_sn = shop.new_orders()[0]
        formed = heard(socket)
        shop.step(3 * HOUR)
        ident = shop.do("buyer.asks", order_sn=order_sn)["after_sales_id"]
        created = heard(socket)

    assert (formed["commandType"], formed["message"]["type"], formed["message"]["mallID"]) == ("Common", "pdd_trade_TradeConfirmed", int(shop.line.shop_id))
    assert json.loads(formed["message"]["content"]) == {"mall_id": int(shop.line.shop_id), "tid": order_sn}
    assert formed["id"] > 2**53
    content = json.loads(created["message"]["content"])
    assert created["message"]["type"] == "pdd_refund_RefundCreated"
    assert (content["tid"], content["refund_id"], content["bill_type"], content["operation"]) == (order_sn, ident, 1, 1000)
    assert isinstance(content["refund_fee"], int)


@pytest.mark.parametrize("word", ["Ack", 1])
def test_it_sends_again_until_acknowledged(word: object) -> None:
    with running(quiet(gate={"redeliver_seconds": 1.0})) as shop, listening(shop) as socket:
        shop.new_orders()
        first, second = heard(socket), heard(socket)
        acknowledge(socket, second, word)
        time.sleep(0.1)

        rest = all_heard(socket, 1.5)

        assert first["id"] == second["id"]
        assert rest == []
        assert shop.state("stream")[0]["waiting"] == 0


def test_a_later_connection_gets_what_waited(shop: Caller) -> None:
    shop.new_orders(3)

    with listening(shop) as socket:
        frames = all_heard(socket)

    assert len(frames) == 3
    assert shop.raw("pdd.pmc.accrue.query", token=False)["pmc_user_get_response"]["number"] == 3


def test_it_lets_nobody_in_with_a_wrong_digest(shop: Caller) -> None:
    with listening(shop, secret="wrong") as socket:
        frame = heard(socket)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)

    assert (frame["commandType"], frame["message"]["content"]) == ("Fail", "digest check failed")


def test_it_drops_a_silent_link_and_keeps_a_beating_one() -> None:
    with running(quiet(gate={"silence_seconds": 1.0})) as shop:
        with listening(shop) as silent, pytest.raises(ConnectionClosed):
            silent.recv(timeout=5)
        with listening(shop) as beating:
            for _ in range(5):
                beating.send(json.dumps({"commandType": "HeartBeat", "time": 1, "id": 0}))
                time.sleep(0.3)
            shop.new_orders()
            assert heard(beating)["commandType"] == "Common"


def test_it_carries_only_what_a_shop_subscribed_to() -> None:
    with running(quiet(gate={"subscribed": False})) as shop:
        owner = shop.line.shop_id
        nobody = shop.raw("pdd.pmc.user.get", {"owner_id": owner}, token=False)["error_response"]["sub_code"]
        shop.call("pdd.pmc.user.permit", topics="pdd_trade_TRADEMEMOMODIFIED")
        order_sn = shop.new_orders()[0]
        shop.call("pdd.order.note.update", order_sn=order_sn, note="x")
        with listening(shop) as socket:
            topics = [frame["message"]["type"] for frame in all_heard(socket)]
        ended = shop.raw("pdd.pmc.user.cancel", {"owner_id": owner}, token=False)

        assert nobody == "PMC_USER_NOT_FOUND"
        assert topics == ["pdd_trade_TradeMemoModified"]
        assert ended["tmc_user_cancel_response"]["is_success"] is True


def test_moods_lose_and_double_pushes(shop: Caller) -> None:
    shop.mood(name="lost_pushes", push_lost=1.0)
    shop.new_orders(2)
    shop.mood(name="doubled_pushes", push_doubled=1.0)
    order_sn = shop.new_orders()[0]

    with listening(shop) as socket:
        frames = all_heard(socket)

    assert [json.loads(frame["message"]["content"])["tid"] for frame in frames] == [order_sn, order_sn]
    assert len({frame["id"] for frame in frames}) == 2
    assert shop.state("stream")[0]["lost"] == 2


def test_a_mood_shuffles_pushes(shop: Caller) -> None:
    shop.mood(push_late=0.7, late_push_seconds=0.5)
    numbers = shop.new_orders(30)

    with listening(shop) as socket:
        frames = all_heard(socket, 1.0)

    told = [json.loads(frame["message"]["content"])["tid"] for frame in frames]
    assert sorted(told) == sorted(numbers)
    assert told != numbers


def test_it_pushes_the_scans_of_a_number_somebody_follows(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.raw("pdd.logistics.isv.trace.notify.sub", {"ship_code": "YTO", "tel": "1234", "track_no": "YT7600000000001"}, token=False)
    shop.step(24 * HOUR)

    with listening(shop) as socket:
        scans = [json.loads(frame["message"]["content"]) for frame in all_heard(socket) if "Trace" in frame["message"]["type"]]

    assert scans[0]["trackingNumber"] == "YT7600000000001"
    assert scans[0]["action"] == "GOT"


def test_it_says_that_it_does_not_understand(shop: Caller) -> None:
    with listening(shop) as socket:
        socket.send("hello")
        assert heard(socket)["commandType"] == "Fail"
