"""What the house did on the platform, and how far it may go by itself."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ActAnnounced(Entry, frozen=True):
    """An outward act was decided and will be sent."""

    kind = "act_announced"
    act: str
    act_no: int
    send_at: datetime
    by_itself: bool = False

    def say(self) -> Say:
        if self.by_itself:
            return say("{act} (no. {act_no}) was announced; it is sent at {send_at} unless somebody stops it.", **self._slots())
        return say("{act} (no. {act_no}) was sent off by a person.", **self._slots())

    def _slots(self) -> dict[str, str | int | datetime | None]:
        return {"act": self.act, "act_no": self.act_no, "send_at": self.send_at}


_ACT_SENTENCES = {
    "proposed": say("{act} (no. {act_no}) now waits for a person."),
    "announced": say("{act} (no. {act_no}) was not taken by the platform; it is tried again."),
    "sending": say("{act} (no. {act_no}) is being sent."),
    "unsure": say("{act} (no. {act_no}): the answer was lost; the platform is asked what happened."),
    "carried_out": say("{act} (no. {act_no}): the platform has done it."),
    "declined": say("{act} (no. {act_no}): the platform said no."),
    "withdrawn": say("{act} (no. {act_no}) was withdrawn: what it rested on has changed."),
    "stopped": say("{act} (no. {act_no}) was stopped."),
    "needs_person": say("{act} (no. {act_no}) needs a person: look in the back office whether it happened."),
}


class ActMoved(Entry, frozen=True):
    """An outward act came a step further."""

    kind = "act_moved"
    act: str
    act_no: int
    state: str

    def say(self) -> Say:
        sentence = _ACT_SENTENCES.get(self.state)
        slots: dict[str, str | int] = {"act": self.act, "act_no": self.act_no, "state": self.state}
        return say("{act} (no. {act_no}): {state}.", **slots) if sentence is None else Say(sentence.text, slots)


class ActHalted(Entry, frozen=True):
    """Somebody asked to stop an act that was under way."""

    kind = "act_halted"
    act: str
    act_no: int

    def say(self) -> Say:
        return say("{act} (no. {act_no}) was under way already; it is not sent again.", act=self.act, act_no=self.act_no)


class ActLimitsSet(Entry, frozen=True):
    """How far the house goes by itself with a kind of act was changed."""

    kind = "act_limits_set"
    act: str
    level: str

    def say(self) -> Say:
        return say("Automatic handling of {act} is now: {level}.", act=self.act, level=self.level)


class DoorSwitched(Entry, frozen=True):
    """The one switch of the house was thrown, or set back."""

    kind = "door_switched"
    is_open: bool

    def say(self) -> Say:
        if self.is_open:
            return say("The house may send to the platform again.")
        return say("Everything automatic was stopped: nothing is sent to the platform.")
