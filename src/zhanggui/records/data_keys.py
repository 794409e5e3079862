"""The keys of the shops' sealed columns, themselves sealed."""

from datetime import datetime

from zhanggui.records.db import Tx

ADD = """
    insert into data_keys (shop_id, key_no, wrapped, made_at) values (%(shop_id)s, %(key_no)s, %(wrapped)s, %(at)s)
    on conflict (shop_id, key_no) do nothing
"""
SET = "update data_keys set wrapped = %(wrapped)s where shop_id = %(shop_id)s and key_no = %(key_no)s and wrapped = %(before)s"
NEWEST = "select key_no, made_at from data_keys where shop_id = %(shop_id)s order by key_no desc limit 1"
REMOVE_OLDER = "delete from data_keys where shop_id = %(shop_id)s and key_no < %(key_no)s"
COUNT = "select count(*) from data_keys where shop_id = %(shop_id)s"


def add(tx: Tx, shop_id: int, key_no: int, wrapped: bytes, at: datetime) -> None:
    """Keeps a key; one that another process made a moment earlier stays."""
    tx.execute(ADD, {"shop_id": shop_id, "key_no": key_no, "wrapped": wrapped, "at": at})


def set_wrapped(tx: Tx, shop_id: int, key_no: int, before: bytes, wrapped: bytes) -> None:
    """Keeps the same key sealed with another key of the house."""
    tx.execute(SET, {"shop_id": shop_id, "key_no": key_no, "before": before, "wrapped": wrapped})


def newest(tx: Tx, shop_id: int) -> tuple[int, datetime] | None:
    """The number of the key that seals, and when it was made."""
    row = tx.execute(NEWEST, {"shop_id": shop_id}).fetchone()
    return None if row is None else (int(row[0]), row[1])


def remove_older(tx: Tx, shop_id: int, key_no: int) -> int:
    """Wipes the keys before this one; how many there were."""
    return tx.execute(REMOVE_OLDER, {"shop_id": shop_id, "key_no": key_no}).rowcount


def count(tx: Tx, shop_id: int) -> int:
    """How many keys the shop has."""
    row = tx.execute(COUNT, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0
