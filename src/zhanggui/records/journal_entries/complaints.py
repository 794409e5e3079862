"""What happened to disputes and complaints."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class DisputeMoved(Entry, frozen=True):
    """A dispute came a step further, by a person or by what the case shows."""

    kind = "dispute_moved"
    dispute_no: int
    case_no: str
    state: str
    remark: str = ""

    def say(self) -> Say:
        slots: dict[str, str | int | datetime | None] = {"dispute_no": self.dispute_no, "case_no": self.case_no, "state": self.state, "remark": self.remark}
        if self.remark:
            return say("Dispute no. {dispute_no} about case {case_no}: {state} ({remark}).", **slots)
        return say("Dispute no. {dispute_no} about case {case_no}: {state}.", **slots)


class DisputeSigned(Entry, frozen=True):
    """Somebody agreed to what is to be handed in."""

    kind = "dispute_signed"
    dispute_no: int
    is_alone: bool

    def say(self) -> Say:
        if self.is_alone:
            return say("The evidence of dispute no. {dispute_no} was signed by whoever chose it: nobody else is there.", dispute_no=self.dispute_no)
        return say("The evidence of dispute no. {dispute_no} was signed by a second person.", dispute_no=self.dispute_no)


class EvidenceHandedIn(Entry, frozen=True):
    """The evidence was handed in; what exactly stands in the vault."""

    kind = "evidence_handed_in"
    dispute_no: int
    images: tuple[int, ...]
    manifest: int
    packet: str

    def say(self) -> Say:
        if not self.packet:
            return say(
                "The evidence of dispute no. {dispute_no} was handed in: {count} pictures, listed in evidence no. {seq}; "
                "all of it is too large for one packet.",
                dispute_no=self.dispute_no,
                count=len(self.images),
                seq=self.manifest,
            )
        return say(
            "The evidence of dispute no. {dispute_no} was handed in: {count} pictures, listed in evidence no. {seq}; "
            "the packet's SHA-256 begins with {digest}.",
            dispute_no=self.dispute_no,
            count=len(self.images),
            seq=self.manifest,
            digest=self.packet[:12],
        )


class EvidenceNotHandedIn(Entry, frozen=True):
    """That the evidence was handed in was said by mistake; the list that was kept of it stays where it is."""

    kind = "evidence_not_handed_in"
    dispute_no: int
    manifest: int

    def say(self) -> Say:
        return say(
            "The evidence of dispute no. {dispute_no} was not handed in: that was noted by mistake, and so was the list in evidence no. {seq}.",
            dispute_no=self.dispute_no,
            seq=self.manifest,
        )


class AppealHandedIn(Entry, frozen=True):
    """An appeal was handed in; what exactly stands in the vault."""

    kind = "appeal_handed_in"
    dispute_no: int
    images: tuple[int, ...]
    manifest: int
    packet: str

    def say(self) -> Say:
        if not self.packet:
            return say(
                "The appeal of dispute no. {dispute_no} was handed in: {count} pictures, listed in evidence no. {seq}; all of it is too large for one packet.",
                dispute_no=self.dispute_no,
                count=len(self.images),
                seq=self.manifest,
            )
        return say(
            "The appeal of dispute no. {dispute_no} was handed in: {count} pictures, listed in evidence no. {seq}; the packet's SHA-256 begins with {digest}.",
            dispute_no=self.dispute_no,
            count=len(self.images),
            seq=self.manifest,
            digest=self.packet[:12],
        )


class EvidenceNamed(Entry, frozen=True):
    """Somebody said what a piece of evidence shows."""

    kind = "evidence_named"
    seq: int

    def say(self) -> Say:
        return say("It was noted what evidence no. {seq} shows.", seq=self.seq)


class ComplaintMoved(Entry, frozen=True):
    """A complaint was begun, or came a step further."""

    kind = "complaint_moved"
    complaint_no: int
    about: str
    state: str
    amount: int
    event: str = ""
    """The step that led there; none where it was begun, or where entries did not tell it yet."""

    def say(self) -> Say:
        slots: dict[str, str | int | datetime | None] = {"complaint_no": self.complaint_no, "about": self.about, "state": self.state, "amount_fen": self.amount}
        return say("Complaint no. {complaint_no} ({about}), {amount_fen}: {state}.", **slots)


class ComplaintChanged(Entry, frozen=True):
    """The particulars of a complaint were changed."""

    kind = "complaint_changed"
    complaint_no: int

    def say(self) -> Say:
        return say("The particulars of complaint no. {complaint_no} were changed.", complaint_no=self.complaint_no)
