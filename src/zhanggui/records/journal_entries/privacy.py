"""What happened to personal data: keys changed, whole data opened, buyers forgotten, terms set. No entry says whose data it was in words."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class KeyChanged(Entry, frozen=True):
    """Somebody gave the shop a new key for its sealed columns."""

    kind = "key_changed"
    key_no: int

    def say(self) -> Say:
        return say("What is stored sealed is sealed with key no. {key_no} from now on.", key_no=self.key_no)


class OldKeysWiped(Entry, frozen=True):
    """Nothing lay under the older keys any more."""

    kind = "old_keys_wiped"
    keys: int

    def say(self) -> Say:
        return say("Older keys of sealed columns were wiped: {keys}. Nothing lay under them any more.", keys=self.keys)


class HouseKeyChanged(Entry, frozen=True):
    """Whoever runs the house changed the keys that everything is sealed with."""

    kind = "house_key_changed"
    secrets: int

    def say(self) -> Say:
        return say("The keys of the house were changed; secrets sealed anew: {secrets}.", secrets=self.secrets)


class PersonalOpened(Entry, frozen=True):
    """Somebody looked at whole personal data."""

    kind = "personal_opened"
    what: str
    reason: str

    def say(self) -> Say:
        return say("Whole personal data were opened ({what}): {reason}", what=f"opening.{self.what}", reason=self.reason)


class BuyerForgotten(Entry, frozen=True):
    """What was kept of a buyer was taken away, because somebody asked for it."""

    kind = "buyer_forgotten"
    orders: int
    rows: int

    def say(self) -> Say:
        return say("A buyer was forgotten: orders {orders}, rows changed {rows}.", orders=self.orders, rows=self.rows)


class TermsForgot(Entry, frozen=True):
    """What was kept long enough was taken away."""

    kind = "terms_forgot"
    what: str
    rows: int

    def say(self) -> Say:
        return say("Kept long enough, and taken away: {rows} ({what}).", rows=self.rows, what=f"kept.{self.what}")


class RetentionSet(Entry, frozen=True):
    """Somebody said how long the shop keeps a kind of data."""

    kind = "retention_set"
    what: str
    days: int

    def say(self) -> Say:
        return say("Kept for {days} days: {what}.", days=self.days, what=f"kept.{self.what}")
