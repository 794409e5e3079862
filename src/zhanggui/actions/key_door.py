"""The keys of the shops' sealed columns, each sealed with the keys of the house."""

import os
from pathlib import Path

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import VaultShut, opened_at, sealed_at
from zhanggui.core.say import Say
from zhanggui.records import data_keys
from zhanggui.records.db import Pool, connect, conninfo_of
from zhanggui.records.sealing import Keys, keys_of

KEY_BYTES = 32


class HouseKeys:
    """The door to the keys of one house: its home folder and its database."""

    def __init__(self, pool: Pool, home: Path) -> None:
        self._conninfo = conninfo_of(pool)
        self._home = home

    def make(self, shop_id: int, above: int = 0) -> Keys:
        """The shop's keys; one above this number is made where there is none, outside any transaction under way, so that none is taken back with it."""
        with connect(self._conninfo, autocommit=True) as beside:
            if max((number for number, _ in keys_of(beside, shop_id)), default=0) <= above:
                data_keys.add(beside, shop_id, above + 1, self.fresh(), clock.unwound())
            return keys_of(beside, shop_id)

    def opened(self, wrapped: bytes) -> bytes | None:
        """A key of a shop; None where no key of the house at hand opens it."""
        try:
            return opened_at(self._home, wrapped)
        except VaultShut:
            return None

    def refusal(self, why: Say) -> Exception:
        """What is raised where a value does not open."""
        return Refused(why)

    def fresh(self) -> bytes:
        """A key of a shop that nobody has yet, sealed."""
        return sealed_at(self._home, os.urandom(KEY_BYTES))
