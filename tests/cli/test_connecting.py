"""`zhanggui connect`, `sync` and `disconnect` against a running emulator, in processes of their own."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest

from tests.cli.terminal import Terminal
from tests.emulator.caller import Caller, quiet, running

SHOP = "林家山货铺"


@pytest.fixture
def platform() -> Iterator[Caller]:
    """A platform whose world is at this moment, as the command's own clock is."""
    start = datetime.now(UTC).replace(microsecond=0).isoformat()
    with running(quiet(start=start, size={"shops": 2, "history": 0})) as caller:
        yield caller


def first_line(platform: Caller) -> str:
    """What an emulator says first."""
    return msgspec.json.encode(platform.line).decode() + "\n"


def go_back_little(terminal: Terminal) -> None:
    """Let sources begin a few minutes ago only: this test is not about the back-fill."""
    with psycopg.connect(terminal.environment["DATABASE_URL"], autocommit=True) as tx:
        tx.execute("update sync_sources set goal = begun_at - interval '20 minutes'")


def test_it_connects_by_an_emulators_first_line_reads_once_and_disconnects(terminal: Terminal, platform: Caller) -> None:
    platform.new_orders(3)
    platform.step(600)
    connected = terminal.run("connect", "--shop", SHOP, "--create", "--from", "-", "--json", stdin=first_line(platform) + "chatter that follows\n")
    go_back_little(terminal)
    read = terminal.run("sync", "--shop", SHOP, "--once", "--json")
    told = terminal.run("--lang", "zh", "sync", "--shop", SHOP, "--once")
    gone = terminal.run("disconnect", "--shop", SHOP, "--json")
    refused = terminal.run("sync", "--shop", SHOP, "--once", "--json")

    assert connected.code == 0, connected.err
    assert {name: connected.json[name] for name in ("shop", "state", "mall_name", "platform_shop", "client_id", "gateway", "ends_at")} == {
        "shop": SHOP,
        "state": "connected",
        "mall_name": platform.line.shops[0].shop_name,
        "platform_shop": platform.line.shop_id,
        "client_id": platform.line.client_id,
        "gateway": platform.line.gateway,
        "ends_at": None,
    }
    assert read.code == 0, read.json
    assert (read.json["shop"], read.json["complete"], read.json["left"], read.json["trouble"]) == (SHOP, True, 0, None)
    assert {source["source"] for source in read.json["sources"]} == {"orders", "recheck", "refunds"}
    assert all(source["holes"] == [] and source["horizon"] for source in read.json["sources"])
    assert told.code == 0
    assert "订单更新" in told.text
    assert (gone.code, gone.json["state"], gone.json["client_id"], gone.json["platform_shop"]) == (0, "unconnected", None, platform.line.shop_id)
    assert (refused.code, list(refused.json)) == (1, ["refused"])


def test_it_takes_the_shop_that_is_named_and_refuses_any_other(terminal: Terminal, platform: Caller, tmp_path: Path) -> None:
    second = platform.line.shops[1]
    file = tmp_path / "platform.json"
    file.write_text(json.dumps({"client_id": platform.line.client_id, "client_secret": platform.line.client_secret, "access_token": second.access_token,
                                "shop_id": platform.line.shop_id, "gateway": platform.line.gateway}, indent=1))  # fmt: skip
    every = tmp_path / "every.json"
    every.write_text(first_line(platform))

    wrong = terminal.run("connect", "--shop", SHOP, "--create", "--from", str(file), "--json")
    strange = terminal.run("connect", "--shop", SHOP, "--from", str(every), "--platform-shop", "1", "--json")
    right = terminal.run("connect", "--shop", SHOP, "--from", str(every), "--platform-shop", second.shop_id, "--json")

    assert (wrong.code, strange.code, right.code) == (1, 1, 0)
    assert second.shop_id in wrong.json["refused"][0]
    assert right.json["platform_shop"] == second.shop_id


def test_it_never_repeats_a_secret(terminal: Terminal, platform: Caller) -> None:
    line = platform.line
    secrets = (line.client_secret, line.access_token, line.refresh_token)
    bad = json.dumps({"client_id": line.client_id, "client_secret": [line.client_secret], "access_token": line.access_token})
    over = first_line(platform).replace(line.access_token, "f" * 40)

    answers = [
        terminal.run("connect", "--shop", SHOP, "--create", "--from", "-", "--json", stdin=first_line(platform)),
        terminal.run("connect", "--shop", SHOP, "--from", "-", "--json", stdin=bad),
        terminal.run("connect", "--shop", SHOP, "--from", "-", "--json", stdin=over),
        terminal.run("connect", "--shop", SHOP, "--from", "-", "--gateway", "http://10.0.0.1/api/router", stdin=first_line(platform)),
        terminal.run("connect", "--shop", SHOP, "--client-id", line.client_id),
        terminal.run("connect", "--shop", SHOP),
        terminal.run("sync", "--shop", SHOP),
    ]

    assert [answer.code for answer in answers] == [0, 1, 1, 1, 1, 2, 2]
    assert [secret for secret in secrets for answer in answers if secret.encode() in answer.out or secret in answer.err] == []
