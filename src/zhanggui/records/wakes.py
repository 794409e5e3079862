"""Wakes: said in the transaction that changed something, heard by whoever shows it once that is committed. They never carry the truth, only where to look.

PostgreSQL says a wake to every connection that listens, drops equal ones of one transaction, and forgets it where nobody listens.
"""

import logging
import threading
from collections.abc import Callable, Iterable

import msgspec

from zhanggui.records.db import Tx
from zhanggui.records.listening import hear

log = logging.getLogger("zhanggui.wakes")

SAY = "select pg_notify('zhanggui_wakes', %(text)s)"
LISTEN = "listen zhanggui_wakes"

MOST_ORDERS = 20
"""Orders named in one wake; when more were touched, the whole shop was. PostgreSQL carries 8,000 bytes at most."""
_LONGEST = 4000


class Wake(msgspec.Struct, frozen=True, array_like=True):
    """Something changed: in a shop, in who may see what, or both unknown."""

    shop_id: int | None = None
    """None where who may see what has changed, in whatever shop."""
    order_nos: tuple[str, ...] = ()
    """The orders it is about; empty where it may be any."""
    is_talk: bool = False
    """Whether only threads of buyers changed, which nothing but the inbox shows."""


def wake(tx: Tx, shop_id: int, order_nos: Iterable[str] = ()) -> None:
    """Tells whoever shows this shop, once the transaction is committed, that these orders changed; any of them may have where none is named."""
    named = tuple(order_nos)
    text = msgspec.json.encode(Wake(shop_id, named)) if len(named) <= MOST_ORDERS else b""
    if not text or len(text) > _LONGEST:
        text = msgspec.json.encode(Wake(shop_id))
    tx.execute(SAY, {"text": text.decode()})


def wake_threads(tx: Tx, shop_id: int) -> None:
    """Tells whoever shows the inbox of this shop that a thread changed."""
    tx.execute(SAY, {"text": msgspec.json.encode(Wake(shop_id, is_talk=True)).decode()})


def wake_admission(tx: Tx) -> None:
    """Tells whoever shows pages that a sign-in ended or somebody's part in a shop changed."""
    tx.execute(SAY, {"text": msgspec.json.encode(Wake()).decode()})


def listen(conninfo: str, stop: threading.Event, heard: Callable[[Wake], None], *, began: Callable[[], None]) -> None:
    """Hands every wake to `heard` until `stop`; see records/listening.py."""
    hear(conninfo, LISTEN, stop, lambda text: heard(_read(text)), began, log)


def _read(text: str) -> Wake:
    """What was said. A wake of a newer version of ours that we cannot read still wakes: as if who may see what had changed."""
    try:
        return msgspec.json.decode(text, type=Wake)
    except msgspec.DecodeError:
        return Wake()
