"""The house as its owner starts it: one command, one process tree, and everything gone when it ends."""

import asyncio
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhanggui.server import is_running
from zhanggui.site.cannot_listen import CannotListen
from zhanggui.site.listening import checked_plan
from zhanggui.site.serving import plain_server
from zhanggui.site.settings import Settings

GOOD = "七号仓库 今天 发货 吗"


class Started:
    """A house brought up by the command, in a process of its own."""

    def __init__(self, home: Path, port: int, https_port: int, *more: str) -> None:
        self.home, self.port, self.https_port = home, port, https_port
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith("ZHANGGUI_")}
        command = [sys.executable, "-m", "zhanggui.cli", "--home", str(home), "up", "--port", str(port), "--https-port", str(https_port), "--json", *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, encoding="utf-8")

    def opened(self) -> dict[str, object]:
        """What the command says once the house is open."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=10)[1]
        told = json.loads(line)
        assert isinstance(told, dict)
        return told

    def end(self) -> None:
        """End it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a short path: that of a socket may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="zg-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def started(home: Path) -> Iterator[Started]:
    """A house that serves its network."""
    house = Started(home, _free_port(), _free_port(), "--lan")
    yield house
    house.end()


def test_it_opens_the_house_lets_its_owner_in_and_leaves_nothing_when_it_ends(started: Started) -> None:
    opened = started.opened()
    with httpx.Client(base_url=str(opened["address"]), headers={"accept": "text/html"}) as owner:
        first = owner.get("/first-run").text
        form = {"login": "lin", "name": "林", "shop_name": "林记坚果", "password": GOOD, "password_again": GOOD, "_csrf_token": _token(first)}
        answer = owner.post("/first-run", data=form)
        inside = owner.get("/today")
        health = owner.get("/health")

    started.process.send_signal(signal.SIGTERM)
    code = started.process.wait(30)

    assert 'name="code"' not in first
    assert (answer.status_code, inside.status_code, health.text) == (303, 200, "ok")
    assert len(str(opened["first_run_code"])) == 8
    assert code == 0
    assert is_running(started.home) is False
    assert not _answers(started.port)


def test_it_serves_the_network_by_https_with_a_certificate_of_its_own(started: Started) -> None:
    started.opened()
    trusting = ssl.create_default_context(cafile=str(started.home / "certificates" / "authority.pem"))

    with httpx.Client(base_url=f"https://127.0.0.1:{started.https_port}", verify=trusting) as phone:
        page = phone.get("/first-run", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=2592000"
    assert page.headers["set-cookie"].startswith("__Host-zhanggui-form-")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{started.https_port}/health")


def test_it_ends_in_order_by_ctrl_c(home: Path) -> None:
    house = Started(home, _free_port(), _free_port())
    house.opened()

    house.process.send_signal(signal.SIGINT)
    _, err = house.process.communicate(timeout=30)

    assert house.process.returncode == 0
    assert "Traceback" not in err
    assert is_running(home) is False


def test_it_leaves_no_orphan_when_it_is_killed(started: Started) -> None:
    started.opened()

    started.process.kill()
    started.process.wait(10)

    assert _comes_true(lambda: not is_running(started.home))
    assert not _answers(started.port)


def test_it_opens_again_after_it_was_killed(home: Path) -> None:
    first = Started(home, _free_port(), _free_port())
    first.opened()
    first.end()

    again = Started(home, first.port, first.https_port)
    try:
        assert again.opened()["address"] == f"http://127.0.0.1:{first.port}/"
        assert httpx.get(f"http://127.0.0.1:{first.port}/health").text == "ok"
    finally:
        again.end()


def test_it_says_that_a_port_is_taken_before_it_touches_anything(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        house = Started(home, other.getsockname()[1], _free_port())
        out, err = house.process.communicate(timeout=60)

    assert house.process.returncode == 1
    assert "is taken by another program" in out + err
    assert "Traceback" not in err
    assert not (home / "server").exists()


def test_it_offers_nothing_to_a_network_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(CannotListen) as refusal:
        checked_plan(Settings(home=tmp_path, host="0.0.0.0"))  # noqa: S104 - refused, as it should be

    assert "in the clear" in str(refusal.value)


@pytest.mark.parametrize(
    ("settings", "places"),
    [
        ({}, [("127.0.0.1", 8000)]),
        ({"lan": True}, [("0.0.0.0", 8000), ("0.0.0.0", 8443)]),  # noqa: S104 - what is served there is tried in test_phone.py
        ({"lan": True, "host": "192.168.1.20"}, [("192.168.1.20", 8000), ("192.168.1.20", 8443)]),
        ({"host": "10.0.0.7", "proxies": ("10.0.0.1",)}, [("10.0.0.7", 8000)]),
    ],
)
def test_it_listens_where_it_is_told_to(tmp_path: Path, settings: dict[str, object], places: list[tuple[str, int]]) -> None:
    plan = checked_plan(Settings(home=tmp_path, **settings))  # type: ignore[arg-type]  # a table of several settings

    assert [(place.host, place.port) for place in plan.places] == places


@pytest.mark.parametrize(
    ("came_to", "peer", "path", "told"),
    [
        ("192.168.1.5", "192.168.1.2", "/", (200, "https", "203.0.113.9")),
        ("192.168.1.5", "10.7.0.3", "/", (200, "https", "203.0.113.9")),
        ("192.168.1.5", "192.168.1.77", "/sign-in", (403, None, None)),
        ("192.168.1.5", "192.168.1.77", "/api/v1/orders", (403, None, None)),
        ("192.168.1.5", "192.168.1.77", "/health/ready", (200, "http", "192.168.1.77")),
        ("127.0.0.1", "127.0.0.1", "/", (200, "http", "127.0.0.1")),
        ("::ffff:192.168.1.5", "::ffff:192.168.1.2", "/health", (200, "http", "::ffff:192.168.1.2")),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1", "/", (200, "http", "::ffff:127.0.0.1")),
    ],
)
def test_behind_a_proxy_it_believes_the_named_ones_and_answers_nobody_else_in_the_clear(
    tmp_path: Path, came_to: str, peer: str, path: str, told: tuple[int, str | None, str | None]
) -> None:
    seen: dict[str, Any] = {}

    async def house(scope: Any, _receive: Any, send: Any) -> None:
        seen.update(scheme=scope["scheme"], client=scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def nothing() -> Any:
        return None

    async def send(message: Any) -> None:
        seen.setdefault("status", message.get("status"))

    headers = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"203.0.113.9")]
    scope = {"type": "http", "path": path, "scheme": "http", "server": (came_to, 8000), "client": (peer, 40000), "headers": headers}
    app: Any = plain_server(house, Settings(home=tmp_path, proxies=("192.168.1.2", "10.7.0.0/24"))).config.app

    asyncio.run(app(scope, nothing, send))

    assert (seen["status"], seen.get("scheme"), seen.get("client")) == told


def test_without_a_proxy_it_believes_no_forwarded_headers(tmp_path: Path) -> None:
    house = object()

    config = plain_server(house, Settings(home=tmp_path)).config

    assert (config.app, config.proxy_headers) == (house, False)


def _token(page: str) -> str:
    return page.partition('name="_csrf_token" value="')[2].partition('"')[0]


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    assert isinstance(port, int)
    return port


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _comes_true(asked: object, within_seconds: float = 15) -> bool:
    assert callable(asked)
    end = time.monotonic() + within_seconds
    while time.monotonic() < end:
        if asked():
            return True
        time.sleep(0.1)
    return False
