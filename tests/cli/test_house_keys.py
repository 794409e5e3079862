"""A process on another machine begins only with the keys of the house, unless it is told that they are lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import sealed_at
from zhanggui.cli.house_keys import make_new_keys, refuse_without_keys
from zhanggui.cli.main import main
from zhanggui.records.sealing import keys_of


def test_a_worker_whose_home_holds_no_key_does_not_seal_with_one_of_its_own(house: House, people: Cast, tmp_path: Path) -> None:
    elsewhere = replace(house, home=tmp_path / "elsewhere")
    refuse_without_keys(elsewhere)
    HouseKeys(house.pool, house.home).make(people.shop_id)

    refuse_without_keys(house)
    sealed_at(tmp_path / "elsewhere", b"drawn by itself")
    with pytest.raises(Refused, match="holds no keys of the vault"):
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


def test_no_command_of_a_home_without_keys_seals_in_a_database_that_others_share(
    house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    monkeypatch.setenv("DATABASE_URL", "postgresql://named")

    with pytest.raises(Refused, match="holds no keys of the vault"):
        HouseKeys(house.pool, tmp_path / "elsewhere").make(people.shop_id, above=1)
    with pytest.raises(Refused, match="holds no keys of the vault"):
        HouseKeys(house.pool, tmp_path / "elsewhere").make(people.other_shop_id)

    with house.pool.connection() as tx:
        assert [len(keys_of(tx, shop_id)) for shop_id in (people.shop_id, people.other_shop_id)] == [1, 0]
    assert not (tmp_path / "elsewhere").exists(), "no keys were drawn"


UP = [
    (["up"], True, False),
    (["up", "--no-worker"], False, False),
    (["up", "--new-keys"], True, True),
    (["up"], False, True),
]
"""What is typed, whether the database is shared, and whether it begins."""


@pytest.mark.parametrize(("line", "shared", "begins"), UP)
def test_up_asks_for_the_keys_where_there_may_be_another_home(
    house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: list[str], shared: bool, begins: bool
) -> None:
    HouseKeys(house.pool, house.home).make(people.shop_id)
    elsewhere = replace(house, home=tmp_path / "elsewhere")
    if shared:
        monkeypatch.setenv("DATABASE_URL", "postgresql://named")
    monkeypatch.setattr("zhanggui.cli.serving.keep_up", lambda *_, prepare, **__: prepare(elsewhere))

    code = main(["--home", str(tmp_path / "elsewhere"), *line])

    assert (code == 0) is begins
