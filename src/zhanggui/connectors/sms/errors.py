"""What goes wrong between a provider of texts and us: its own code and words, and whether the text may have gone all the same."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from zhanggui.core.say import Say, say

_SHOWN = 200
_SHORTEST_SECRET = 4


class TextTrouble(StrEnum):
    """What a trouble means for the text."""

    BUSY = "busy"
    """It was surely not sent; later it may be."""
    NUMBER = "number"
    """This number is not served."""
    PERSON = "person"
    """A person has to mend the account, the template or the signature."""
    UNSURE = "unsure"
    """It may have been sent."""


SENTENCES: dict[TextTrouble, str] = {
    TextTrouble.BUSY: say("{service} has no room for it just now ({reason}). It is tried again by itself.").text,
    TextTrouble.NUMBER: say("{service} does not serve this number ({reason}).").text,
    TextTrouble.PERSON: say("{service} refused it ({reason}). Compare account, signature and template with those at the provider.").text,
    TextTrouble.UNSURE: say("The answer of {service} was lost ({reason}). Its record is asked; the text is not sent again.").text,
}


class TextError(Exception):
    """A text that was not sent, or perhaps was."""

    def __init__(self, service: str, trouble: TextTrouble, *, code: str = "", text: str = "", wait: timedelta = timedelta(minutes=1)) -> None:
        self.service, self.trouble, self.wait = service, trouble, wait
        self._code, self._text = code, text
        super().__init__(f"{service}: {trouble.value} {self.reason}")

    @property
    def code(self) -> str:
        """The provider's own code."""
        return self._code[:_SHOWN]

    @property
    def text(self) -> str:
        """The provider's own words, as far as they are shown."""
        return self._text[:_SHOWN]

    @property
    def reason(self) -> str:
        """The provider's own code and words."""
        return " ".join(part for part in (self.code, self.text) if part)

    @property
    def say(self) -> Say:
        """What happened, because of what, and what to do."""
        return Say(SENTENCES[self.trouble], {"service": self.service, "reason": self.reason})

    def hide(self, secrets: Iterable[str]) -> None:
        """Star these out of the provider's whole words: some servers repeat what they were sent, and the half of a number is one too."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self._code, self._text = self._code.replace(secret, "***"), self._text.replace(secret, "***")
        self.args = (f"{self.service}: {self.trouble.value} {self.reason}",)
