"""What left the house as a whole."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class Exported(Entry, frozen=True):
    """Somebody took everything of the shop out."""

    kind = "exported"
    rows: int

    def say(self) -> Say:
        return say("Everything was exported: {rows} rows.", rows=self.rows)
