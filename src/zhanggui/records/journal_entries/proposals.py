"""What programs proposed."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ActProposed(Entry, frozen=True):
    """Somebody proposed an outward act, which waits for a person."""

    kind = "act_proposed"
    act: str
    act_no: int
    name: str

    def say(self) -> Say:
        return say("{act} (no. {act_no}) was proposed by {name}; it waits for a person.", act=self.act, act_no=self.act_no, name=self.name)
