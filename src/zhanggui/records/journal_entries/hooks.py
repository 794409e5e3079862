"""What happened to hooks. No entry holds an address or a secret."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class HookMoved(Entry, frozen=True):
    """A hook was made, changed, given up on or removed."""

    kind = "hook_moved"
    hook_no: int
    name: str
    step: str

    def say(self) -> Say:
        return say("Hook no. {hook_no} ({name}): {step}.", hook_no=self.hook_no, name=self.name, step=self.step)


class TokenActed(Entry, frozen=True):
    """A program did what only programs with the scope for it may."""

    kind = "token_acted"
    token_no: int
    name: str
    deed: str
    no: str

    def say(self) -> Say:
        return say("{name} (token no. {token_no}): {deed} {no}.", name=self.name, token_no=self.token_no, deed=self.deed, no=self.no)
