"""What goes wrong between the house and an endpoint that drafts, and what a person has to do about it. No error holds the key, or what was asked."""

from zhanggui.core.say import Say, say

DO: dict[str, str] = {
    "key": say("The endpoint does not take the key ({reason}). Compare it with your account there, and enter it again.").text,
    "money": say("The account at the endpoint is used up ({reason}). Pay there, or draft by scripts alone.").text,
    "model": say("The endpoint does not know the model or the address ({reason}). Compare both with its documents.").text,
    "refused": say("The endpoint does not take the question ({reason}).").text,
    "slow": say("The endpoint was asked too often ({reason}). Wait a little.").text,
    "failed": say("The server of the endpoint failed ({reason}).").text,
    "no_way": say("The endpoint cannot be reached ({reason}). See that the address is right and this machine is connected.").text,
    "no_answer": say("The endpoint did not answer in time ({reason}).").text,
    "strange": say("The answer of the endpoint cannot be understood ({reason}).").text,
    "cut": say("The endpoint broke its answer off ({reason}).").text,
    "private": say(
        "The address leads into a private network ({reason}), where nothing is sent. Whoever runs the house can allow the host in ZHANGGUI_DRAFTING_HOSTS."
    ).text,
}
"""The sentence for each way out."""


class DraftingError(Exception):
    """The endpoint gave no text."""

    def __init__(self, do: str, reason: str) -> None:
        super().__init__(f"{do}: {reason}")
        self.do = do
        self.reason = reason

    @property
    def say(self) -> Say:
        """What happened, because of what, what to do."""
        return Say(DO[self.do], {"reason": self.reason})
