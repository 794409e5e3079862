"""What goes wrong between a message and its service, and what a person has to do about it."""

from collections.abc import Iterable
from datetime import timedelta

from zhanggui.connectors.files.masking import masked_numbers, storable
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.say import Say, say

_LONGEST_TEXT = 200
_SHORTEST_SECRET = 6

DO: dict[str, str] = {
    "wait": say("The service has a trouble of its own ({reason}). The message is sent again by itself; there is nothing to do.").text,
    "slow": say("The service was sent too much at once ({reason}). The message waits and is sent by itself; there is nothing to do.").text,
    "address": say("The service does not know this bot or address any more ({reason}). Make it anew in the group and enter it again.").text,
    "sign": say(
        "The service did not take the signature, or a word or address that the bot insists on is missing ({reason}). "
        "Compare the bot's security settings with what is entered here."
    ).text,
    "refused": say("The service does not take this message ({reason}). It is not sent again.").text,
    "unknown": say("The service answered {reason}, which we do not know. The message is sent again a few times by itself.").text,
    "no_way": say("The service cannot be reached ({reason}). The message is sent again by itself; see that this machine is connected.").text,
    "no_answer": say("The service did not answer in time ({reason}). The message may have arrived; it is sent again, so it may be read twice.").text,
    "strange": say("The answer of the service cannot be understood ({reason}). The message may have arrived; it is sent again, so it may be read twice.").text,
    "astray": say("The address leads somewhere else ({reason}). Look it up and enter it again.").text,
    "private": say(
        "The address leads into a private network ({reason}), where messages are not sent. Whoever runs the house can allow the host in ZHANGGUI_NOTIFY_HOSTS."
    ).text,
    "login": say("The mail server does not take the name or the password ({reason}). Many providers want an authorisation code instead of the password.").text,
    "mailbox": say("The mail server does not take the sender or the receiver ({reason}). Compare the addresses.").text,
    "missing": say("For this service the extra is needed that knows it ({reason}): pip install '.[notify]'.").text,
    "not_taken": say("The service did not take the message, or could not be reached; it does not say which. It is sent again a few times by itself.").text,
    "shut": say("What opens this channel cannot be unsealed with the keys at hand ({reason}). Enter it again.").text,
}
"""The sentence for each way out."""


class NotifyError(Exception):
    """A message was not taken, or nobody knows whether it was. Holds no secret."""

    def __init__(self, trouble: Trouble, do: str, *, code: str = "", text: str = "", may_have_arrived: bool = False, wait: timedelta = timedelta(0)) -> None:
        self.trouble = trouble
        self.do = do
        self.code = code
        self._text = storable(text)
        self.may_have_arrived = may_have_arrived
        self.wait = wait
        super().__init__(f"{do} {code}".strip())

    @property
    def text(self) -> str:
        """The service's words, as far as they are shown."""
        return masked_numbers(self._text)[:_LONGEST_TEXT]

    @property
    def reason(self) -> str:
        """The service's own code and words."""
        return " ".join(part for part in (self.code, self.text) if part) or "—"

    @property
    def say(self) -> Say:
        """What happened, because of what, what to do."""
        return Say(DO[self.do], {"reason": self.reason})

    def hide(self, secrets: Iterable[str]) -> None:
        """Star out what opens the way, should the service repeat it; in its whole words, since a secret that is cut or masked is found no more."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self._text = self._text.replace(secret, "***")
