"""The keys of the shops' sealed columns, each sealed with the keys of the house."""

import os
from pathlib import Path

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import opened_at, sealed_at
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

    def make(self, shop_id: int) -> Keys:
        """The shop's keys; the first is made where there is none, outside any transaction under way, so that none is taken back with it."""
        with connect(self._conninfo, autocommit=True) as beside:
            if not keys_of(beside, shop_id):
                data_keys.add(beside, shop_id, 1, self.fresh(), clock.unwound())
            return keys_of(beside, shop_id)

    def opened(self, wrapped: bytes) -> bytes:
        """A key of a shop. Raises VaultShut where no key of the house at hand opens it."""
        return opened_at(self._home, wrapped)

    def refusal(self, why: Say) -> Exception:
        """What is raised where a value does not open."""
        return Refused(why)

    def fresh(self) -> bytes:
        """A key of a shop that nobody has yet, sealed."""
        return sealed_at(self._home, os.urandom(KEY_BYTES))
