"""Evidence is brought in: the content as it is, an entry that follows the one before it, a line in the journal."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.evidence import GENESIS, EvidenceKind, EvidenceRow, Head, digest_of, entry_digest
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, evidence, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.evidence import EvidenceAdded
from zhanggui.records.wakes import wake

CHAIN = "evidence"
LARGEST = 20 * 1024 * 1024
"""Bytes of one file. A longer film is named by where it lies, and by its digest."""
MOST_OF_AN_ORDER = 200
_LONGEST_NOTE = 2000
_LONGEST_REFERENCE = 1000


class NewFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was brought."""

    name: str
    media_type: str
    content: bytes
    note: str = ""
    taken_at: datetime | None = None


class NewReference(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept elsewhere, such as a film: where it lies, and the SHA-256 of the file where it is known."""

    name: str
    reference: str
    sha256: str = ""
    note: str = ""
    taken_at: datetime | None = None


def add_file(house: House, by: Person, shop_id: ShopId, order_no: str, new: NewFile, now: datetime) -> int:
    """Keeps the file byte for byte and returns the number of its entry. Raises Refused for an empty or too large one, NotAllowed without the order."""
    return add_pieces(house, by, shop_id, order_no, [new], now)[0]


def add_pieces(house: House, by: Person, shop_id: ShopId, order_no: str, pieces: Sequence[NewFile | NewReference], now: datetime) -> list[int]:
    """The same for files and places together: all of them are kept, or none is."""
    for new in pieces:
        if isinstance(new, NewFile):
            check_file(new)
    return transact(house.pool, lambda tx: [_add_within(tx, by, shop_id, order_no, new, now) for new in pieces])


def add_file_within(tx: Tx, by: Person, shop_id: ShopId, order_no: str, new: NewFile, now: datetime, *, beyond_most: bool = False) -> int:
    """The same in the transaction of whoever has checked the file; `beyond_most` where it has to be kept in a full vault, too."""
    _need(tx, by, shop_id, order_no)
    digest = digest_of(new.content)
    draft = _draft(by, shop_id, order_no, new.name, new.note, new.taken_at, now)
    evidence.put_content(tx, shop_id, digest, new.content)
    row = msgspec.structs.replace(draft, kind=EvidenceKind.FILE.value, media_type=new.media_type, size=len(new.content), content=digest)
    return _add(tx, by, row, beyond_most=beyond_most)


def check_file(new: NewFile) -> None:
    """Raises Refused for an empty or too large file."""
    if not new.content:
        raise Refused(say("{name} is empty; nothing was kept. Choose the file again.", name=new.name))
    if len(new.content) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise Refused(say("{name} is larger than {most} MB; nothing was kept. Keep it elsewhere and name here where it lies.", name=new.name, most=most))


def add_reference(house: House, by: Person, shop_id: ShopId, order_no: str, new: NewReference, now: datetime) -> int:
    """Keeps where something lies. Raises Refused for nothing said or for what is no SHA-256, NotAllowed without the order."""
    return add_pieces(house, by, shop_id, order_no, [new], now)[0]


def _add_within(tx: Tx, by: Person, shop_id: ShopId, order_no: str, new: NewFile | NewReference, now: datetime) -> int:
    if isinstance(new, NewFile):
        return add_file_within(tx, by, shop_id, order_no, new, now)
    return _add_reference_within(tx, by, shop_id, order_no, new, now)


def _add_reference_within(tx: Tx, by: Person, shop_id: ShopId, order_no: str, new: NewReference, now: datetime) -> int:
    _need(tx, by, shop_id, order_no)
    reference = new.reference.strip()
    if not reference or len(reference) > _LONGEST_REFERENCE:
        raise Refused(say("Say where it lies, in at most {most} characters.", most=_LONGEST_REFERENCE))
    draft = _draft(by, shop_id, order_no, new.name.strip() or reference, new.note, new.taken_at, now)
    return _add(tx, by, msgspec.structs.replace(draft, reference=reference, content=_digest_in(new.sha256)))


def _digest_in(typed: str) -> bytes | None:
    typed = typed.strip()
    if not typed:
        return None
    try:
        digest = bytes.fromhex(typed)
    except ValueError:
        digest = b""
    if len(digest) != len(GENESIS):
        raise Refused(say("{typed} is no SHA-256: that has 64 digits of 0-9 and a-f.", typed=typed[:80]))
    return digest


def _draft(by: Person, shop_id: ShopId, order_no: str, name: str, note: str, taken_at: datetime | None, now: datetime) -> EvidenceRow:
    if len(note) > _LONGEST_NOTE:
        raise Refused(say("The note is longer than {longest} characters.", longest=_LONGEST_NOTE))
    if taken_at is not None and taken_at > now:
        raise Refused(say("What it shows cannot have happened later than now. Mend the moment."))
    return EvidenceRow(
        shop_id=shop_id,
        seq=0,
        order_no=order_no,
        kind=EvidenceKind.REFERENCE.value,
        name=name[:200],
        media_type="",
        size=0,
        content=None,
        reference="",
        note=note.strip(),
        taken_at=None if taken_at is None else taken_at.astimezone(UTC),
        made_by=by.person_id,
        made_by_name=by.display_name,
        made_at=now,
        previous=GENESIS,
        order_previous=GENESIS,
    )


def _need(tx: Tx, by: Person, shop_id: ShopId, order_no: str) -> None:
    by.need(Permission.EVIDENCE_WRITE, shop_id)
    if order_no not in around.orders(tx, shop_id, [order_no]):
        raise NotAllowed(Permission.EVIDENCE_WRITE.value)


def _add(tx: Tx, by: Person, draft: EvidenceRow, *, beyond_most: bool = False) -> int:
    """Ties the entry to the end of the chain, which is held meanwhile."""
    end = evidence.hold_head(tx, draft.shop_id, CHAIN)
    if not beyond_most and evidence.count_of_order(tx, draft.shop_id, draft.order_no) >= MOST_OF_AN_ORDER:
        raise Refused(say("An order keeps at most {most} pieces of evidence; nothing was added.", most=MOST_OF_AN_ORDER))
    before = evidence.last_of_order(tx, draft.shop_id, draft.order_no)
    row = msgspec.structs.replace(draft, seq=end.seq + 1, previous=end.digest, order_previous=before or GENESIS)
    row = msgspec.structs.replace(row, digest=entry_digest(row))
    evidence.add(tx, row)
    evidence.set_head(tx, row.shop_id, CHAIN, Head(row.seq, row.digest))
    entry = EvidenceAdded(row.seq, row.digest.hex())
    journal.write(tx, row.shop_id, entry, at=row.made_at, by=by.person_id, subject_kind="order", subject_no=row.order_no)
    wake(tx, row.shop_id, [row.order_no])
    return row.seq
