"""What an endpoint is asked, and how its answer is read: pure, in the words of the protocol."""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from zhanggui.connectors.drafting.errors import DraftingError
from zhanggui.connectors.pdd.doors import UnsafeDoor, safe_address
from zhanggui.core.say import say

PATH = "/chat/completions"
MOST_TOKENS = 400
TEMPERATURE = 0.3
_SHOWN = 80
_STATUS = {400: "refused", 401: "key", 402: "money", 403: "key", 404: "model", 413: "refused", 422: "refused", 429: "slow"}
_WHOLE = frozenset({"stop", "", None})


class Endpoint(msgspec.Struct, frozen=True):
    """Where is asked, for which model, by which key; the key is never shown. Raises UnsafeDoor for an address that would carry it in the clear."""

    address: str
    model: str
    key: str = ""

    def __post_init__(self) -> None:
        safe_address(self.address)
        parts = urlsplit(self.address)
        if parts.query or parts.fragment:
            raise UnsafeDoor(say("Leave out what stands behind ? or # in the address."))

    def __repr__(self) -> str:
        return f"Endpoint({self.address!r}, {self.model!r})"

    @property
    def url(self) -> str:
        """The address that is posted to; the base that documents give is enough."""
        base = self.address.rstrip("/")
        return base if base.endswith(PATH) else base + PATH


class Prompt(msgspec.Struct, frozen=True):
    """What is asked: how to write, and what about."""

    system: str
    user: str


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message = _Message()
    finish_reason: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...] = ()


def body(endpoint: Endpoint, prompt: Prompt) -> bytes:
    """The question as it is posted."""
    told: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        "temperature": TEMPERATURE,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    return msgspec.json.encode(told)


def headers(endpoint: Endpoint) -> dict[str, str]:
    """What goes with it."""
    told = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json", "User-Agent": "zhanggui"}
    return told | ({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {})


def heard(status: int, answer: bytes) -> str:
    """The text that came back. Raises DraftingError; what the endpoint says of its refusal is left out, since it may repeat what was asked."""
    if status != 200:
        raise DraftingError(_STATUS.get(status, "failed" if status >= 500 else "strange"), f"HTTP {status}")
    try:
        told = msgspec.json.decode(answer, type=_Answer)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise DraftingError("strange", type(problem).__name__) from None
    if not told.choices or not (told.choices[0].message.content or "").strip():
        raise DraftingError("strange", "no text")
    if told.choices[0].finish_reason not in _WHOLE:
        raise DraftingError("cut", str(told.choices[0].finish_reason)[:_SHOWN])
    return (told.choices[0].message.content or "").strip()
