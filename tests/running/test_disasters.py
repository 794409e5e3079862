"""What happens to a shop when its machine fails it: what people saw, and that nothing was lost or done twice. docs/disasters.md tells of each.

A worker that is killed while it sends: tests/actions/outbox/test_killed.py; a week offline: proofs/week_offline.py; all of it at once: proofs/chaos.py.
"""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.running.struck import Struck, short_home, struck_house, without_database
from tests.site_client import browser, make_app
from tests.worker.desk import working
from tests.worker.waiting import until
from zhanggui import clock, rulebook
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.records.db import open_pool
from zhanggui.server import OwnServer, backup, restore

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


def in_step(shop: Struck, orders: list[str], seconds: float = 30.0) -> bool:
    """Whether all these orders come to stand here in that time."""
    return patiently(lambda: set(orders) <= shop.orders(), seconds)


def patiently(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it comes true in that time; the database may be just coming back."""

    def known() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return is_so()
        return False

    return until(known, seconds)


def test_five_minutes_without_the_database_cost_nothing_but_the_wait() -> None:
    with short_home() as home, struck_house(home) as shop, shop.lin() as lin:
        first, sent = shop.platform.new_orders(2)
        assert in_step(shop, [first, sent])

        with without_database(home):
            page, live, ready = lin.get(f"/shops/{shop.shop_id}/orders/{first}"), lin.get("/health/live"), lin.get("/health/ready")
            meanwhile = shop.platform.new_orders(3)
            shop.platform.ship(first, "YT0000000000017")
            shop.passes(timedelta(minutes=5))
        came = in_step(shop, meanwhile, 60)
        known = patiently(lambda: shop.stage(first) == "shipped", 30)
        shop.ships(sent, "YT0000000000024")
        carried_out = until(lambda: [state for _, state, _ in shop.acts()] == ["carried_out"], 30)
        again = lin.get(f"/shops/{shop.shop_id}/orders/{first}")

    assert (page.status_code, "数据库" in page.text, live.status_code, ready.status_code) == (503, True, 200, 503)
    assert (came, known, carried_out) == (True, True, True)
    assert again.status_code == 200


def test_a_full_disk_is_named_on_the_page_and_nothing_confirmed_is_lost(small_disk: Path) -> None:
    home, filler = small_disk / "home", small_disk / "filler"
    with struck_house(home) as shop, shop.lin() as lin:
        (order_no,) = shop.platform.new_orders(1)
        assert in_step(shop, [order_no])
        path = f"/shops/{shop.shop_id}/orders/{order_no}"
        before = lin.send_form(f"{path}/notes", {"text": "周三前要收到"}, page=path)
        token = lin.form_token(path)

        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 65536)
        meanwhile = shop.platform.new_orders(2)
        form = {"shop": str(shop.shop_id), "_csrf_token": token}
        upload = lin.post("/imports", data=form, files={"files": ("orders.csv", b"\xef\xbb\xbf" + "订单号\n".encode() * 200_000, "text/csv")})
        note = lin.post(f"{path}/notes", data={"text": "x" * 900, "_csrf_token": token})
        filler.unlink()

        came = in_step(shop, meanwhile, 60)
        page = lin.get(path).text

    assert before.status_code == 303
    assert (upload.status_code, "已满" in upload.text) == (503, True)
    assert note.status_code in {303, 503}, "the log may have had room for so little"
    assert came
    assert "周三前要收到" in page
    assert ("x" * 900 in page) == (note.status_code == 303), "kept whole where it was said to be, else not at all"


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["a day ahead", "a day back"])
def test_a_clock_that_jumps_a_day_loses_nothing_and_sends_nothing_twice(
    jump: timedelta, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with struck_house(tmp_path, database=database) as shop, shop.lin() as lin:
        first, second, third = shop.platform.new_orders(3)
        assert in_step(shop, [first, second, third])
        shop.ships(first, "YT0000000000031")
        assert until(lambda: [state for _, state, _ in shop.acts()] == ["carried_out"], 30)

        jumped_to(monkeypatch, jump)
        while_wrong = shop.platform.new_orders(2)
        came_while_wrong = in_step(shop, while_wrong, 40)
        shop.ships(second, "YT0000000000048")
        page_while_wrong = lin.get("/today").status_code
        sent_while_wrong = until(lambda: shop.shipped().count(second) == 1, 40)
        jumped_to(monkeypatch, timedelta(0))
        afterwards = shop.platform.new_orders(2)
        came_afterwards = in_step(shop, afterwards, 90)
        shop.ships(third, "YT0000000000055")
        settled = until(lambda: {state for _, state, _ in shop.acts()} == {"carried_out"}, 90)
        page = lin.get("/today")
        told = shop.shipped()

    assert (came_while_wrong, sent_while_wrong, came_afterwards, settled) == (True, True, True, True)
    assert sorted(told) == sorted([first, second, third])
    assert page_while_wrong in {200, 303}, "at worst one has to sign in again"
    assert page.status_code == 200


def test_the_backup_of_last_night_brings_back_all_that_the_platform_knows_and_sends_nothing_again() -> None:
    with short_home() as home, short_home() as folder, struck_house(home, works=False) as shop, shop.lin() as lin:
        with working(shop.house):
            old, waiting = shop.platform.new_orders(2)
            assert in_step(shop, [old, waiting])
            path = f"/shops/{shop.shop_id}/orders/{old}"
            assert lin.send_form(f"{path}/notes", {"text": "昨晚记下的"}, page=path).status_code == 303
            label = backup(home, folder / "night", clock.unwound())

            shop.passes(timedelta(hours=9))
            shop.ships(waiting, "YT0000000000062")
            assert until(lambda: [state for _, state, _ in shop.acts()] == ["carried_out"], 30)
            today = shop.platform.new_orders(3)
            assert in_step(shop, today)
        keys = (home / "keys" / "vault.keys").read_bytes()
        shop.passes(timedelta(minutes=20))

        with short_home() as new_home, back_again(shop, folder / "night", new_home, keys) as again, working(again.house):
            came = in_step(again, today, 60)
            known = until(lambda: again.stage(waiting) == "shipped", 30)
            note = "昨晚记下的" in browser(make_app(again.house), shop.people.lin).get(path).text
            # decided once more by somebody who does not know that it left already
            with contextlib.suppress(Refused):
                again.ships(waiting, "YT0000000000062")
            settled = until(lambda: all(state not in {"announced", "sending", "unsure"} for _, state, _ in again.acts()), 30)
        told = shop.shipped()

    assert label.rows["orders"] == 2
    assert (came, known, note, settled) == (True, True, True, True)
    assert told == [waiting]


@contextmanager
def back_again(shop: Struck, night: Path, home: Path, keys: bytes) -> Iterator[Struck]:
    """The backup put back into a new home, with the keys of the old one beside it."""
    restore(night, home)
    (home / "keys").mkdir()
    (home / "keys" / "vault.keys").write_bytes(keys)
    shutil.copy2(shop.home / "clock.json", home / "clock.json")
    clock.use_home(home)
    try:
        with OwnServer(home) as server, open_pool(server.conninfo) as pool:
            yield replace(shop, home=home, house=House(pool=pool, home=home, rulebook=rulebook.load()))
    finally:
        clock.use_home(shop.home)


def jumped_to(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """The machine's clock is wrong by so much from now on; the platform's is right."""

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            assert tz is UTC
            return datetime.now(UTC) + by

    monkeypatch.setattr(clock, "datetime", Jumped)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    if sys.platform != "linux":
        pytest.skip("only root on Linux can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", str(disk)], check=False, capture_output=True)  # noqa: S607 - mount of the system
    if mounted.returncode:
        pytest.skip("only root with the right to mount can make a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S607 - umount of the system
