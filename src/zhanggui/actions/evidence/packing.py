"""One packet of an order's evidence: the originals, an index that carries their seals, and how to check it all without this program."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.evidence import EvidenceRow, digest_of
from zhanggui.core.moments import in_shanghai
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import evidence, forgetting, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.evidence import PacketMade

INDEX = "index.json"
READ_ME = "README.txt"
MOST_BYTES = 200 * 1024 * 1024
_MOST = 1000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class PacketEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece in the index. Digests in hexadecimal digits, moments in UTC, `file` the name inside the packet (empty where nothing is kept)."""

    shop_id: int
    seq: int
    order_no: str
    kind: str
    name: str
    media_type: str
    size: int
    content: str | None
    reference: str
    note: str
    taken_at: datetime | None
    made_by: int | None
    made_by_name: str
    made_at: datetime
    previous: str
    order_previous: str
    digest: str
    file: str
    redacted: bool = False
    """Its words and content were taken away. Written only where so, since a packet without such pieces is made again bit by bit as it ever was."""

    def row(self) -> EvidenceRow:
        """The entry as the vault keeps it. Raises ValueError where a digest is none."""
        return EvidenceRow(
            shop_id=self.shop_id,
            seq=self.seq,
            order_no=self.order_no,
            kind=self.kind,
            name=self.name,
            media_type=self.media_type,
            size=self.size,
            content=None if self.content is None else bytes.fromhex(self.content),
            reference=self.reference,
            note=self.note,
            taken_at=self.taken_at,
            made_by=self.made_by,
            made_by_name=self.made_by_name,
            made_at=self.made_at,
            previous=bytes.fromhex(self.previous),
            order_previous=bytes.fromhex(self.order_previous),
            digest=bytes.fromhex(self.digest),
        )


class PacketIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The index of a packet."""

    made_at: datetime
    order_no: str
    entries: tuple[PacketEntry, ...]


class TooLargeToPack(Refused):
    """The evidence of the order is more than one packet should hold."""


class Packet(msgspec.Struct, frozen=True):
    """The packet as a ZIP file, and its SHA-256."""

    name: str
    content: bytes
    sha256: str
    redacted: int = 0
    """Of how many pieces words and content were taken away."""


def make_packet(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> Packet:
    """Everything kept of an order in one file. Raises Refused where nothing is kept, or more than one file should hold."""
    by.need(Permission.EVIDENCE_READ, shop_id)

    def work(tx: Tx) -> Packet:
        rows = evidence.of_order(tx, shop_id, order_no, _MOST)
        if not rows:
            raise Refused(say("Nothing is kept of this order yet."))
        packet = _packet(tx, shop_id, rows, order_no, now)
        journal.write(tx, shop_id, PacketMade(len(rows), packet.sha256), at=now, by=by.person_id, subject_kind="order", subject_no=order_no)
        return packet

    return transact(house.pool, work)


def packet_as_of(tx: Tx, shop_id: ShopId, order_no: str, upto: int, at: datetime) -> Packet:
    """The order's evidence up to one piece, as one packet; the same bytes until something of it is forgotten, since else nothing changes. Raises Refused."""
    rows = [row for row in evidence.of_order(tx, shop_id, order_no, _MOST) if row.seq <= upto]
    return _packet(tx, shop_id, rows, order_no, at)


def _packet(tx: Tx, shop_id: ShopId, rows: Sequence[EvidenceRow], order_no: str, at: datetime) -> Packet:
    taken = forgetting.redacted_among(tx, shop_id, [row.seq for row in rows])
    gone = frozenset(row.seq for row in rows if taken.get(row.seq) == row.digest)
    content = _packed(tx, rows, gone, order_no, at)
    return Packet(f"evidence-{order_no}-{in_shanghai(at):%Y%m%d-%H%M%S}.zip", content, digest_of(content).hex(), len(gone))


def _packed(tx: Tx, rows: Sequence[EvidenceRow], gone: frozenset[int], order_no: str, now: datetime) -> bytes:
    if sum(row.size for row in rows if row.seq not in gone) > MOST_BYTES:
        raise TooLargeToPack(say("The evidence is larger than {most} MB. Download the pieces one by one.", most=MOST_BYTES // 1024 // 1024))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packet:
        entries = []
        for row in rows:
            file = f"files/{row.seq:05d}-{_safe(row.name)}" if row.kind == "file" and row.seq not in gone else ""
            if file:
                packet.writestr(zipfile.ZipInfo(file, _EPOCH), _content(tx, row))
            entries.append(_indexed(row, file, redacted=row.seq in gone))
        index = PacketIndex(made_at=now, order_no=order_no, entries=tuple(entries))
        packet.writestr(zipfile.ZipInfo(INDEX, _EPOCH), msgspec.json.format(msgspec.json.encode(index), indent=2))
        packet.writestr(zipfile.ZipInfo(READ_ME, _EPOCH), _READ_ME + _REDACTED if gone else _READ_ME)
    return out.getvalue()


def _content(tx: Tx, row: EvidenceRow) -> bytes:
    content = evidence.content(tx, row.shop_id, row.content or b"")
    if content is None:
        raise Refused(say("The content of evidence no. {seq} is missing. Run zhanggui verify, and restore the last backup.", seq=row.seq))
    return content


def _indexed(row: EvidenceRow, file: str, *, redacted: bool) -> PacketEntry:
    told = msgspec.structs.asdict(row)
    written = {name: value.hex() if isinstance(value, bytes) else value for name, value in told.items()}
    return msgspec.convert({**written, "file": file, "redacted": redacted}, PacketEntry)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)[-80:].lstrip(".") or "file"


_READ_ME = """\
Evidence of one order, as it was kept.  一个订单的证据，原样封存。

index.json  every piece: who brought it, when, what it shows, its SHA-256 ("content") and its seal ("digest").
            每一件证据：谁在何时放入、说明、SHA-256 与封印。
files/      the originals, byte for byte.  原始文件，逐字节保留。

To check a file by itself:  sha256sum files/*  and compare with "content".  单个文件：用 sha256sum 与 content 比对。
To check the whole packet:  zhanggui verify --packet THIS.zip               整个证据包：运行左边的命令。

A seal is SHA-256 of: the line "zhanggui chain 1", the 32 bytes of "previous", the 32 bytes of "order_previous", and the SHA-256 of the entry
written as JSON with its fields in alphabetical order and without blanks, leaving out previous, order_previous, digest and file.
"order_previous" is the seal of the piece before it in this packet, so none can be taken out, put in or moved unnoticed.
"""
_REDACTED = """\

Of a piece marked "redacted" words and content were taken away, because a buyer asked to be forgotten or its term was over. Its seal can no longer be
computed from it; all that is still proven is its place, by the seal of the piece after it.
标有 "redacted" 的证据：因买家要求或保存期满，文字和内容已清除，封印无法再由其内容算出；仅其位置仍由后一件的封印证明。
"""
