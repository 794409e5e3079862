"""Settings of a shop and of the house: names to JSON values."""

import msgspec
from psycopg.types.json import Jsonb

from zhanggui.records.db import Tx

Value = str | int | float | bool | None | list[str] | dict[str, str]

OF_SHOP = "select name, value::text from shop_settings where shop_id = %(shop_id)s"
OF_HOUSE = "select name, value::text from house_settings"
SET_OF_SHOP = """
    insert into shop_settings (shop_id, name, value) values (%(shop_id)s, %(name)s, %(value)s)
    on conflict (shop_id, name) do update set value = excluded.value
"""
FORGET_OF_SHOP = "delete from shop_settings where shop_id = %(shop_id)s and name = %(name)s"
KEEP_OF_HOUSE = "insert into house_settings (name, value) values (%(name)s, %(value)s) on conflict (name) do nothing"
SET_OF_HOUSE = "insert into house_settings (name, value) values (%(name)s, %(value)s) on conflict (name) do update set value = excluded.value"


def of_shop(tx: Tx, shop_id: int) -> dict[str, Value]:
    """The shop's own settings."""
    return {name: msgspec.json.decode(value, type=Value) for name, value in tx.execute(OF_SHOP, {"shop_id": shop_id})}


def of_house(tx: Tx) -> dict[str, Value]:
    """The settings of the whole house."""
    return {name: msgspec.json.decode(value, type=Value) for name, value in tx.execute(OF_HOUSE)}


def set_of_shop(tx: Tx, shop_id: int, name: str, value: Value) -> None:
    """Keeps the value; None forgets it, so that the default holds again."""
    if value is None:
        tx.execute(FORGET_OF_SHOP, {"shop_id": shop_id, "name": name})
    else:
        tx.execute(SET_OF_SHOP, {"shop_id": shop_id, "name": name, "value": Jsonb(value)})


def set_of_house(tx: Tx, name: str, value: Value) -> None:
    """Keeps the value for the whole house."""
    tx.execute(SET_OF_HOUSE, {"name": name, "value": Jsonb(value)})


def keep_of_house(tx: Tx, name: str, value: Value) -> Value:
    """The value that stands, which is this one only if there was none before: two who keep at once end with the same."""
    tx.execute(KEEP_OF_HOUSE, {"name": name, "value": Jsonb(value)})
    return of_house(tx)[name]
