"""快递鸟: the immediate query and its paid sister, in-transit tracking; both are asked and answered alike. The events come oldest first."""

import base64
import hashlib
from typing import Any

import msgspec

from zhanggui.connectors.carriers.asking import Account, Event, Parcel, Question, Told, codes_for, refused, told
from zhanggui.connectors.carriers.errors import strange_answer
from zhanggui.connectors.carriers.tables import answers_of
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.values import flag

SERVICE, NAME = "kdniao", "快递鸟"
IMMEDIATE, IN_TRANSIT = "1002", "8001"
_JSON = "2"


class _Trace(msgspec.Struct, frozen=True):
    """One event."""

    AcceptTime: Any = None
    AcceptStation: Any = None
    Action: Any = None


class _Answer(msgspec.Struct, frozen=True):
    """An answer. A parcel without scans is told as a success with a reason and as a failure with the same reason."""

    Success: Any = None
    Reason: Any = None
    ResultCode: Any = None
    Traces: list[_Trace] | None = None


_DECODER = msgspec.json.Decoder(_Answer, float_hook=str)


def query(account: Account, parcel: Parcel, request_type: str = IMMEDIATE) -> Question:
    """The question for the scans of a parcel. Raises TrackerError where it cannot be asked."""
    codes, shipper = codes_for(parcel, SERVICE, NAME)
    asked = {"OrderCode": "", "ShipperCode": shipper, "LogisticCode": parcel.tracking_no}
    if SERVICE in codes.phone:
        asked["CustomerName"] = parcel.phone_tail
    data = msgspec.json.encode(asked).decode()
    form = {
        "RequestData": data,
        "EBusinessID": account.name,
        "RequestType": request_type,
        "DataSign": signature(data, account.key),
        "DataType": _JSON,
    }
    return Call(NAME, form, lambda body: read(body, parcel), needs_token=False)


def signature(request_data: str, key: str) -> str:
    """Base64 of the lower-case hex text of MD5 over the JSON text and the key."""
    digest = hashlib.md5(f"{request_data}{key}".encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def read(body: bytes, parcel: Parcel) -> Told:
    """What an answer tells. Raises TrackerError for a refusal, and where it cannot be understood."""
    try:
        answer = _DECODER.decode(body)
        is_success = flag(answer.Success, "Success")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, PlatformError):
        raise strange_answer(NAME, f"no answer of this shape, {len(body)} bytes") from None
    if is_success is None:
        raise strange_answer(NAME, "no Success")
    if not is_success:
        return refused(NAME, answers_of(SERVICE), answer.ResultCode, answer.Reason)
    return told(NAME, SERVICE, answers_of(SERVICE), parcel, [Event(row.AcceptTime, row.AcceptStation, row.Action) for row in answer.Traces or ()])
