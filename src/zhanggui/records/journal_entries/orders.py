"""What was told of orders and cases, and what people added to them."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class OrderSeen(Entry, frozen=True):
    """An order was told of for the first time."""

    kind = "order_seen"
    stage: str | None = None

    def say(self) -> Say:
        return say("First seen: {stage}.", stage=self.stage)


class OrderMoved(Entry, frozen=True):
    """An order changed its stage."""

    kind = "order_moved"
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("{before} became {after}.", before=self.before, after=self.after)


class RefundMoved(Entry, frozen=True):
    """An order's refund state changed."""

    kind = "refund_moved"
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("Refund: {before} became {after}.", before=self.before, after=self.after)


class OrderCorrected(Entry, frozen=True):
    """Something else about an order changed."""

    kind = "order_corrected"
    fields: str = ""

    def say(self) -> Say:
        return say("New particulars: {fields}.", fields=self.fields)


class CaseSeen(Entry, frozen=True):
    """An after-sales case was told of for the first time."""

    kind = "case_seen"
    case_no: str
    state: str | None = None

    def say(self) -> Say:
        return say("After-sales case {case_no} opened: {state}.", case_no=self.case_no, state=self.state)


class CaseMoved(Entry, frozen=True):
    """An after-sales case changed its state."""

    kind = "case_moved"
    case_no: str
    before: str | None = None
    after: str | None = None

    def say(self) -> Say:
        return say("After-sales case {case_no}: {before} became {after}.", case_no=self.case_no, before=self.before, after=self.after)


class NoteAdded(Entry, frozen=True):
    """Somebody left a note. Its text stays with the note, where it can be forgotten."""

    kind = "note_added"
    note_id: int

    def say(self) -> Say:
        return say("Note {note_id} was added.", note_id=self.note_id)


class ScansPasted(Entry, frozen=True):
    """Tracking events were pasted in."""

    kind = "scans_pasted"
    tracking_no: str
    scans: int

    def say(self) -> Say:
        return say("{scans} tracking events of parcel {tracking_no} were pasted.", scans=self.scans, tracking_no=self.tracking_no)
