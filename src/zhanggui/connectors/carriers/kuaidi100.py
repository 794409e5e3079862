"""快递100: the real-time query. A form with a signature over its JSON text; the events come newest first."""

import hashlib
from typing import Any

import msgspec

from zhanggui.connectors.carriers.asking import Account, Event, Parcel, Question, Told, codes_for, refused, told
from zhanggui.connectors.carriers.errors import strange_answer
from zhanggui.connectors.carriers.tables import answers_of
from zhanggui.connectors.pdd.calls import Call

SERVICE, NAME = "kuaidi100", "快递100"
_FINE = "4"
"""The most detailed codes; a plan without them answers with the coarse ones, which stand in the same field."""


class _Row(msgspec.Struct, frozen=True):
    """One event. `ftime` is the same moment in a fixed form."""

    time: Any = None
    ftime: Any = None
    context: Any = None
    status_code: Any = msgspec.field(default=None, name="statusCode")


class _Answer(msgspec.Struct, frozen=True):
    """An answer: of a refusal `returnCode` and `message`, of a success `status` 200 and `data`."""

    status: Any = None
    return_code: Any = msgspec.field(default=None, name="returnCode")
    message: Any = None
    data: list[_Row] | None = None


_DECODER = msgspec.json.Decoder(_Answer, float_hook=str)


def query(account: Account, parcel: Parcel) -> Question:
    """The question for the scans of a parcel. Raises TrackerError where it cannot be asked."""
    codes, com = codes_for(parcel, SERVICE, NAME)
    asked = {"com": com, "num": parcel.tracking_no}
    if SERVICE in codes.phone:
        asked["phone"] = parcel.phone_tail
    param = msgspec.json.encode(asked | {"resultv2": _FINE, "order": "asc"}).decode()
    form = {"customer": account.name, "param": param, "sign": signature(param, account.key, account.name)}
    return Call(NAME, form, lambda body: read(body, parcel), needs_token=False)


def signature(param: str, key: str, customer: str) -> str:
    """MD5 over the JSON text, the key and the customer, in upper-case hex."""
    return hashlib.md5(f"{param}{key}{customer}".encode(), usedforsecurity=False).hexdigest().upper()


def read(body: bytes, parcel: Parcel) -> Told:
    """What an answer tells. Raises TrackerError for a refusal, and where it cannot be understood."""
    try:
        answer = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise strange_answer(NAME, f"no answer of this shape, {len(body)} bytes") from None
    code = answer.return_code if answer.return_code is not None else answer.status
    if code is None:
        raise strange_answer(NAME, "neither status nor returnCode")
    if str(code) != "200":
        return refused(NAME, answers_of(SERVICE), code, answer.message)
    return told(NAME, SERVICE, answers_of(SERVICE), parcel, [Event(row.ftime or row.time, row.context, row.status_code) for row in answer.data or ()])
