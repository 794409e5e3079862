"""Shops and their settings, rule overrides and promised hours: small tables, read whole."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ShopRecord(msgspec.Struct, frozen=True):
    """A shop's number and name."""

    shop_id: int
    name: str


INSERT = "insert into shops (name, made_at) values (%(name)s, %(made_at)s) on conflict (name) do nothing returning shop_id, name"
MAKE_HOME = "insert into shop_homes (shop_id) values (%(shop_id)s)"
EVERY = "select shop_id, name from shops order by shop_id"
OF_IDS = "select shop_id, name from shops where shop_id = any(%(shop_ids)s) order by shop_id"
OF_NAME = "select shop_id, name from shops where name = %(name)s"
RENAME = "update shops set name = %(name)s where shop_id = %(shop_id)s and not exists (select 1 from shops where name = %(name)s) returning shop_id, name"
ADD_OWNER = """
    insert into memberships (shop_id, person_id, role, made_at) values (%(shop_id)s, %(person_id)s, 'owner', %(made_at)s)
    on conflict (shop_id, person_id) do nothing
"""
ADD_KEEPERS = """
    insert into memberships (shop_id, person_id, role, made_at)
    select %(shop_id)s, person_id, 'owner', %(made_at)s from people where is_keeper and closed_at is null
    on conflict (shop_id, person_id) do nothing
"""


def insert(tx: Tx, name: str, made_at: datetime) -> ShopRecord | None:
    """The new shop, None where the name is taken."""
    with tx.cursor(row_factory=class_row(ShopRecord)) as cursor:
        made = cursor.execute(INSERT, {"name": name, "made_at": made_at}).fetchone()
    if made is not None:
        tx.execute(MAKE_HOME, {"shop_id": made.shop_id})
    return made


def rename(tx: Tx, shop_id: int, name: str) -> bool:
    """Whether the shop now bears the name; False where another bears it."""
    return tx.execute(RENAME, {"shop_id": shop_id, "name": name}).fetchone() is not None


def add_owner(tx: Tx, shop_id: int, person_id: int, made_at: datetime) -> None:
    """Makes the person owner of the shop, unless they already have a part in it."""
    tx.execute(ADD_OWNER, {"shop_id": shop_id, "person_id": person_id, "made_at": made_at})


def add_keepers(tx: Tx, shop_id: int, made_at: datetime) -> None:
    """Makes the keepers of the house owners of the shop."""
    tx.execute(ADD_KEEPERS, {"shop_id": shop_id, "made_at": made_at})


def every(tx: Tx) -> list[ShopRecord]:
    """All shops of the house."""
    with tx.cursor(row_factory=class_row(ShopRecord)) as cursor:
        return cursor.execute(EVERY).fetchall()


def of_ids(tx: Tx, shop_ids: Sequence[int]) -> list[ShopRecord]:
    """The shops with these numbers."""
    with tx.cursor(row_factory=class_row(ShopRecord)) as cursor:
        return cursor.execute(OF_IDS, {"shop_ids": list(shop_ids)}).fetchall()


def of_name(tx: Tx, name: str) -> ShopRecord | None:
    """The shop of this name."""
    with tx.cursor(row_factory=class_row(ShopRecord)) as cursor:
        return cursor.execute(OF_NAME, {"name": name}).fetchone()
