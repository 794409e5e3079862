"""What happened to the tokens of other programs."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class TokenMade(Entry, frozen=True):
    """Somebody let a program in."""

    kind = "token_made"
    token_no: int
    name: str

    def say(self) -> Say:
        return say("Token no. {token_no} was made for {name}.", token_no=self.token_no, name=self.name)


class TokenRevoked(Entry, frozen=True):
    """Somebody took a program's token back."""

    kind = "token_revoked"
    token_no: int
    name: str

    def say(self) -> Say:
        return say("Token no. {token_no} of {name} was taken back.", token_no=self.token_no, name=self.name)
