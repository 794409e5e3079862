"""Listening to the database for as long as a process lives: the one loop behind every channel."""

import logging
import threading
from collections.abc import Callable
from typing import LiteralString

import psycopg

from zhanggui.records.db import connect

_LOOKS_EVERY = 0.5
_LONGEST_WAIT = 30.0


def hear(conninfo: str, channel: LiteralString, stop: threading.Event, heard: Callable[[str], None], began: Callable[[], None], log: logging.Logger) -> None:
    """Hands what is said to `heard` until `stop`; `channel` is the statement that begins to listen.

    `began` is called whenever listening begins anew: until then anything may have gone unheard. Takes a connection of its own and a thread of the
    caller's; while the database is away it waits longer and longer between tries.
    """
    failures = 0
    while not stop.is_set():
        try:
            with connect(conninfo, autocommit=True) as connection:
                connection.execute(channel)
                began()
                failures = 0
                while not stop.is_set():
                    for notice in connection.notifies(timeout=_LOOKS_EVERY):
                        heard(notice.payload)
                        if stop.is_set():
                            return
        except psycopg.Error as error:
            if stop.is_set():
                return
            failures += 1
            log.warning("cannot listen to the database (%s), tried again soon", type(error).__name__)
            stop.wait(min(2.0**failures / 4, _LONGEST_WAIT))
