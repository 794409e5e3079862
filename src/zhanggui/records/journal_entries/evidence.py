"""What happened to evidence."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class EvidenceAdded(Entry, frozen=True):
    """A piece of evidence was kept; its digest stands in the journal too."""

    kind = "evidence_added"
    seq: int
    digest: str

    def say(self) -> Say:
        return say("Evidence no. {seq} was kept; its seal begins with {digest}.", seq=self.seq, digest=self.digest[:12])


class PacketMade(Entry, frozen=True):
    """The order's evidence was handed out as one packet."""

    kind = "evidence_packet_made"
    pieces: int
    digest: str

    def say(self) -> Say:
        return say("A packet of {pieces} pieces of evidence was made; its SHA-256 begins with {digest}.", pieces=self.pieces, digest=self.digest[:12])
