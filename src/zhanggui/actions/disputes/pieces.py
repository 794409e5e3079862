"""What is kept of an order as it might be handed in: what each piece shows, how large it is, and what speaks against it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.disputes.images import Piece
from zhanggui.core.disputes.needs import Shows, shown_by
from zhanggui.core.disputes.pictures import picture_facts
from zhanggui.core.evidence import EvidenceKind, EvidenceRow
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import disputes, evidence, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.complaints import EvidenceNamed
from zhanggui.rulebook.complaints import dispute_words

HEAD = 256 * 1024
"""So many bytes of a file tell its size and its camera; a preview inside the head makes it long."""
MOST_PIECES = 200
MANIFEST = "handed-in.json"
"""The name under which the vault keeps what was handed in; it is no picture to choose."""
APPEALED = "appealed.json"
"""The same for what was handed in with an appeal."""


def pieces_of(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[Piece, ...]:
    """Every file of the order but the lists of what was handed in, the oldest first."""
    rows = [row for row in evidence.of_order(tx, shop_id, order_no, MOST_PIECES) if row.kind == EvidenceKind.FILE.value and not is_manifest(row)]
    named = disputes.shows(tx, shop_id, [row.seq for row in rows])
    heads = disputes.heads(tx, shop_id, order_no, HEAD) if rows else {}
    return tuple(_piece(row, named, heads) for row in rows)


def name_piece(house: House, by: Person, shop_id: ShopId, order_no: str, seq: int, shows: Sequence[Shows], now: datetime) -> None:
    """Keeps what a piece shows; the vault itself stays as it is."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if evidence.one(tx, shop_id, order_no, seq) is None:
            raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
        disputes.show(tx, shop_id, seq, [each.value for each in dict.fromkeys(shows)], by.person_id, now)
        journal.write(tx, shop_id, EvidenceNamed(seq), at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)


def is_manifest(row: EvidenceRow) -> bool:
    """Whether the piece is a list of what was handed in."""
    return row.name in (MANIFEST, APPEALED) and row.media_type == "application/json"


def _piece(row: EvidenceRow, named: Mapping[int, Sequence[str]], heads: Mapping[int, bytes]) -> Piece:
    told = named.get(row.seq)
    shows = tuple(Shows(each) for each in told) if told is not None else shown_by(f"{row.name} {row.note}".lower(), dispute_words())
    return Piece(seq=row.seq, name=row.name, size=row.size, shows=shows, picture=picture_facts(heads.get(row.seq, b"")), taken_at=row.taken_at)
