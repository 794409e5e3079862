"""What came back, as the journal tells it."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ReturnCounted(Entry, frozen=True):
    """A returned parcel was opened and counted."""

    kind = "return_counted"
    return_no: int
    pieces: int
    ceiling: int | None = None

    def say(self) -> Say:
        if self.ceiling is None:
            return say("Return {return_no} was counted: {pieces} pieces.", return_no=self.return_no, pieces=self.pieces)
        return say(
            "Return {return_no} was counted: {pieces} pieces, at most {most_fen} may go back.",
            return_no=self.return_no,
            pieces=self.pieces,
            most_fen=self.ceiling,
        )


class ReturnWaived(Entry, frozen=True):
    """Somebody decided that the money may go, whatever comes back."""

    kind = "return_waived"
    return_no: int

    def say(self) -> Say:
        return say("The money may go, whatever comes back (return {return_no}).", return_no=self.return_no)


class ReturnUndone(Entry, frozen=True):
    """A count was taken back."""

    kind = "return_undone"
    return_no: int

    def say(self) -> Say:
        return say("The count of return {return_no} was taken back.", return_no=self.return_no)


class NobodysReturn(Entry, frozen=True):
    """A parcel came back of which nobody knows the order."""

    kind = "nobodys_return"
    return_no: int

    def say(self) -> Say:
        return say("A parcel came back that is nobody's yet (return {return_no}).", return_no=self.return_no)
