"""What was set and done about texts to telephones. No entry holds a number."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class TextMoved(Entry, frozen=True):
    """A text was decided, sent, refused, lost or stopped."""

    kind = "text_moved"
    text_no: int
    text: str
    state: str

    def say(self) -> Say:
        return say("Text no. {text_no} ({text}): {state}.", text_no=self.text_no, text=self.text, state=self.state)


class TextWayKept(Entry, frozen=True):
    """A door for texts was set."""

    kind = "text_way_kept"
    way: str
    sign: str
    is_on: bool

    def say(self) -> Say:
        if self.is_on:
            return say("Texts go out by {way}, signed {sign}.", way=self.way, sign=self.sign)
        return say("No texts go out by {way} any more.", way=self.way)


class TextNumbersBrought(Entry, frozen=True):
    """Numbers were brought, sealed at once."""

    kind = "text_numbers_brought"
    numbers: int
    agreeing: int
    days: int

    def say(self) -> Say:
        return say(
            "{numbers} numbers were brought and sealed, {agreeing} of buyers who agreed to advertising; they are forgotten after {days} days.", **self.slots
        )

    @property
    def slots(self) -> dict[str, int]:
        """The figures."""
        return {"numbers": self.numbers, "agreeing": self.agreeing, "days": self.days}
