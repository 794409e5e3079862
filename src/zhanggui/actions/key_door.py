"""The keys of the shops' sealed columns, each sealed with the keys of the house."""

import os
from pathlib import Path

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import VaultShut, keys_at, opened_at, sealed_at
from zhanggui.core.say import Say, say
from zhanggui.records import data_keys, shops
from zhanggui.records.db import Pool, Tx, connect, conninfo_of
from zhanggui.records.sealing import Keys, keys_of
from zhanggui.server import is_shared

KEY_BYTES = 32


class HouseKeys:
    """The door to the keys of one house: its home folder and its database."""

    def __init__(self, pool: Pool, home: Path) -> None:
        self._conninfo = conninfo_of(pool)
        self._home = home

    def make(self, shop_id: int, above: int = 0) -> Keys:
        """The shop's keys; one above this number is made where there is none, outside any transaction under way, so that none is taken back with it.

        Over a database that other homes share none is made above a shut one, nor by a home that holds none of their keys: they could not open what it seals.
        """
        with connect(self._conninfo, autocommit=True) as beside:
            keys = keys_of(beside, shop_id)
            if is_shared() and (keys or self._is_stranger(beside)):
                return keys
            return self._with_one_above(beside, shop_id, above)

    def begin_anew(self, shop_id: int) -> Keys:
        """The shop's keys, with a new one where none of them opens: they are lost for good, and what was sealed with them stays as it lies."""
        with connect(self._conninfo, autocommit=True) as beside:
            keys = keys_of(beside, shop_id)
            return self._with_one_above(beside, shop_id, keys[-1][0]) if self._are_shut(keys) else keys

    def refuse_a_stranger(self, tx: Tx) -> None:
        """Raises Refused where no key at hand opens anything that was sealed, VaultShut where the keys cannot be read.

        Over a database that other homes share, each shop has to open: what it seals there is read by others.
        """
        if self._is_stranger(tx):
            raise Refused(
                say(
                    "The home folder {home} does not hold the keys of what lies sealed: that was sealed with those of another. Bring that home's "
                    "keys/vault.keys here, or name them in ZHANGGUI_VAULT_KEY. Where they are lost for good, zhanggui up --new-keys goes on with new ones.",
                    home=str(self._home),
                )
            )

    def _is_stranger(self, tx: Tx) -> bool:
        keys_at(self._home)  # a file that cannot be read is said as that
        are_shut = [self._are_shut(keys) for shop in shops.every(tx) if (keys := keys_of(tx, shop.shop_id))]
        return any(are_shut) if is_shared() else bool(are_shut) and all(are_shut)

    def _are_shut(self, keys: Keys) -> bool:
        return bool(keys) and all(self.opened(wrapped) is None for _, wrapped in keys)

    def _with_one_above(self, beside: Tx, shop_id: int, above: int) -> Keys:
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
