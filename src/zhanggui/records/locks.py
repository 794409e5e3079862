"""Locks, taken in one order: the shop first, then its rows, then its totals."""

from zhanggui.records.db import Tx

_FAMILY = 1519
"""The first half of every advisory lock of ours on a shop."""

_TRIALS = 1520
"""The same of trials of a shop's terms, which keep out each other and nothing else."""

_KEYS = 1521
"""The same of whoever changes the keys of the house."""

# the second half of the key is 32 bits wide; shops share a lock only past four thousand million of them
HOLD_SHOP = "select pg_advisory_xact_lock(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"
TRY_SHOP = "select pg_try_advisory_xact_lock(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"
# those who share the shop keep out whoever stores facts of it, and not each other
SHARE_SHOP = "select pg_advisory_xact_lock_shared(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"
TRY_TRIAL = "select pg_try_advisory_xact_lock(%(family)s, (%(shop_id)s::bigint %% 2147483647)::integer)"
HOLD_KEYS = "select pg_advisory_xact_lock(%(family)s, 0)"
SHORT_WAIT = "set local lock_timeout = '4s'"


def hold_shop(tx: Tx, shop_id: int) -> None:
    """Waits until no other import of this shop runs, and keeps others waiting until the transaction ends."""
    tx.execute(HOLD_SHOP, {"family": _FAMILY, "shop_id": shop_id})


def share_shop(tx: Tx, shop_id: int) -> None:
    """Waits until no import of this shop runs, and keeps facts from being stored until the transaction ends; others may share it meanwhile."""
    tx.execute(SHARE_SHOP, {"family": _FAMILY, "shop_id": shop_id})


def try_shop(tx: Tx, shop_id: int) -> bool:
    """Whether no import of this shop runs; if so none will until the transaction ends."""
    row = tx.execute(TRY_SHOP, {"family": _FAMILY, "shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def do_not_wait_long(tx: Tx) -> None:
    """Lets the transaction give up on a lock after a few seconds instead of hanging a page."""
    tx.execute(SHORT_WAIT)


def try_trial(tx: Tx, shop_id: int) -> bool:
    """Whether nobody is trying terms of this shop; if so nobody else will until the transaction ends."""
    row = tx.execute(TRY_TRIAL, {"family": _TRIALS, "shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def hold_keys(tx: Tx) -> None:
    """Waits until nobody else changes the keys of the house, and keeps others waiting until the transaction ends."""
    tx.execute(HOLD_KEYS, {"family": _KEYS})
