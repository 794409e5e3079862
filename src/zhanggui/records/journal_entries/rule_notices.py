"""What people did with notices of changed rules."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class RuleNoticeDrafted(Entry, frozen=True):
    """A notice was read and a changed rule set from it."""

    kind = "rule_notice_drafted"
    title: str
    rule: str

    def say(self) -> Say:
        return say("A notice was read: {title} ({rule}).", title=self.title, rule=self.rule)


class RuleNoticeMoved(Entry, frozen=True):
    """A notice was adopted, or taken back."""

    kind = "rule_notice_moved"
    title: str
    state: str

    def say(self) -> Say:
        return say("The notice {title}: {state}.", title=self.title, state=self.state)


class RuleNoticeReady(Entry, frozen=True):
    """Somebody said that the shop is ready for a changed rule, or took that back."""

    kind = "rule_notice_ready"
    title: str
    is_ready: bool

    def say(self) -> Say:
        if self.is_ready:
            return say("The shop is ready for the changed rule: {title}.", title=self.title)
        return say("The shop is not ready for the changed rule after all: {title}.", title=self.title)
