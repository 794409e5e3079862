"""What keeps a house that is run in earnest from starting, and what is only told."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.joining import make_person
from zhanggui.actions.refused import Refused
from zhanggui.cli.production import data_findings, production_findings, refuse_unsafe
from zhanggui.demo.telling import LOGIN, PASSWORD
from zhanggui.people import accounts
from zhanggui.people.permissions import operator
from zhanggui.records import whole
from zhanggui.site.settings import Settings

DRAWN = "k7Qz-0vXh3Rw_9LmT2bYpF5sGdJ8uNcA1eVxKoWi"


@pytest.fixture
def good(tmp_path: Path) -> Settings:
    """Settings of a house that may be run in earnest."""
    home = tmp_path / "home"
    home.mkdir()
    return Settings(home=home, production=True, backups=tmp_path / "elsewhere")


def bad(settings: Settings) -> list[str]:
    """The checks that are not in order."""
    return [finding.check for finding in production_findings(settings) if not finding.ok]


def test_a_house_that_is_well_set_up_may_start(good: Settings) -> None:
    assert bad(good) == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"secret": "a" * 40}, "secret"),
        ({"secret": DRAWN}, None),
        ({"host": "192.168.1.20"}, "network"),
        ({"host": "192.168.1.20", "lan": True}, None),
        ({"proxies": ("1.2.3.4",), "hosts": ("desk.example",)}, "proxies"),
        ({"proxies": ("*",), "hosts": ("desk.example",)}, "proxies"),
        ({"proxies": ("10.0.0.0/8",)}, "proxies"),
        ({"proxies": ("10.0.0.0/8",), "hosts": ("desk.example",)}, None),
        ({"backups": None}, "backups"),
        ({"database_url": "postgresql://me@db.example/shop"}, "database"),
        ({"database_url": "postgresql://me@db.example/shop?sslmode=verify-full"}, None),
        ({"database_url": "postgresql:///shop?host=/run/postgresql"}, None),
    ],
)
def test_each_setting_that_is_not_safe_is_named(good: Settings, change: dict[str, object], check: str | None) -> None:
    told = bad(Settings(**{**{name: getattr(good, name) for name in ("home", "production", "backups")}, **change}))

    assert told == ([] if check is None else [check])


def _demo(settings: Settings) -> None:
    (settings.home / "demo.json").write_text("{}", "utf-8")


def _open_key(settings: Settings) -> None:
    key = settings.home / "keys" / "vault.keys"
    key.parent.mkdir()
    key.write_text("k", "ascii")
    key.chmod(stat.S_IRUSR | stat.S_IROTH)


def _key_among_backups(settings: Settings) -> None:
    assert settings.backups is not None
    (settings.backups / "keys").mkdir(parents=True)
    (settings.backups / "keys" / "vault.keys").write_text("k", "ascii")


@pytest.mark.parametrize(("spoil", "check"), [(_demo, "demo"), (_open_key, "keys"), (_key_among_backups, "vault")])
def test_what_lies_in_the_folders_is_looked_at(good: Settings, spoil: Callable[[Settings], None], check: str) -> None:
    spoil(good)

    assert bad(good) == [check]


def test_backups_in_the_home_folder_are_none(good: Settings) -> None:
    assert bad(Settings(home=good.home, backups=good.home / "backups")) == ["vault"]


def test_only_a_house_that_says_so_is_kept_from_starting(good: Settings) -> None:
    refuse_unsafe(Settings(home=good.home))

    with pytest.raises(Refused, match="Nobody makes backups"):
        refuse_unsafe(Settings(home=good.home, production=True))


def test_the_password_of_the_demo_keeps_it_from_starting(house: House, good: Settings) -> None:
    refuse_unsafe_data_but_durability(house, good)
    make_person(house, operator(), login=LOGIN, password=PASSWORD, name="林", now=clock.now(), roles={})

    with pytest.raises(Refused, match="password of the demo"):
        refuse_unsafe_data_but_durability(house, good)


def test_a_database_that_does_not_keep_its_word_is_told(house: House, good: Settings) -> None:
    # as the server of this run: it does not wait for the disk
    told = {finding.check: finding.ok for finding in data_findings(house, good, clock.unwound())}

    assert told["durability"] is False


def test_a_keeper_with_a_password_alone_is_told_and_kept_from_nothing(house: House, good: Settings) -> None:
    with house.pool.connection() as tx:
        accounts.first_person(tx, "lin", DRAWN, "林", clock.now())

    told = {finding.check: finding for finding in data_findings(house, good, clock.unwound())}["keepers"]

    assert (told.ok, told.stops, told.said.slots["login"]) == (False, False, "lin")


def test_an_old_backup_is_told_and_keeps_nobody_from_starting(house: House, good: Settings) -> None:
    assert good.backups is not None
    wall = clock.unwound()
    young = {finding.check: finding for finding in data_findings(house, good, wall)}["last backup"]
    later = {finding.check: finding for finding in data_findings(house, good, wall + timedelta(days=3))}["last backup"]

    assert (young.ok, later.ok, later.stops) == (True, False, False)


def test_a_database_that_sorts_by_a_language_is_named_and_keeps_nobody_from_starting(house: House, good: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {finding.check: finding.ok for finding in data_findings(house, good, clock.unwound())}["sorting"]
    # no build of the embedded server knows another way to sort
    monkeypatch.setattr(whole, "SORTS_BY_CODE_POINT", "select false")

    told = {finding.check: finding for finding in data_findings(house, good, clock.unwound())}["sorting"]

    assert (before, told.ok, told.stops) == (True, False, False)
    assert "C.UTF-8" in told.said.text


def refuse_unsafe_data_but_durability(house: House, settings: Settings) -> None:
    """The servers of tests do not wait for the disk."""
    for finding in data_findings(house, settings, clock.unwound()):
        if finding.check != "durability" and finding.stops and not finding.ok:
            raise Refused(finding.said)


def test_the_commands_say_so_and_start_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "home", {"ZHANGGUI_PRODUCTION": "1", "ZHANGGUI_PORT": "1"})

    told = terminal.run("doctor", "--production", "--json")
    refused = terminal.run("up", "--json")
    worker = terminal.run("worker", "--json")

    checks = {check["check"]: check["ok"] for check in told.json["checks"]}
    assert (told.code, checks["backups"], checks["secret"], checks["tables"]) == (1, False, True, True)
    assert (refused.code, worker.code) == (1, 1)
    assert [sentence.startswith("Nobody makes backups") for sentence in (*refused.json["refused"], *worker.json["refused"])] == [True, True]
