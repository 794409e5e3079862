"""What people did about alerts and their channels. What opens a channel is never told."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class AlertsAcknowledged(Entry, frozen=True):
    """Somebody took note of alerts."""

    kind = "alerts_acknowledged"
    count: int

    def say(self) -> Say:
        return say("Alerts acknowledged: {count}.", count=self.count)


class ChannelAdded(Entry, frozen=True):
    """A channel was added."""

    kind = "alert_channel_added"
    name: str
    service: str

    def say(self) -> Say:
        return say("A channel for alerts was added: {name}.", name=self.name)


class ChannelSwitched(Entry, frozen=True):
    """A channel was opened or closed."""

    kind = "alert_channel_switched"
    name: str
    is_on: bool

    def say(self) -> Say:
        if self.is_on:
            return say("The channel {name} carries alerts again.", name=self.name)
        return say("The channel {name} carries alerts no more for now.", name=self.name)


class ChannelRemoved(Entry, frozen=True):
    """A channel was wiped."""

    kind = "alert_channel_removed"
    name: str

    def say(self) -> Say:
        return say("The channel {name} was removed, and what opened it wiped.", name=self.name)


class AlertTermsSet(Entry, frozen=True):
    """The shop's terms of alerts were changed."""

    kind = "alert_terms_set"

    def say(self) -> Say:
        return say("The terms of alerts were changed.")
