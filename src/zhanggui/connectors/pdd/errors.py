"""What goes wrong between the platform and us: the platform's own code and text, whether trying again helps, and what a person has to do."""

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.connectors.files.masking import masked_numbers, storable
from zhanggui.core.say import Say, say

_LONGEST_TEXT = 300
_SECRET_LIKE = re.compile(r"\b[0-9A-Fa-f]{32,}\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""What moves a terminal's cursor or turns the direction of writing."""
_SHORTEST_SECRET = 6
"""Shorter words are no secrets, and would be starred out of every sentence."""


class Trouble(StrEnum):
    """What kind of trouble it is, by what has to happen before the next try."""

    RETRY = "retry"
    SLOW_DOWN = "slow_down"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    PERSON = "person"
    FOREVER = "forever"


DO: dict[str, str] = {
    "mend": say(
        "The platform did not accept {method} ({reason}). Nothing was changed and trying again will not help: report it with request {request_id}."
    ).text,
    "clock": say("The platform finds that this machine's clock is wrong ({reason}). Set the clock by a time server; work goes on by itself then.").text,
    "app": say("The platform does not take the application ({reason}). Compare the client id with the platform's console and see that it is online.").text,
    "connect": say("The shop's authorisation does not hold any more ({reason}). Connect the shop again.").text,
    "secret": say("The platform did not accept our signature ({reason}). Compare the client secret with the platform's console and enter it again.").text,
    "address": say("The platform lets in known addresses only ({reason}). Enter this machine's outgoing address in the IP whitelist of the application.").text,
    "package": say("The application may not use {method} ({reason}). Apply for its permission package in the platform's console.").text,
    "offline": say("The platform does not offer {method} any more ({reason}). Look for a newer version of this program.").text,
    "foreign": say("The platform says that the order is not one of this shop's, or that there is none ({reason}). Look it up in the back office.").text,
    "wait": say("The platform has a trouble of its own ({reason}). It is tried again by itself; there is nothing to do.").text,
    "business": say("The platform refused {method}: {reason}. Look at the order or the case in the back office and decide again.").text,
    "no_trace": say("The carrier has no tracking events of this parcel yet ({reason}). It is asked again later; there is nothing to do.").text,
    "large": say("The platform found {method} too large ({reason}). Report it with request {request_id}.").text,
    "slow": say("The platform was asked too often ({reason}). We go slower by ourselves; there is nothing to do.").text,
    "risk": say("The platform has forbidden calls because it sees a risk ({reason}). Ask the platform's support, and connect again once it is lifted.").text,
    "maintenance": say("The platform is being maintained ({reason}). It is tried again in a while; where it lasts, look at the platform's notices.").text,
    "testing": say("The application is still in its test state and has used up its calls ({reason}). Have it released, or wait for the next day.").text,
    "unknown": say("The platform answered {method} with {reason}, a code we do not know. Look it up in the platform's documents before trying again.").text,
    "refused": say("The platform took {method} but says that it did not succeed: {reason}. Look at the order or the case in the back office.").text,
    "no_answer": say("The platform did not answer {method} in time ({reason}). It is tried again by itself; see that this machine is connected.").text,
    "no_way": say("The platform cannot be reached for {method} ({reason}). It is tried again by itself; see that this machine is connected.").text,
    "failed": say("The platform's server failed at {method} ({reason}). It is tried again by itself; there is nothing to do.").text,
    "strange": say("The answer to {method} cannot be understood ({reason}). It is asked again by itself; where it lasts, report it.").text,
    "astray": say("The address of the gateway does not lead to the platform ({reason}). Compare it with the platform's documents.").text,
    "unsure": say(
        "The platform's answer to {method} was lost ({reason}). It may have been carried out all the same: the platform is asked before anything is sent again."
    ).text,
    "pace": say("We have used up our own pace for {method} and go on in {seconds} seconds. There is nothing to do.").text,
}
"""The sentence for each way out; `do` in errors.toml names one."""
OF_THE_THING = frozenset({"business", "foreign", "large", "mend", "no_trace", "refused", "strange", "unknown"})
"""Ways out of a platform's refusal that concern the one thing asked for; the others concern everything of the shop."""
_MAYBE_OF_ALL = frozenset({"mend", "strange", "unknown"})
"""Those among them that may as well concern every call of the method."""
_OF_EVERY_CALL = frozenset({10001, 10017, 20007})
"""Codes that are about the call itself, whatever it asks for."""


class Treatment(msgspec.Struct, frozen=True):
    """What follows from one code."""

    trouble: Trouble
    do: str
    means: str = ""
    wait: int = 0
    acted: bool = False
    grade: str = "published"


class Worded(msgspec.Struct, frozen=True):
    """What follows from a code where its text says this."""

    code: int
    says: str
    answer: Treatment


class Table(msgspec.Struct, frozen=True):
    """The error table."""

    codes: dict[int, Treatment]
    sub_codes: dict[str, Treatment]
    texts: tuple[Worded, ...]


class PlatformError(Exception):
    """A call that brought no answer of use. `may_have_acted` is True where an act may have been carried out all the same."""

    def __init__(
        self,
        method: str,
        trouble: Trouble,
        do: str,
        *,
        code: int = 0,
        text: str = "",
        sub_code: str = "",
        sub_text: str = "",
        request_id: str = "",
        may_have_acted: bool = False,
        wait: timedelta = timedelta(0),
    ) -> None:
        self.method, self.trouble, self.do = method, trouble, do
        self.code, self.text, self.sub_code, self.sub_text = code, _safe(text), _safe(sub_code), _safe(sub_text)
        self.request_id = _safe(request_id)
        self.may_have_acted, self.wait = may_have_acted, wait
        super().__init__(self._told())

    def hide(self, secrets: Iterable[str]) -> None:
        """Star these out of the platform's words: some servers repeat what they were sent."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self.text, self.sub_code, self.sub_text, self.request_id = (
                    told.replace(secret, "***") for told in (self.text, self.sub_code, self.sub_text, self.request_id)
                )
        self.args = (self._told(),)

    def _told(self) -> str:
        return f"{self.method}: {self.trouble.value} {self.code} {self.reason}"

    @property
    def is_of_the_thing(self) -> bool:
        """Whether it concerns the one thing asked for, so that others need not wait for it."""
        return self.do in OF_THE_THING and self.code not in _OF_EVERY_CALL

    @property
    def may_be_of_all(self) -> bool:
        """Whether it may as well concern every call of the method: where thing after thing is answered so, it is no single one's trouble."""
        return self.do in _MAYBE_OF_ALL

    @property
    def reason(self) -> str:
        """The platform's own words, the nearer reason last."""
        sub = " ".join(part for part in (self.sub_code if self.sub_code != str(self.code) else "", self.sub_text) if part)
        return f"{self.text}: {sub}" if self.text and sub else self.text or sub

    @property
    def say(self) -> Say:
        """What happened, because of what, and what to do."""
        reason = f"{self.code} {self.reason}" if self.code else self.reason
        seconds = max(1, round(self.wait.total_seconds()))
        sentence = DO["unsure" if self.may_have_acted else self.do]
        return Say(sentence, {"method": self.method, "reason": reason, "request_id": self.request_id, "seconds": seconds})


@cache
def error_table() -> Table:
    """The error table, as errors.toml holds it."""
    text = (files("zhanggui.connectors.pdd") / "errors.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return msgspec.convert({name: told[name] for name in ("codes", "sub_codes", "texts")}, Table, strict=False)


def treatment_of(code: int, text: str, sub_code: str, sub_text: str) -> Treatment:
    """What follows from a refusal; from a code that the table does not hold, that a person has to look."""
    table = error_table()
    if sub_code in table.sub_codes:
        return table.sub_codes[sub_code]
    said = f"{text} {sub_text}"
    worded = next((each.answer for each in table.texts if each.code == code and each.says in said), None)
    return worded or table.codes.get(code) or Treatment(Trouble.PERSON, "unknown", acted=True, grade="assumed")


def refusal(method: str, code: int, text: str, sub_code: str, sub_text: str, request_id: str, *, is_act: bool) -> PlatformError:
    """The error that the platform's answer stands for."""
    treatment = treatment_of(code, text, sub_code, sub_text)
    return PlatformError(
        method,
        treatment.trouble,
        treatment.do,
        code=code,
        text=text,
        sub_code=sub_code,
        sub_text=sub_text,
        request_id=request_id,
        may_have_acted=treatment.acted and is_act,
        wait=timedelta(seconds=treatment.wait),
    )


def strange(method: str, reason: str, *, is_act: bool) -> PlatformError:
    """The error of an answer that cannot be understood: cut off, or of another shape than ours."""
    return PlatformError(method, Trouble.RETRY, "strange", text=reason, may_have_acted=is_act, wait=timedelta(seconds=2))


def _safe(text: str) -> str:
    """A text of the platform's in one line, short, and without control characters, telephone numbers or anything that looks like a token."""
    return _SECRET_LIKE.sub("***", masked_numbers(_CONTROL.sub(" ", storable(text)).strip()))[:_LONGEST_TEXT]
