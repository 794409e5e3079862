"""What happens in a shop, noted for other programs in the very transaction that does it; nothing where nobody listens."""

from datetime import datetime
from typing import Any

import msgspec

from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.hooks.kinds import EventKind
from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows

WANTED = """
    select array(select distinct unnest(kinds) from hooks where shop_id = %(shop_id)s and is_on),
        exists (select 1 from api_tokens where shop_id = %(shop_id)s and revoked_at is null and %(scope)s = any(scopes))
"""
COPY = "copy hook_notes (shop_id, at, kind, subject_kind, subject_no, order_no, what) from stdin"
NOTE_ONE = """
    insert into hook_notes (shop_id, at, kind, subject_kind, subject_no, order_no, what)
    select %(shop_id)s, %(at)s, %(kind)s, %(subject_kind)s, %(subject_no)s, %(order_no)s, %(what)s
    where exists (select 1 from hooks where shop_id = %(shop_id)s and is_on and %(kind)s = any(kinds))
        or exists (select 1 from api_tokens where shop_id = %(shop_id)s and revoked_at is null and %(scope)s = any(scopes))
"""
MANY = 5000
"""So many are written at once, before a long import has told all of them."""
Row = tuple[int, datetime, str, str, str, str | None, str]

_DEADLINES = tuple(kind for kind in EventKind if kind.value.startswith("deadline."))
_encode = msgspec.json.Encoder().encode


class Ears:
    """What the listeners of one shop want to hear, asked once a transaction; adds up what they are told until `flush`."""

    def __init__(self, tx: Tx, shop_id: int, now: datetime) -> None:
        self._tx = tx
        self._shop_id = shop_id
        self._now = now
        self._wanted = wanted(tx, shop_id)
        self._rows: list[Row] = []
        self.hears_deadlines = self.want(*_DEADLINES)
        """Whether anybody wants to hear of deadlines, of which a long import tells hundreds of thousands."""

    def want(self, *kinds: EventKind) -> bool:
        """Whether anybody wants to hear any of these."""
        return not self._wanted.isdisjoint(kinds)

    def tell(self, kind: EventKind, subject_kind: str, subject_no: str, order_no: str | None, /, **what: Any) -> None:
        """Tells of one event, where anybody wants to hear it. Nothing of a buyer may stand in `what`."""
        if kind in self._wanted:
            self._rows.append((self._shop_id, self._now, kind.value, subject_kind, subject_no, order_no, _encode(what).decode()))

    def flush_many(self) -> None:
        """Writes what was told, where it is much already."""
        if len(self._rows) >= MANY:
            self.flush()

    def flush(self) -> None:
        """Writes what was told."""
        if self._rows:
            copy_rows(self._tx, COPY, self._rows)
            self._rows = []


def wanted(tx: Tx, shop_id: int) -> frozenset[str]:
    """The kinds that anybody wants to hear of: every one where a token may read events."""
    row = tx.execute(WANTED, {"shop_id": shop_id, "scope": Scope.EVENTS_READ.value}).fetchone()
    kinds, reads = row if row is not None else ([], False)
    return frozenset(EventKind) if reads else frozenset(kinds)


def note(tx: Tx, shop_id: int, kind: EventKind, subject: tuple[str, str], order_no: str | None, what: bytes, at: datetime) -> None:
    """Notes one event, where anybody wants to hear it."""
    subject_kind, subject_no = subject
    slots = {"shop_id": shop_id, "kind": kind.value, "subject_kind": subject_kind, "subject_no": subject_no, "order_no": order_no}
    tx.execute(NOTE_ONE, {**slots, "what": what.decode(), "at": at, "scope": Scope.EVENTS_READ.value})
