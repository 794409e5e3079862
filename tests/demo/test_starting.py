"""`zhanggui demo` as it is typed: it prints the address last, starts again after any end, and says so when it runs already."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.cli.terminal import Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


@pytest.fixture
def terminal(port: int) -> Iterator[Terminal]:
    """A terminal whose demo has a home and a server of its own; PORT says where its pages are."""
    folder = Path(tempfile.mkdtemp(prefix="zg-"))
    opened = Terminal(folder / "demo", {"PORT": str(port)})
    yield opened
    opened.leave()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_prints_the_address_last_answers_there_and_tells_a_second_start_by_mistake(terminal: Terminal, port: int) -> None:
    running = terminal.start("demo")

    address = _address(running)

    assert address == f"http://127.0.0.1:{port}/"
    assert "zhanggui-demo" in _page(f"{address}sign-in")
    second = terminal.run("demo", "--json")
    assert second.code == 1
    assert str(port) in second.json["refused"][0]
    assert "zhanggui-demo" in _page(f"{address}sign-in")
    _end(running, signal.SIGTERM)
    assert running.returncode == 0


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill that cannot be caught")
def test_after_a_kill_it_comes_back_with_its_platform_where_they_stood_and_begins_anew_when_asked_to(terminal: Terminal) -> None:
    killed = terminal.start("demo")
    _address(killed)
    page = (terminal.home / "platform" / "page").read_text("utf-8")
    bought = httpx.post(f"{page}_do", json={"act": "orders.come"}, timeout=20).json()["orders"][0]

    _end(killed, signal.SIGKILL)
    _gone(page)
    again = terminal.start("demo")

    assert "zhanggui-demo" in _page(f"{_address(again)}sign-in")
    assert (terminal.home / "platform" / "page").read_text("utf-8") == page
    assert bought in httpx.get(f"{page}_state", params={"part": "orders"}, timeout=20).text
    _end(again, signal.SIGTERM)
    _gone(page)
    (terminal.home / "mine.txt").write_text("left here", "utf-8")
    deeds = terminal.home / "platform" / "deeds.jsonl"
    before = deeds.read_bytes()

    anew = terminal.start("demo", "--fresh")

    _address(anew)
    assert not (terminal.home / "mine.txt").exists()
    assert not deeds.read_bytes().startswith(before)
    _end(anew, signal.SIGTERM)


def _address(running: subprocess.Popen[bytes]) -> str:
    """The line that ends what a starting demo says."""
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith(b"http"):
            return line.decode().strip()
    raise AssertionError(running.stderr.read().decode() if running.stderr else "")


def _page(address: str) -> str:
    request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310 - an address of this machine
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8"))


def _gone(page: str) -> None:
    """Nobody answers there any more, within a few seconds."""
    for _ in range(100):
        try:
            httpx.get(f"{page}_about", timeout=2)
        except httpx.TransportError:
            return
        time.sleep(0.1)
    raise AssertionError(f"{page} still answers")


def _end(running: subprocess.Popen[bytes], how: signal.Signals) -> None:
    os.kill(running.pid, how)
    running.communicate(timeout=60)


def test_a_demo_of_another_version_is_told_to_start_afresh(terminal: Terminal, database: str) -> None:
    with psycopg.connect(database) as tx:
        tx.execute("update schema_migrations set digest = 'of another version'")
    here = Terminal(terminal.home, {**terminal.environment, "DATABASE_URL": database})

    answer = here.run("demo", "--json")

    assert answer.code == 1
    assert "--fresh" in answer.json["refused"][0]
