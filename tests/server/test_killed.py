"""Whoever is killed, the data come back and nothing is left running. Twenty kills and more: proofs/kills.py."""

import os
import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from tests.server.helpers import another_user, parent_of, server_pid, wait_until_gone
from zhanggui.server import OwnServer, is_running

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def test_no_orphan_survives_the_program_that_used_it(tmp_path: Path) -> None:
    with another_user(tmp_path) as user:
        pid = server_pid(tmp_path)

        user.kill()
        user.wait()

        assert wait_until_gone(pid)
    assert not is_running(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells a child that its parent was killed")
def test_no_orphan_survives_its_keeper_and_the_program_together(tmp_path: Path) -> None:
    with another_user(tmp_path) as user:
        pid = server_pid(tmp_path)

        os.kill(parent_of(pid), signal.SIGKILL)
        user.kill()
        user.wait()

        assert wait_until_gone(pid)


def test_a_killed_server_is_started_again_while_it_is_needed(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as server:
        os.kill(server_pid(tmp_path), signal.SIGKILL)

        answer = _ask(server.conninfo)

    assert answer == (1,)


def test_a_killed_keeper_is_replaced_while_it_is_needed(tmp_path: Path) -> None:
    with OwnServer(tmp_path) as server:
        keeper = parent_of(server_pid(tmp_path))
        os.kill(keeper, signal.SIGKILL)
        time.sleep(1.0)

        answer = _ask(server.conninfo)
        new_keeper = parent_of(server_pid(tmp_path))

    assert answer == (1,)
    assert new_keeper != keeper


def test_the_mark_of_a_dead_server_is_not_taken_for_a_living_one(tmp_path: Path) -> None:
    with OwnServer(tmp_path):
        mark = (tmp_path / "server" / "cluster" / "postmaster.pid").read_text("utf-8")
    lines = mark.splitlines(keepends=True)
    # the number of a dead server, given by the system to a stranger meanwhile: here, to this very process
    (tmp_path / "server" / "cluster" / "postmaster.pid").write_text("".join([f"{os.getpid()}\n", *lines[1:]]), "utf-8")

    with OwnServer(tmp_path) as server:
        answer = _ask(server.conninfo)

    assert answer == (1,)


def test_a_copy_of_a_running_home_does_not_touch_the_original(tmp_path: Path) -> None:
    original, copy = tmp_path / "original", tmp_path / "copy"
    with OwnServer(original) as server:
        pid = server_pid(original)
        shutil.copytree(original, copy, ignore=shutil.ignore_patterns(".s.PGSQL*"))
        if os.geteuid() == 0:
            for path in (copy / "server" / "cluster", *(copy / "server" / "cluster").rglob("*")):
                os.chown(path, (original / "server" / "cluster").stat().st_uid, -1)

        with OwnServer(copy) as second:
            answer = _ask(second.conninfo)

        assert server_pid(original) == pid
        assert _ask(server.conninfo) == (1,)
    assert answer == (1,)


def _ask(conninfo: str) -> tuple[int, ...] | None:
    """The answer of a server that may be just coming back."""
    patience = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(conninfo) as connection:
                return connection.execute("select 1").fetchone()
        except psycopg.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.05)
