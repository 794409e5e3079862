"""Rousing the worker: a word on one channel that there may be work in a lane. It only wakes; what is due stands in the tables."""

from collections.abc import Iterator

from zhanggui.records.db import Tx

ROUSE = "select pg_notify('zhanggui_work', %(lane)s)"
LISTEN = "listen zhanggui_work"


def rouse(tx: Tx, lane: str) -> None:
    """Lets every worker look into this lane as soon as the transaction is committed."""
    tx.execute(ROUSE, {"lane": lane})


def roused(tx: Tx, seconds: float) -> Iterator[str]:
    """The lanes that are called for within so many seconds. The connection must commit by itself and be used for nothing else."""
    tx.execute(LISTEN)
    for notice in tx.notifies(timeout=seconds):
        yield notice.payload
