"""What happened to waybill numbers, labels and the accounts they are taken from."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class WaybillTaken(Entry, frozen=True):
    """The order has a waybill number."""

    kind = "waybill_taken"
    carrier: str
    number: str
    asked_times: int = 1

    def say(self) -> Say:
        if self.asked_times > 1:
            return say(
                "Waybill {carrier} {number} was taken; the platform was asked {n} times, since an answer was lost.",
                carrier=self.carrier,
                number=self.number,
                n=self.asked_times,
            )
        return say("Waybill {carrier} {number} was taken.", carrier=self.carrier, number=self.number)


class WaybillDoubled(Entry, frozen=True):
    """The platform named a second number for what has one."""

    kind = "waybill_doubled"
    carrier: str
    number: str
    first: str

    def say(self) -> Say:
        return say(
            "The platform named {carrier} {number} for a parcel that has {first} already; the second number is given back.",
            carrier=self.carrier,
            number=self.number,
            first=self.first,
        )


class WaybillGoesBack(Entry, frozen=True):
    """A number is being given back."""

    kind = "waybill_goes_back"
    carrier: str
    number: str
    because: str

    def say(self) -> Say:
        return say("Waybill {carrier} {number} is given back: {because}.", carrier=self.carrier, number=self.number, because=self.because)


class WaybillGivenBack(Entry, frozen=True):
    """A number went back to the account."""

    kind = "waybill_given_back"
    carrier: str
    number: str

    def say(self) -> Say:
        return say("Waybill {carrier} {number} went back to the account.", carrier=self.carrier, number=self.number)


class WaybillKept(Entry, frozen=True):
    """The platform did not take a number back."""

    kind = "waybill_kept"
    carrier: str
    number: str

    def say(self) -> Say:
        return say("The platform did not take waybill {carrier} {number} back.", carrier=self.carrier, number=self.number)


class WaybillLost(Entry, frozen=True):
    """A number may have been taken, and nobody can learn which."""

    kind = "waybill_lost"
    carrier: str

    def say(self) -> Say:
        return say("A waybill number of {carrier} may have been taken; its answer was lost, and it cannot be asked for any more.", carrier=self.carrier)


class WaybillReaddressed(Entry, frozen=True):
    """The label names the receiver anew."""

    kind = "waybill_readdressed"
    carrier: str
    number: str

    def say(self) -> Say:
        return say("The receiver has moved: the label of {carrier} {number} names the new address.", carrier=self.carrier, number=self.number)


class LabelPrinted(Entry, frozen=True):
    """The print component says that the label was printed."""

    kind = "label_printed"
    number: str
    printer: str
    by_eye: bool = False

    def say(self) -> Say:
        if self.by_eye:
            return say("Somebody saw that the label of {number} was printed.", number=self.number)
        return say("The label of {number} was printed on {printer}.", number=self.number, printer=self.printer)


class LabelFailed(Entry, frozen=True):
    """A label was not printed."""

    kind = "label_failed"
    number: str
    told: str

    def say(self) -> Say:
        return say("The label of {number} was not printed: {told}", number=self.number, told=self.told)


class WaybillAccountMoved(Entry, frozen=True):
    """An account at a branch came a step further."""

    kind = "waybill_account_moved"
    carrier: str
    branch: str
    state: str

    def say(self) -> Say:
        return say("The waybill account with {carrier} ({branch}) is {state} now.", carrier=self.carrier, branch=self.branch, state=self.state)


class WaybillAccountToppedUp(Entry, frozen=True):
    """Numbers were bought, or somebody said how many are left."""

    kind = "waybill_account_topped_up"
    carrier: str
    branch: str
    numbers: int
    left: int

    def say(self) -> Say:
        if self.numbers:
            return say(
                "{numbers} numbers were bought for the waybill account with {carrier} ({branch}); {left} are left.",
                numbers=self.numbers,
                carrier=self.carrier,
                branch=self.branch,
                left=self.left,
            )
        return say("{left} numbers are left in the waybill account with {carrier} ({branch}).", left=self.left, carrier=self.carrier, branch=self.branch)


class WaybillAccountSet(Entry, frozen=True):
    """The sender, template or warning of an account was set."""

    kind = "waybill_account_set"
    carrier: str
    branch: str

    def say(self) -> Say:
        return say("Sender, template or warning of the waybill account with {carrier} ({branch}) were set.", carrier=self.carrier, branch=self.branch)
