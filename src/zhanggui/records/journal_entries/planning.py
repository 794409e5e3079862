"""What people settled about carriers and the plan of the day."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class PlanTermsSet(Entry, frozen=True):
    """The shop's own figures of its work were changed."""

    kind = "plan_terms_set"

    def say(self) -> Say:
        return say("The hours and the pace that plans go by were changed.")


class VisitsSet(Entry, frozen=True):
    """It was entered when a carrier comes."""

    kind = "visits_set"
    carrier: str
    times: str

    def say(self) -> Say:
        if not self.times:
            return say("{carrier} has no pickup times any more.", carrier=self.carrier)
        return say("{carrier} comes at {times}.", carrier=self.carrier, times=self.times)


class CarrierNamed(Entry, frozen=True):
    """The shop works with a carrier from now on, or no longer does."""

    kind = "carrier_named"
    carrier: str
    is_used: bool

    def say(self) -> Say:
        if self.is_used:
            return say("The shop works with {carrier} from now on.", carrier=self.carrier)
        return say("The shop no longer works with {carrier}.", carrier=self.carrier)


class PricesSet(Entry, frozen=True):
    """A price table was brought."""

    kind = "prices_set"
    carriers: str
    lines: int

    def say(self) -> Say:
        return say("A price table of {lines} lines was kept for {carriers}.", lines=self.lines, carriers=self.carriers)


class GapChanged(Entry, frozen=True):
    """It was said that a carrier does not come somewhere, or does after all."""

    kind = "gap_changed"
    carrier: str
    place: str
    comes: bool

    def say(self) -> Say:
        if self.comes:
            return say("{carrier} comes to {place} after all.", carrier=self.carrier, place=self.place)
        return say("{carrier} does not come to {place}.", carrier=self.carrier, place=self.place)


class ExperimentBegun(Entry, frozen=True):
    """Carriers are tried side by side."""

    kind = "experiment_begun"
    name: str
    shares: str

    def say(self) -> Say:
        return say("The experiment “{name}” began: {shares}.", name=self.name, shares=self.shares)


class ExperimentEnded(Entry, frozen=True):
    """They no longer are."""

    kind = "experiment_ended"
    name: str

    def say(self) -> Say:
        return say("The experiment “{name}” ended.", name=self.name)
