"""Secrets are sealed with keys that stay in the home folder, and stand in the clear nowhere else."""

import io
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from psycopg import sql

from tests.cast import Cast
from tests.connected import connect
from tests.emulator.caller import quiet, running
from zhanggui import clock
from zhanggui.actions.connecting import GivenTokens
from zhanggui.actions.connections import connection_state, disconnect
from zhanggui.actions.house import House
from zhanggui.actions.platform import access_to
from zhanggui.actions.tokens import Tokens
from zhanggui.actions.vault import VaultShut, seal, unseal
from zhanggui.core.connection import ConnectionState

SECRET = "一个秘密 and more"
TABLES = "select tablename from pg_tables where schemaname = 'public'"


def key_file(house: House) -> Path:
    return house.home / "keys" / "vault.keys"


def everything(house: House) -> str:
    """Every row of every table as text, the way a dump would carry it."""
    told = io.StringIO()
    with house.pool.connection() as tx:
        for (table,) in tx.execute(TABLES).fetchall():
            for (row,) in tx.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table))):
                told.write(row)
    return told.getvalue()


def test_it_opens_what_it_sealed_and_keeps_the_key_to_itself(house: House) -> None:
    sealed = seal(house, SECRET)

    assert unseal(house, sealed) == SECRET
    assert SECRET.encode() not in sealed
    assert seal(house, SECRET) != sealed
    assert stat.S_IMODE(key_file(house).stat().st_mode) == 0o600
    assert [file.name for file in (house.home / "keys").iterdir()] == ["vault.keys"]


def test_many_who_make_the_key_at_once_end_with_the_same_one(house: House) -> None:
    with ThreadPoolExecutor(8) as makers:
        sealed = list(makers.map(lambda number: seal(house, f"secret {number}"), range(8)))

    assert [unseal(house, each) for each in sealed] == [f"secret {number}" for number in range(8)]


def test_it_stays_shut_without_its_key_and_says_what_to_do(house: House) -> None:
    sealed = seal(house, SECRET)
    key = key_file(house).read_bytes()
    key_file(house).unlink()

    with pytest.raises(VaultShut, match="restore"):
        unseal(house, sealed)

    assert not key_file(house).exists()
    seal(house, "new things")
    with pytest.raises(VaultShut):
        unseal(house, sealed)
    key_file(house).write_bytes(key_file(house).read_bytes() + key)
    assert unseal(house, sealed) == SECRET


def test_it_says_which_keys_cannot_be_read_and_repeats_nothing_of_them(house: House) -> None:
    seal(house, SECRET)
    key_file(house).write_text("no key at all")

    with pytest.raises(VaultShut) as shut:
        seal(house, SECRET)

    assert str(key_file(house)) == shut.value.say.slots["where"]
    assert "no key" not in repr(shut.value.say)


def test_it_takes_its_keys_from_the_environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("ZHANGGUI_VAULT_KEY", old)
    sealed = seal(house, SECRET)
    monkeypatch.setenv("ZHANGGUI_VAULT_KEY", f"{new},{old}")

    assert unseal(house, sealed) == SECRET
    assert Fernet(new).decrypt(seal(house, SECRET)).decode() == SECRET
    assert not key_file(house).exists()


def test_no_secret_stands_in_the_database_the_log_or_a_text_of_ours(house: House, people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running(quiet()) as platform:
        connect(house, people.shop_id, platform)
        secrets = (platform.line.client_secret, platform.line.access_token, platform.line.refresh_token)
        access = access_to(house, people.shop_id, clock.now())
        view = connection_state(house, people.lin, people.shop_id, clock.now())
    shown = [everything(house), caplog.text, repr(access), repr(view), repr(access.app), repr(Tokens(*secrets[1:])), repr(GivenTokens(access_token=secrets[1]))]

    assert access.access_token == secrets[1]
    assert platform.line.client_id in shown[0]
    assert [secret for secret in secrets for text in shown if secret in text] == []


def test_a_restored_house_without_the_key_says_so_on_the_connection(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        connect(house, people.shop_id, platform)
    key_file(house).unlink()

    view = connection_state(house, people.lin, people.shop_id, clock.now())

    assert view.state is ConnectionState.CONNECTED
    assert view.problem is not None
    assert view.problem.slots["file"] == str(key_file(house))
    with pytest.raises(VaultShut):
        access_to(house, people.shop_id, clock.now())


def test_disconnecting_wipes_the_secrets_and_keeps_whose_shop_it_was(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        connect(house, people.shop_id, platform)

    disconnect(house, people.lin, people.shop_id, clock.now())

    with house.pool.connection() as tx:
        row = tx.execute("select tokens, app_id, owner_id from connections where shop_id = %s", (people.shop_id,)).fetchone()
    assert row == (None, None, platform.line.shop_id)
