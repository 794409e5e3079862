"""What people did about the report of the week."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ReportSwitched(Entry, frozen=True):
    """A channel carries the report, or does so no more."""

    kind = "report_switched"
    name: str
    is_on: bool

    def say(self) -> Say:
        if self.is_on:
            return say("The report of the week is sent through {name} from now on.", name=self.name)
        return say("The report of the week is sent through {name} no more.", name=self.name)
