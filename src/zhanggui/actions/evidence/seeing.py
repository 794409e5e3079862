"""What is kept of an order, and each content by itself."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.core.evidence import EvidenceKind, EvidenceRow
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import evidence

_MOST = 1000


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One piece as a page shows it. `sha256` and `seal` are written in hexadecimal digits."""

    seq: int
    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    reference: str
    note: str
    taken_at: datetime | None
    made_by_name: str
    made_at: datetime
    sha256: str
    seal: str


def evidence_of(house: House, by: Person, shop_id: ShopId, order_no: str) -> tuple[Evidence, ...]:
    """The pieces kept of an order, the oldest first."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(_seen(row) for row in evidence.of_order(tx, shop_id, order_no, _MOST))


def content_of(house: House, by: Person, shop_id: ShopId, order_no: str, seq: int) -> tuple[Evidence, bytes]:
    """A piece and its bytes. Raises NotAllowed where there is no such file."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        row = evidence.one(tx, shop_id, order_no, seq)
        # what lies elsewhere has a digest too, but no content of its own: one kept under it belongs to another order
        is_file = row is not None and row.kind == EvidenceKind.FILE
        content = evidence.content(tx, shop_id, row.content) if row is not None and is_file and row.content is not None else None
    if row is None or content is None:
        raise NotAllowed(Permission.EVIDENCE_READ.value)
    return _seen(row), content


def _seen(row: EvidenceRow) -> Evidence:
    return Evidence(
        seq=row.seq,
        kind=EvidenceKind(row.kind),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        reference=row.reference,
        note=row.note,
        taken_at=row.taken_at,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
        sha256="" if row.content is None else row.content.hex(),
        seal=row.digest.hex(),
    )
