"""Everything is computed again: contents, entries, ties, ends, seals and the journal under them."""

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from zhanggui.actions.evidence.packing import INDEX, MOST_BYTES, PacketEntry, PacketIndex
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.evidence import (
    EvidenceKind,
    EvidenceRow,
    Fault,
    Finding,
    Head,
    JournalSeal,
    digest_of,
    is_emptied,
    judge_entries,
    judge_packet,
    judge_seals,
    seal_body,
)
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import evidence, forgetting, seals
from zhanggui.records.db import Tx

MOST_OPENED = MOST_BYTES + 16 * 1024 * 1024
"""Bytes of a packet once it is opened: the most its files come to, and its index."""
_NO_PACKET = (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What damaged, locked and made-up files raise while they are read."""
SAME_VIEW = "set transaction isolation level repeatable read, read only"


class Kept(msgspec.Struct, frozen=True):
    """The end of a chain as somebody kept it outside: `digest` in hexadecimal digits."""

    shop_id: int
    chain: str
    seq: int
    digest: str


class ShopVerified(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at in a shop, and everything found wrong."""

    shop_id: int
    entries: int
    seals: int
    journal_entries: int
    """Journal entries under a seal."""
    redacted: int
    """Entries of the vault of which words or content were taken away; the chain goes on by their digests."""
    unsealed_from: int
    """The first number of the journal that no seal covers yet."""
    heads: tuple[Kept, ...]
    """To be kept outside: with `--kept`, a later run finds whether these still stand in their place."""
    findings: tuple[Finding, ...]


def verify_shop(house: House, by: Person, shop_id: ShopId, kept: Sequence[Kept] = ()) -> ShopVerified:
    """Judges the vault and the journal of a shop as they stand at one moment."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        tx.execute(SAME_VIEW)
        passed = _Passed({(one.chain, one.seq): one.digest for one in kept if one.shop_id == shop_id})
        ends = {chain: evidence.head(tx, shop_id, chain) for chain in ("evidence", "journal")}
        findings = [*_of_vault(tx, shop_id, ends["evidence"], passed), *_of_journal(tx, shop_id, ends["journal"], passed)]
        sealed_to = seals.last_sealed(tx, shop_id)
    return ShopVerified(
        shop_id=shop_id,
        entries=passed.entries,
        seals=passed.seals,
        journal_entries=passed.journal_entries,
        redacted=passed.redacted,
        unsealed_from=max(1, sealed_to + 1),
        heads=tuple(Kept(shop_id, chain, end.seq, end.digest.hex()) for chain, end in ends.items()),
        findings=tuple(dict.fromkeys((*findings, *passed.not_as_kept()))),
    )


class _Passed:
    """What went by while the chains were followed: counts, and which kept ends were met."""

    def __init__(self, kept: Mapping[tuple[str, int], str]) -> None:
        self.entries = self.seals = self.journal_entries = self.redacted = 0
        self._left = {place: digest for place, digest in kept.items() if place[1]}

    def met(self, chain: str, seq: int, digest: bytes) -> None:
        if self._left.get((chain, seq)) == digest.hex():
            del self._left[chain, seq]

    def not_as_kept(self) -> Iterator[Finding]:
        return (Finding(chain, seq, Fault.NOT_AS_KEPT) for chain, seq in sorted(self._left))


def _of_vault(tx: Tx, shop_id: ShopId, head: Head, passed: _Passed) -> Iterator[Finding]:
    looked = list[EvidenceRow]()
    redacted = forgetting.redacted(tx, shop_id)
    passed.redacted = len(redacted)

    def going_by(rows: Iterable[EvidenceRow]) -> Iterator[EvidenceRow]:
        for row in rows:
            passed.entries += 1
            passed.met("evidence", row.seq, row.digest)
            if row.kind == "file":
                looked.append(row)
            yield row

    yield from judge_entries(going_by(evidence.of_shop(tx, shop_id)), head, redacted)
    for row in looked:
        really = evidence.digest_of_content(tx, shop_id, row.content or b"")
        if really is None and redacted.get(row.seq) == row.digest:
            continue
        if really is None:
            yield Finding("evidence", row.seq, Fault.CONTENT_MISSING)
        elif really != row.content:
            yield Finding("evidence", row.seq, Fault.CONTENT_CHANGED)


def _of_journal(tx: Tx, shop_id: ShopId, head: Head, passed: _Passed) -> Iterator[Finding]:
    every = seals.of_shop(tx, shop_id)
    yield from judge_seals(every, head)
    for seal in every:
        passed.seals += 1
        passed.met("journal", seal.seal_no, seal.digest)
        passed.journal_entries += seal.entries
        if not _holds(tx, seal):
            yield Finding("journal", seal.seal_no, Fault.ENTRIES_CHANGED)


def _holds(tx: Tx, seal: JournalSeal) -> bool:
    return seal_body(seals.entries(tx, seal.shop_id, seal.from_no, seal.to_no)) == (seal.entries, seal.body)


def read_kept(path: Path) -> tuple[Kept, ...]:
    """The ends that an earlier run of `zhanggui verify --json` told. Raises Refused where the file is none of its answers."""
    try:
        told = json.loads(path.read_text("utf-8"))
        return tuple(msgspec.convert(head, Kept) for shop in told["shops"] for head in shop["heads"])
    except (OSError, ValueError, KeyError, TypeError, msgspec.ValidationError) as problem:
        raise Refused(say("{file} is no answer of zhanggui verify --json ({problem}).", file=path.name, problem=type(problem).__name__)) from problem


def verify_packet(path: Path) -> tuple[PacketIndex, tuple[Finding, ...]]:
    """Judges a packet by itself: every file against its digest, every entry against its seal and the one before it. Raises Refused for what is no packet."""
    try:
        with zipfile.ZipFile(path) as packet:
            if sum(member.file_size for member in packet.infolist()) > MOST_OPENED:
                raise Refused(say("{file} is larger than any packet of evidence; it was not opened.", file=path.name))
            index = msgspec.json.decode(packet.read(INDEX), type=PacketIndex)
            redacted = frozenset(entry.seq for entry in index.entries if entry.redacted)
            findings = [*judge_packet((entry.row() for entry in index.entries), redacted)]
            for entry in index.entries:
                findings += _of_file(packet, entry)
    except _NO_PACKET as problem:
        why = type(problem).__name__
        raise Refused(say("{file} is no packet of evidence, or too damaged to be read ({problem}).", file=path.name, problem=why)) from problem
    return index, tuple(dict.fromkeys(findings))


def _of_file(packet: zipfile.ZipFile, entry: PacketEntry) -> Iterator[Finding]:
    # what kind of piece it is stands under its seal; by what name its file goes does not
    if entry.kind != EvidenceKind.FILE.value or (entry.redacted and is_emptied(entry.row())):
        return
    try:
        content = packet.read(entry.file)
    except KeyError:
        yield Finding("evidence", entry.seq, Fault.CONTENT_MISSING)
        return
    except zipfile.BadZipFile:
        content = b""
    if digest_of(content).hex() != entry.content:
        yield Finding("evidence", entry.seq, Fault.CONTENT_CHANGED)
