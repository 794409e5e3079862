"""Rousing the worker: a word on one channel that there may be work in a lane. It only wakes; what is due stands in the tables."""

import logging
import threading
from collections.abc import Callable

from zhanggui.records.db import Tx
from zhanggui.records.listening import hear

log = logging.getLogger("zhanggui.worker")

ROUSE = "select pg_notify('zhanggui_work', %(lane)s)"
LISTEN = "listen zhanggui_work"


def rouse(tx: Tx, lane: str) -> None:
    """Lets every worker look into this lane as soon as the transaction is committed."""
    tx.execute(ROUSE, {"lane": lane})


def listen(conninfo: str, stop: threading.Event, heard: Callable[[str], None], *, began: Callable[[], None]) -> None:
    """Hands every lane that is called for to `heard` until `stop`; see records/listening.py."""
    hear(conninfo, LISTEN, stop, heard, began, log)
