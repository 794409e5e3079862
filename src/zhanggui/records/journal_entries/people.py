"""Who came, went, and changed their part."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class MemberInvited(Entry, frozen=True):
    """Somebody was invited to a part in the shop."""

    kind = "member_invited"
    role: str

    def say(self) -> Say:
        return say("An invitation was made out: {role}.", role=self.role)


class MemberJoined(Entry, frozen=True):
    """Somebody took up a part in the shop."""

    kind = "member_joined"
    name: str
    role: str

    def say(self) -> Say:
        return say("{name} joined: {role}.", name=self.name, role=self.role)


class MemberMoved(Entry, frozen=True):
    """Somebody's part in the shop changed."""

    kind = "member_moved"
    name: str
    role: str

    def say(self) -> Say:
        return say("{name} is now {role}.", name=self.name, role=self.role)


class MemberLeft(Entry, frozen=True):
    """Somebody no longer has a part in the shop."""

    kind = "member_left"
    name: str

    def say(self) -> Say:
        return say("{name} no longer has a part in the shop.", name=self.name)


class KeepingChanged(Entry, frozen=True):
    """Somebody keeps the whole house from now on, or does no longer."""

    kind = "keeping_changed"
    name: str
    keeps: bool

    def say(self) -> Say:
        return say("{name} keeps the house now.", name=self.name) if self.keeps else say("{name} no longer keeps the house.", name=self.name)


class InvitationWithdrawn(Entry, frozen=True):
    """An unused invitation was taken back."""

    kind = "invitation_withdrawn"

    def say(self) -> Say:
        return say("An invitation was taken back.")


class SignInsEnded(Entry, frozen=True):
    """Somebody was signed out everywhere."""

    kind = "sign_ins_ended"
    name: str

    def say(self) -> Say:
        return say("{name} was signed out everywhere.", name=self.name)


class NameChanged(Entry, frozen=True):
    """Somebody calls themselves otherwise. Entries show today's names, so the former one is kept here."""

    kind = "name_changed"
    before: str
    after: str

    def say(self) -> Say:
        return say("{before} is now called {after}.", before=self.before, after=self.after)


class PasswordChanged(Entry, frozen=True):
    """Somebody has a new password."""

    kind = "password_changed"
    name: str

    def say(self) -> Say:
        return say("{name} has a new password.", name=self.name)
