"""The message streams outlive what befalls them: a shut vault, a platform that hangs up at once, a permission that failed once."""

import base64
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.cast import Cast
from tests.emulator.caller import Caller, quiet, running
from tests.worker.desk import at_the_platforms_hour, connect_through
from tests.worker.waiting import until
from zhanggui import clock
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.house import House
from zhanggui.people.permissions import operator
from zhanggui.worker import streams
from zhanggui.worker.streams import Streams


@pytest.fixture
def platform(house: House) -> Iterator[Caller]:
    with running(quiet(gate={"subscribed": False})) as caller, at_the_platforms_hour(house):
        yield caller


@contextmanager
def following(house: House) -> Iterator[threading.Thread]:
    """The streams of a worker for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=Streams(house).run, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


class HangsUp:
    """A server that opens every socket and closes it at once."""

    def __init__(self) -> None:
        self.opened: list[float] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                end, _ = self._listening.accept()
                with end, suppress(OSError, IndexError):
                    asked = end.recv(65536).decode()
                    key = asked.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0]
                    proof = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode(), usedforsecurity=False).digest()).decode()
                    end.sendall(
                        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {proof}\r\n\r\n".encode()
                    )
                    self.opened.append(time.monotonic())
                    end.sendall(b"\x88\x02\x03\xe8")


def permits(platform: Caller) -> int:
    return len(platform.ledger(method="pdd.pmc.user.permit"))


def test_they_go_on_once_a_shut_vault_is_open_again(house: House, people: Cast, platform: Caller) -> None:
    connect_through(house, people.shop_id, platform)
    keys = house.home / "keys" / "vault.keys"
    kept = keys.read_bytes()
    keys.unlink()
    with following(house) as thread:
        time.sleep(1)
        outlived = thread.is_alive()

        keys.write_bytes(kept)
        keys.chmod(0o600)
        came = until(lambda: permits(platform) > 0, 15)

    assert outlived
    assert came


def test_a_platform_that_hangs_up_at_once_is_asked_less_and_less(house: House, people: Cast, platform: Caller) -> None:
    server = HangsUp()
    connect_through(house, people.shop_id, platform, messages=server)  # type: ignore[arg-type]  # its port is all that counts
    with following(house):
        until(lambda: len(server.opened) >= 8, 8)
        opened = list(server.opened)
    server.close()

    assert 2 <= len(opened) <= 6


def test_a_permission_that_failed_once_is_asked_for_again(house: House, people: Cast, platform: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PERMITS_AGAIN", 1.0, raising=False)
    connect_through(house, people.shop_id, platform)
    platform.mood(server_error=1.0)
    with following(house):
        until(lambda: permits(platform) > 0, 10)

        platform.mood(server_error=0.0)
        asked = permits(platform)
        again = until(lambda: permits(platform) > asked, 10)

    assert again


def test_a_shop_that_lets_us_in_anew_has_its_messages_asked_for_anew(house: House, people: Cast, platform: Caller) -> None:
    connect_through(house, people.shop_id, platform)
    theirs = platform.line.shops[0]
    given = GivenTokens(access_token=theirs.access_token, refresh_token=theirs.refresh_token, owner_id=theirs.shop_id)
    with following(house):
        until(lambda: permits(platform) > 0, 10)
        time.sleep(2)
        asked = permits(platform)

        connect_by_hand(house, operator(), people.shop_id, given, clock.now(), clock.unwound(), is_sure=True)
        again = until(lambda: permits(platform) > asked, 10)

    assert (asked, again) == (1, True)
