"""What was begun with carriers, and what became of it: chases, recalls, claims, changed numbers, further parcels."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ParcelChased(Entry, frozen=True):
    """The carrier was asked about the order's parcel."""

    kind = "parcel_chased"
    chase_no: int
    carrier: str
    branch: str
    parcels: int
    times: int = 1

    def say(self) -> Say:
        slots: dict[str, str | int | datetime | None] = {
            "carrier": self.carrier,
            "branch": self.branch,
            "chase_no": self.chase_no,
            "times": self.times,
            "parcels": self.parcels,
        }
        if self.times > 1:
            return say("{carrier} was asked about the parcel again (chase no. {chase_no}, time {times}).", **slots)
        if self.branch:
            return say("{carrier}, {branch}, was asked about the parcel (chase no. {chase_no}, {parcels} parcels).", **slots)
        return say("{carrier} was asked about the parcel (chase no. {chase_no}, {parcels} parcels).", **slots)


class ChaseSettled(Entry, frozen=True):
    """Somebody noted what the carrier said, or that the chase is settled."""

    kind = "chase_settled"
    chase_no: int
    carrier: str
    is_closed: bool

    def say(self) -> Say:
        if self.is_closed:
            return say("Chase no. {chase_no} with {carrier} was settled.", chase_no=self.chase_no, carrier=self.carrier)
        return say("The answer of {carrier} to chase no. {chase_no} was noted.", chase_no=self.chase_no, carrier=self.carrier)


class RecallMoved(Entry, frozen=True):
    """A recall came a step further, by a person or by the tracking events."""

    kind = "recall_moved"
    recall_no: int
    tracking_no: str
    state: str

    def say(self) -> Say:
        return say("Recall no. {recall_no} of parcel {tracking_no}: {state}.", recall_no=self.recall_no, tracking_no=self.tracking_no, state=self.state)


class ClaimMoved(Entry, frozen=True):
    """A claim was begun, or came a step further."""

    kind = "claim_moved"
    claim_no: int
    loss: str
    state: str
    amount: int

    def say(self) -> Say:
        slots: dict[str, str | int | datetime | None] = {"claim_no": self.claim_no, "loss": self.loss, "state": self.state, "amount_fen": self.amount}
        return say("Claim no. {claim_no} ({loss}), {amount_fen}: {state}.", **slots)


class ClaimChanged(Entry, frozen=True):
    """The sums, the evidence or the notes of a claim were changed."""

    kind = "claim_changed"
    claim_no: int

    def say(self) -> Say:
        return say("The particulars of claim no. {claim_no} were changed.", claim_no=self.claim_no)


class NumberChangeMoved(Entry, frozen=True):
    """A change of the order's tracking number was planned, or came a step further."""

    kind = "number_change_moved"
    old_no: str
    carrier: str
    new_no: str
    state: str

    def say(self) -> Say:
        slots = {"old_no": self.old_no, "carrier": self.carrier, "new_no": self.new_no, "state": self.state}
        return say("The number {old_no} is to be {carrier} {new_no}: {state}.", **slots)


class ExtraParcelMoved(Entry, frozen=True):
    """A further parcel of the order was noted, or came a step further."""

    kind = "extra_parcel_moved"
    parcel: str
    carrier: str
    tracking_no: str
    state: str

    def say(self) -> Say:
        slots = {"parcel": self.parcel, "carrier": self.carrier, "tracking_no": self.tracking_no, "state": self.state}
        return say("A further parcel ({parcel}), {carrier} {tracking_no}: {state}.", **slots)


class BuyerToldOfNumber(Entry, frozen=True):
    """The buyer was told of a changed number or of a further parcel."""

    kind = "buyer_told_of_number"
    tracking_no: str

    def say(self) -> Say:
        return say("The buyer was told of {tracking_no}.", tracking_no=self.tracking_no)
