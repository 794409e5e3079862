"""What buyers were told before they asked."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class NoticeMoved(Entry, frozen=True):
    """A notice was released, sent, skipped, or ceased because the facts changed."""

    kind = "notice_moved"
    step: str
    state: str
    promise_at: datetime | None = None

    def say(self) -> Say:
        if self.promise_at is not None:
            return say("{step}: {state}; it promises {promise_at}.", step=self.step, state=self.state, promise_at=self.promise_at)
        return say("{step}: {state}.", step=self.step, state=self.state)


class MoneyWanted(Entry, frozen=True):
    """After a notice of delay the buyer wanted the money back."""

    kind = "money_wanted"
    money_by: datetime

    def say(self) -> Say:
        return say("The buyer would rather have the money than wait: it is to be on its way by {money_by}.", money_by=self.money_by)
