"""Whether a chain still is what it was: every entry is computed again, and every tie is followed."""

from collections.abc import Container, Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from zhanggui.core.evidence.chains import GENESIS
from zhanggui.core.evidence.entries import EvidenceRow, entry_digest, is_emptied
from zhanggui.core.evidence.seals import BEFORE_ALL, JournalSeal, seal_digest

NOTHING: Mapping[int, bytes] = {}


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"
    """What the entry says is not what was sealed."""
    MISSING = "missing"
    """A number is left out: something was taken away."""
    UNTIED = "untied"
    """It does not follow the entry before it: something was put in, moved or exchanged."""
    CUT_OFF = "cut_off"
    """The chain ends elsewhere than its head says."""
    CONTENT_CHANGED = "content_changed"
    CONTENT_MISSING = "content_missing"
    REDACTED = "redacted"
    """A packet says that words and content of it were taken away, which it cannot prove by itself: the piece is held in its place by its digest alone."""
    ENTRIES_CHANGED = "entries_changed"
    """The journal entries under a seal are not those that were sealed."""
    NOT_AS_KEPT = "not_as_kept"
    """A digest somebody kept outside is not found in its place."""


class Finding(msgspec.Struct, frozen=True):
    """One thing found wrong: in which chain, at which entry or seal (0: the whole chain)."""

    chain: str
    seq: int
    fault: Fault


class Head(msgspec.Struct, frozen=True):
    """The end of a chain: its last number and that entry's digest; 0 and the genesis where it is empty."""

    seq: int = 0
    digest: bytes = GENESIS


def judge_entries(rows: Iterable[EvidenceRow], head: Head, redacted: Mapping[int, bytes] = NOTHING) -> Iterator[Finding]:
    """Follows the vault's chain of a shop, in the order of `seq`. `redacted` names the entries of which words were taken away, with the digests they bore:
    such an entry can no longer be computed again, but it stands in its place by its digest, to which those around it are tied."""
    last, of_order = Head(), dict[str, bytes]()
    for row in rows:
        if row.seq != last.seq + 1:
            yield Finding("evidence", last.seq + 1, Fault.MISSING)
        elif row.previous != last.digest:
            yield Finding("evidence", row.seq, Fault.UNTIED)
        if row.order_previous != of_order.get(row.order_no, GENESIS):
            yield Finding("evidence", row.seq, Fault.UNTIED)
        if entry_digest(row) != row.digest and redacted.get(row.seq) != row.digest:
            yield Finding("evidence", row.seq, Fault.CHANGED)
        last = Head(row.seq, row.digest)
        of_order[row.order_no] = row.digest
    if last != head:
        yield Finding("evidence", last.seq, Fault.CUT_OFF)


def judge_packet(rows: Iterable[EvidenceRow], redacted: Container[int] = ()) -> Iterator[Finding]:
    """Follows the entries of one order alone, as a packet holds them. Those that it calls `redacted` are told one by one, since what was taken away can be
    anything; one that still says something is judged like every other."""
    last = GENESIS
    for row in rows:
        if row.order_previous != last:
            yield Finding("evidence", row.seq, Fault.UNTIED)
        if row.seq in redacted and is_emptied(row):
            yield Finding("evidence", row.seq, Fault.REDACTED)
        elif entry_digest(row) != row.digest:
            yield Finding("evidence", row.seq, Fault.CHANGED)
        last = row.digest


def judge_seals(seals: Iterable[JournalSeal], head: Head) -> Iterator[Finding]:
    """Follows the seals of a shop's journal, in the order of `seal_no`; the entries under them are looked at elsewhere."""
    last, upto = Head(), BEFORE_ALL
    for seal in seals:
        if seal.seal_no != last.seq + 1:
            yield Finding("journal", last.seq + 1, Fault.MISSING)
        elif seal.previous != last.digest or seal.from_no != upto + 1:
            yield Finding("journal", seal.seal_no, Fault.UNTIED)
        if seal_digest(seal) != seal.digest:
            yield Finding("journal", seal.seal_no, Fault.CHANGED)
        last, upto = Head(seal.seal_no, seal.digest), seal.to_no
    if last != head:
        yield Finding("journal", last.seq, Fault.CUT_OFF)
