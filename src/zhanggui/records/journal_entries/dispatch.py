"""What happened to orders on their way out."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class DispatchMoved(Entry, frozen=True):
    """An order came a step further on its way out, or was stopped on it. `event` is a word of core/dispatch/moves.py."""

    kind = "dispatch_moved"
    event: str
    state: str | None = None
    tracking_no: str | None = None
    weight_g: int | None = None

    def say(self) -> Say:
        if self.weight_g is not None:
            return say("{event}: {weight_g} g, waybill {tracking_no}.", event=self.event, weight_g=self.weight_g, tracking_no=self.tracking_no or "—")
        return say("{event}, waybill {tracking_no}.", event=self.event, tracking_no=self.tracking_no or "—")
