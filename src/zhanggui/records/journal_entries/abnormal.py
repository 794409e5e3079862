"""What happened to suspected orders."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class AbnormalMoved(Entry, frozen=True):
    """A suspected order, or the request not to ship it, came a step further."""

    kind = "abnormal_moved"
    event: str
    state: str

    def say(self) -> Say:
        return say("Suspected order: {state}.", state=self.state)
