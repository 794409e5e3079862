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
