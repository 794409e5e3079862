"""A worker on another machine begins only with the keys of the house."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import sealed_at
from zhanggui.cli.working import refuse_without_keys


def test_a_worker_whose_home_holds_no_key_does_not_seal_with_one_of_its_own(house: House, people: Cast, tmp_path: Path) -> None:
    elsewhere = replace(house, home=tmp_path / "elsewhere")
    refuse_without_keys(elsewhere)
    HouseKeys(house.pool, house.home).make(people.shop_id)

    refuse_without_keys(house)
    sealed_at(tmp_path / "elsewhere", b"drawn by itself")
    with pytest.raises(Refused, match="holds no keys of the vault"):
        refuse_without_keys(elsewhere)
