"""A process on another machine begins only with the keys of the house, unless it is told that they are lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.privacy.keys import change_key
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import VaultShut, sealed_at
from zhanggui.cli.house_keys import make_new_keys, refuse_without_keys
from zhanggui.cli.main import main
from zhanggui.people.permissions import operator
from zhanggui.records import data_keys
from zhanggui.records.sealing import MARK, Ring, keys_of


def test_a_worker_whose_home_holds_no_key_does_not_seal_with_one_of_its_own(house: House, people: Cast, tmp_path: Path) -> None:
    elsewhere = replace(house, home=tmp_path / "elsewhere")
    refuse_without_keys(elsewhere)
    HouseKeys(house.pool, house.home).make(people.shop_id)

    refuse_without_keys(house)
    sealed_at(tmp_path / "elsewhere", b"drawn by itself")
    with pytest.raises(Refused, match="does not hold the keys"):
        refuse_without_keys(elsewhere)


def test_where_the_keys_are_lost_it_goes_on_with_new_ones_once_told_to(house: House, people: Cast, tmp_path: Path) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    elsewhere = replace(house, home=tmp_path / "elsewhere")

    make_new_keys(elsewhere)
    make_new_keys(elsewhere)

    refuse_without_keys(elsewhere)
    refuse_without_keys(house)
    with house.pool.connection() as tx:
        assert [number for number, _ in keys_of(tx, people.shop_id)] == [1, 2]


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that other homes lie over, too."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://named")


def key_numbers(house: House, shop_id: int) -> list[int]:
    with house.pool.connection() as tx:
        return [number for number, _ in keys_of(tx, shop_id)]


@pytest.mark.usefixtures("shared")
def test_no_command_of_a_home_without_keys_seals_in_a_database_that_others_share(house: House, people: Cast, tmp_path: Path) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    stranger = Ring(HouseKeys(house.pool, tmp_path / "elsewhere"))

    for shop_id in (people.shop_id, people.other_shop_id):
        with house.pool.connection() as tx:
            cipher = stranger.cipher(tx, shop_id)
        assert cipher.open("a word of before", "notes.text") == "a word of before", "reading goes on"
        with pytest.raises(Refused, match="holds no keys"):
            cipher.seal("a word", "notes.text")

    assert (key_numbers(house, people.shop_id), key_numbers(house, people.other_shop_id)) == ([1], [])
    assert not (tmp_path / "elsewhere").exists(), "no keys were drawn"


@pytest.mark.usefixtures("shared")
def test_two_homes_with_keys_of_their_own_do_not_go_on_making_keys_above_each_other(house: House, people: Cast, tmp_path: Path) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    HouseKeys(house.pool, tmp_path / "elsewhere").begin_anew(people.shop_id)

    sealed = []
    for home in (house.home, tmp_path / "elsewhere", house.home):
        with house.pool.connection() as tx:
            sealed.append(Ring(HouseKeys(house.pool, home)).cipher(tx, people.shop_id).seal("a word", "notes.text")[: len(MARK) + 2])

    assert sealed == [f"{MARK}1:", f"{MARK}2:", f"{MARK}1:"]
    assert key_numbers(house, people.shop_id) == [1, 2]


def test_a_process_seals_with_no_key_that_was_wiped_meanwhile(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.records.sealing.KNOWN_FOR", 0.0)
    keys = HouseKeys(house.pool, house.home)
    keys.make(people.shop_id)
    keys.make(people.shop_id, above=1)
    ring = Ring(keys)

    with house.pool.connection() as tx:
        first = ring.cipher(tx, people.shop_id)
        assert first.holds(keys_of(tx, people.shop_id))
        assert ring.cipher(tx, people.shop_id) is first
        data_keys.remove_older(tx, people.shop_id, 2)
        assert ring.cipher(tx, people.shop_id).numbers == {2}


@pytest.mark.usefixtures("shared")
def test_a_stranger_changes_no_key(house: House, people: Cast, tmp_path: Path) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)

    with pytest.raises(Refused, match="holds no keys"):
        change_key(replace(house, home=tmp_path / "elsewhere"), operator(), people.shop_id, clock.unwound())

    assert key_numbers(house, people.shop_id) == [1]


def test_keys_that_cannot_be_read_are_said_as_that(house: House, people: Cast, tmp_path: Path) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    broken = tmp_path / "elsewhere" / "keys" / "vault.keys"
    broken.parent.mkdir(parents=True)
    broken.write_text("no key")

    with pytest.raises(VaultShut, match="cannot be read"):
        refuse_without_keys(replace(house, home=tmp_path / "elsewhere"))


UP = [
    (["up"], True, False),
    (["up", "--no-worker"], False, False),
    (["up", "--new-keys"], True, True),
    (["up"], False, True),
]
"""What is typed, whether the database is shared, and whether it begins."""


@pytest.mark.parametrize(("line", "is_shared", "begins"), UP)
def test_up_asks_for_the_keys_where_there_may_be_another_home(
    house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: list[str], is_shared: bool, begins: bool
) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    elsewhere = replace(house, home=tmp_path / "elsewhere")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if is_shared:
        monkeypatch.setenv("DATABASE_URL", "postgresql://named")
    monkeypatch.setattr("zhanggui.cli.serving.keep_up", lambda *_, prepare, **__: prepare(elsewhere))

    code = main(["--home", str(tmp_path / "elsewhere"), *line])

    assert (code == 0) is begins
