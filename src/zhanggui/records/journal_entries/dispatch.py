"""What happened to orders on their way out."""

from collections.abc import Callable, Mapping

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
        worded = _TOLD.get(self.event)
        if self.event == "pack" and self.weight_g is not None:
            return say("Packed: {weight_g} g, waybill {tracking_no}.", weight_g=self.weight_g, tracking_no=self.tracking_no or "—")
        return worded(self.tracking_no or "—") if worded else say("{event}", event=self.event)


_TOLD: Mapping[str, Callable[[str], Say]] = {
    "print": lambda no: say("Label printed: waybill {tracking_no}.", tracking_no=no),
    "not_printed": lambda _: say("No label came out of the printer."),
    "pack": lambda no: say("Packed: waybill {tracking_no}.", tracking_no=no),
    "unpack": lambda no: say("The parcel was opened again: waybill {tracking_no}.", tracking_no=no),
    "hand_over": lambda no: say("Handed to the carrier: waybill {tracking_no}.", tracking_no=no),
    "left": lambda no: say("It turned out that the carrier has the parcel: waybill {tracking_no}.", tracking_no=no),
    "take_back": lambda no: say("Not handed over after all: waybill {tracking_no}.", tracking_no=no),
    "halt": lambda no: say("Stopped: the label has to be destroyed, waybill {tracking_no}.", tracking_no=no),
    "spare": lambda no: say("Taken off the destroy list: waybill {tracking_no}.", tracking_no=no),
    "release": lambda _: say("Taken off the destroy list."),
    "destroy": lambda no: say("The label was destroyed: waybill {tracking_no}.", tracking_no=no),
    "keep": lambda no: say("The label was not destroyed after all: waybill {tracking_no}.", tracking_no=no),
    "recall": lambda no: say("The parcel is back in the house: waybill {tracking_no}.", tracking_no=no),
    "send_on": lambda no: say("The parcel did not come back after all: waybill {tracking_no}.", tracking_no=no),
}
