"""What was entered of a shop's standing."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ReadingsKept(Entry, frozen=True):
    """Figures of the back office were typed or pasted."""

    kind = "standing_readings_kept"
    figures: int
    day: str

    def say(self) -> Say:
        return say("{n} figures of the back office, counted up to {day}, were kept.", n=self.figures, day=self.day)


class LineSet(Entry, frozen=True):
    """A standard or a limit of the shop's own."""

    kind = "standing_line_set"
    name: str
    value: str
    from_day: str

    def say(self) -> Say:
        if not self.value:
            return say("From {day} on the shop has no line of its own for {name}.", day=self.from_day, name=self.name)
        return say("The line for {name} is {value} from {day} on.", name=self.name, value=self.value, day=self.from_day)


class PenaltyKept(Entry, frozen=True):
    """A penalty was entered."""

    kind = "standing_penalty_kept"
    title: str
    until_day: str

    def say(self) -> Say:
        if not self.until_day:
            return say("A penalty in force was entered: {title}; its end is not known.", title=self.title)
        return say("A penalty in force until {day} was entered: {title}.", day=self.until_day, title=self.title)


class PenaltyEnded(Entry, frozen=True):
    """A penalty was said to have ended."""

    kind = "standing_penalty_ended"
    title: str

    def say(self) -> Say:
        return say("The penalty has ended: {title}.", title=self.title)
