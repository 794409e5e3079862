"""A seal: a block of journal entries and the seal before it, tied together."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from zhanggui.core.evidence.chains import linked

BEFORE_ALL = -(2**62)
"""The number that the first block follows. The journal counts from 1; what somebody put in below that must not go unseen."""


class JournalSeal(msgspec.Struct, frozen=True, kw_only=True):
    """One block of a shop's journal, from one entry number to another, both included."""

    shop_id: int
    seal_no: int
    from_no: int
    to_no: int
    entries: int
    body: bytes
    previous: bytes
    digest: bytes
    made_at: datetime


JournalRow = tuple[int, datetime, str, int | None, str | None, str | None, int | None, str]
"""Number, moment, kind, person, kind and number of the subject, import, and the data as the database writes them."""

_ENCODER = msgspec.json.Encoder(order="deterministic")


def seal_body(rows: Iterable[JournalRow]) -> tuple[int, bytes]:
    """How many entries there are, and the digest of them all in their order."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(_ENCODER.encode(row) + b"\n")
        count += 1
    return count, digest.digest()


def seal_digest(seal: JournalSeal) -> bytes:
    """The digest the seal must bear."""
    said = {
        "shop_id": seal.shop_id,
        "seal_no": seal.seal_no,
        "from_no": seal.from_no,
        "to_no": seal.to_no,
        "entries": seal.entries,
        "body": seal.body.hex(),
        "made_at": seal.made_at,
    }
    return linked((seal.previous,), _ENCODER.encode(said))
