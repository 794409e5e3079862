"""What goes wrong between a tracking service and us: the service's own code and text, whether trying again helps, and what a person has to do.

They are classed as the platform's troubles are, so that whoever asks treats both alike; only the sentences are of the services.
"""

from datetime import timedelta

from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.core.say import Say, say

_WAITS = {Trouble.RETRY: timedelta(minutes=1), Trouble.SLOW_DOWN: timedelta(minutes=1), Trouble.PERSON: timedelta(hours=1)}
"""After a trouble of the whole account nothing is asked for so long: every question costs the shop money."""

DO: dict[str, str] = {
    "key": say("{service} did not accept our signature ({reason}). Compare account and key with your account there, and enter them again in Settings.").text,
    "account": say("{service} does not serve this account ({reason}). See there that it is open, is paid for and covers tracking queries.").text,
    "phone": say(
        "{service} wants the last four digits of a telephone number for this carrier ({reason}). They are sent only where the masked receiver shows them; "
        "paste this parcel's tracking events instead."
    ).text,
    "carrier": say("{service} has no code for the carrier {reason} that we know. Paste this parcel's tracking events instead.").text,
    "wait": say("{service} has a trouble of its own ({reason}). It is asked again by itself; there is nothing to do.").text,
    "slow": say("{service} was asked too often ({reason}). We wait by ourselves; there is nothing to do.").text,
    "no_answer": say("{service} did not answer in time ({reason}). It is asked again by itself; see that this machine is connected.").text,
    "no_way": say("{service} cannot be reached ({reason}). It is asked again by itself; see that this machine is connected.").text,
    "failed": say("The server of {service} failed ({reason}). It is asked again by itself; there is nothing to do.").text,
    "strange": say("The answer of {service} cannot be understood ({reason}). It is asked again by itself; where it lasts, report it.").text,
    "astray": say("The address does not lead to {service} ({reason}). Compare it with the service's documents, and enter it again in Settings.").text,
    "unknown": say("{service} refused with {reason}, which we do not know. Look it up in the service's documents; it is asked again in an hour.").text,
}
"""The sentence for each way out; `do` in answers.toml names one."""

OF_THE_PARCEL = frozenset({"phone", "carrier"})
"""Ways out that concern the one parcel; after any other the whole account rests."""


class TrackerError(PlatformError):
    """A question to a tracking service that brought no answer of use."""

    def __init__(self, service: str, trouble: Trouble, do: str, *, code: int = 0, text: str = "", wait: timedelta = timedelta(0)) -> None:
        super().__init__(service, trouble, do, code=code, text=text, wait=wait or (timedelta(0) if do in OF_THE_PARCEL else _WAITS.get(trouble, timedelta(0))))

    @property
    def say(self) -> Say:
        """What happened, because of what, and what to do."""
        return Say(DO[self.do], {"service": self.method, "reason": f"{self.code} {self.reason}" if self.code else self.reason})


def strange_answer(service: str, reason: str) -> TrackerError:
    """The error of an answer that cannot be understood: cut off, or of another shape than ours."""
    return TrackerError(service, Trouble.RETRY, "strange", text=reason)
