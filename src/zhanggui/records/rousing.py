"""Rousing the worker: a word on one channel that there may be work in a lane. It only wakes; what is due stands in the tables."""

import logging
import threading
from collections.abc import Callable

import psycopg

from zhanggui.records.db import Tx, connect

log = logging.getLogger("zhanggui.worker")

ROUSE = "select pg_notify('zhanggui_work', %(lane)s)"
LISTEN = "listen zhanggui_work"
_LOOKS_EVERY = 0.5
_LONGEST_WAIT = 30.0


def rouse(tx: Tx, lane: str) -> None:
    """Lets every worker look into this lane as soon as the transaction is committed."""
    tx.execute(ROUSE, {"lane": lane})


def listen(conninfo: str, stop: threading.Event, heard: Callable[[str], None], *, began: Callable[[], None]) -> None:
    """Hands every lane that is called for to `heard` until `stop`. `began` is called whenever listening begins anew: until then any may have been.

    Takes a connection of its own and a thread of the caller's; while the database is away it waits longer and longer between tries.
    """
    failures = 0
    while not stop.is_set():
        try:
            with connect(conninfo, autocommit=True) as connection:
                connection.execute(LISTEN)
                began()
                failures = 0
                while not stop.is_set():
                    for notice in connection.notifies(timeout=_LOOKS_EVERY):
                        heard(notice.payload)
                        if stop.is_set():
                            return
        except psycopg.Error as error:
            failures += 1
            log.warning("the worker cannot be roused (%s), tried again soon", type(error).__name__)
            stop.wait(min(2.0**failures / 4, _LONGEST_WAIT))
