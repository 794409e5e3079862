"""What people did about second factors."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class AppAdded(Entry, frozen=True):
    """Somebody shows codes of an app from now on."""

    kind = "code_app_added"
    name: str

    def say(self) -> Say:
        return say("{name} signs in with codes of an app too from now on.", name=self.name)


class AppDropped(Entry, frozen=True):
    """Somebody shows no codes any more."""

    kind = "code_app_dropped"
    name: str

    def say(self) -> Say:
        return say("{name} signs in without codes of an app from now on.", name=self.name)


class PasskeyAdded(Entry, frozen=True):
    """Somebody has one passkey more."""

    kind = "passkey_added"
    name: str

    def say(self) -> Say:
        return say("{name} has made a passkey.", name=self.name)


class PasskeyDropped(Entry, frozen=True):
    """Somebody has one passkey less."""

    kind = "passkey_dropped"
    name: str

    def say(self) -> Say:
        return say("{name} has removed a passkey.", name=self.name)


class RecoveryCodesMade(Entry, frozen=True):
    """Somebody has fresh recovery codes."""

    kind = "recovery_codes_made"
    name: str

    def say(self) -> Say:
        return say("{name} has new recovery codes; the former ones are void.", name=self.name)


class FactorsDropped(Entry, frozen=True):
    """The operator took somebody's second factors away, after a lost phone."""

    kind = "factors_dropped"
    name: str

    def say(self) -> Say:
        return say("The second factors of {name} were removed at the machine.", name=self.name)


class FactorAsked(Entry, frozen=True):
    """The shop asks a second factor of a role, or does so no more."""

    kind = "factor_asked"
    role: str
    is_asked: bool

    def say(self) -> Say:
        if self.is_asked:
            return say("The shop asks a second factor of this role from now on: {role}.", role=self.role)
        return say("The shop asks no second factor of this role any more: {role}.", role=self.role)
