"""One entry of the vault, and the bytes its digest covers."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.evidence.chains import linked


class EvidenceKind(StrEnum):
    """Whether the thing itself is kept, or only where it lies."""

    FILE = "file"
    REFERENCE = "reference"


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it is kept. Moments in UTC, `size` in bytes, digests of 32 bytes."""

    shop_id: int
    seq: int
    order_no: str
    kind: str
    name: str
    media_type: str
    size: int
    content: bytes | None
    reference: str
    note: str
    taken_at: datetime | None
    """The moment it shows, as whoever brought it says."""
    made_by: int | None
    made_by_name: str
    made_at: datetime
    previous: bytes
    """The digest of the shop's entry before."""
    order_previous: bytes
    """The digest of the order's entry before."""
    digest: bytes = b""


_ENCODER = msgspec.json.Encoder(order="deterministic")


def body_of(row: EvidenceRow) -> bytes:
    """Everything the entry says, in one fixed way of writing; the ties stand beside it."""
    said = {
        "shop_id": row.shop_id,
        "seq": row.seq,
        "order_no": row.order_no,
        "kind": row.kind,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "content": None if row.content is None else row.content.hex(),
        "reference": row.reference,
        "note": row.note,
        "taken_at": row.taken_at,
        "made_by": row.made_by,
        "made_by_name": row.made_by_name,
        "made_at": row.made_at,
    }
    return _ENCODER.encode(said)


def entry_digest(row: EvidenceRow) -> bytes:
    """The digest the entry must bear."""
    return linked((row.previous, row.order_previous), body_of(row))


def is_emptied(row: EvidenceRow) -> bool:
    """Whether no words of it are left, as of an entry that was forgotten."""
    return not (row.name or row.reference or row.note)
