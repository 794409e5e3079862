"""Texts to buyers through the platform: to the ciphertext of a number, by an approved template; and the record of those of a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, Done, reader
from zhanggui.connectors.pdd.errors import PlatformError, Trouble, strange
from zhanggui.connectors.pdd.values import OddWire, whole

SEND, RECORD = "pdd.open.msg.service.send.msg", "pdd.open.msg.service.query.msg.record"
PAGE = 50
CIPHER = "~"
"""How a ciphertext begins; nothing else is ever sent as a number."""


class TextRecord(msgspec.Struct, frozen=True):
    """A text as the platform's record shows it: whose it is by our own id, and what became of it (3: arrived)."""

    out_id: str
    status: int | None
    error_code: str


class _Sent(msgspec.Struct, frozen=True):
    code: Any = None
    message: str | None = None


class _Detail(msgspec.Struct, frozen=True):
    out_id: str | None = None
    send_status: Any = None
    error_code: str | None = None


class _Records(msgspec.Struct, frozen=True):
    result_code: str | None = None
    result_message: str | None = None
    sms_send_details: list[_Detail] | None = None


def send_text(cipher: str, sign: str, template_code: str, values: Mapping[str, str], out_id: str) -> Call[Done]:
    """Send one text. Raises ValueError for a number that is not ciphertext: clear numbers never go this way."""
    if not cipher.startswith(CIPHER):
        raise ValueError("not a ciphertext")
    params = {
        "phone_numbers": msgspec.json.encode([cipher]).decode(),
        "sign_name": sign,
        "template_code": template_code,
        "template_param": msgspec.json.encode(dict(values)).decode(),
        "out_id": out_id,
    }
    return Call(SEND, params, reader(SEND, _Sent, _done, is_act=True), is_act=True)


def text_records(cipher: str, day: date, page: int = 1) -> Call[tuple[TextRecord, ...]]:
    """The texts that a number was sent on a day of the last thirty."""
    params = {"phone_number": cipher, "send_date": f"{day:%Y%m%d}", "page_number": str(page), "page_size": str(PAGE)}
    return Call(RECORD, params, reader(RECORD, _Records, _records))


def _done(told: _Sent) -> Done:
    """Code 0 is yes; any other is the platform's refusal, with which nothing was sent."""
    try:
        code = whole(told.code, "code")
    except OddWire as odd:
        raise strange(SEND, str(odd), is_act=True) from None
    if code is None:
        raise strange(SEND, "no code in it", is_act=True)
    if code != 0:
        raise PlatformError(SEND, Trouble.PERSON, "unknown", code=code, text=told.message or "")
    return Done("", told.message or "")


def _records(told: _Records) -> tuple[TextRecord, ...]:
    try:
        return tuple(TextRecord(each.out_id or "", whole(each.send_status, "send_status"), each.error_code or "") for each in told.sms_send_details or ())
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
