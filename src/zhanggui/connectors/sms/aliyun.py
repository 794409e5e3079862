"""阿里云短信 (Dysmsapi 2017-05-25): SendSms and QuerySendDetails as signed forms. The signature is the documented RPC one (HMAC-SHA1 over the sorted form).

The provider's own package brings some fifteen others along for these two calls; the signature is twenty lines, and its documents give a worked example.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import msgspec

from zhanggui.connectors.sms.errors import TextError, TextTrouble

SERVICE, ADDRESS = "阿里云短信", "https://dysmsapi.aliyuncs.com/"
VERSION, REGION = "2017-05-25", "cn-hangzhou"
PAGE = 50
FAILED, ARRIVED = 2, 3

Verdicts = Mapping[str, tuple[str, timedelta]]
"""By code, what it means (sent, busy, number, person, unsure) and how long to wait."""


class Account(msgspec.Struct, frozen=True):
    """Whose account: the key's id and its secret."""

    key_id: str
    secret: str

    def __repr__(self) -> str:
        return f"Account({self.key_id!r})"


class Asked(msgspec.Struct, frozen=True):
    """A call as data: the signed form and the reader of its answer."""

    action: str
    form: Mapping[str, str]
    decode: Callable[[int, bytes], str]

    def __repr__(self) -> str:
        return f"Asked({self.action})"  # the form holds a number


class _Answer(msgspec.Struct, frozen=True):
    Code: str | None = None
    Message: str | None = None
    BizId: str | None = None
    SmsSendDetailDTOs: msgspec.Raw = msgspec.Raw()


class _Detail(msgspec.Struct, frozen=True):
    OutId: str | None = None
    SendStatus: int | None = None
    ErrCode: str | None = None


class _Details(msgspec.Struct, frozen=True):
    SmsSendDetailDTO: list[_Detail] | None = None


_ANSWER, _DETAILS = msgspec.json.Decoder(_Answer), msgspec.json.Decoder(_Details)
FOUND, NOT_FOUND, REFUSED = "found", "not_found", "refused"


def send(
    account: Account, number: str, sign: str, template_code: str, values: Mapping[str, str], out_id: str, at: datetime, nonce: str, verdicts: Verdicts
) -> Asked:
    """Send one text; answered by the provider's receipt number (BizId)."""
    own = {
        "Action": "SendSms",
        "PhoneNumbers": number,
        "SignName": sign,
        "TemplateCode": template_code,
        "TemplateParam": msgspec.json.encode(dict(values)).decode(),
        "OutId": out_id,
    }
    return Asked("SendSms", signed(account, own, at, nonce), lambda status, body: _receipt(status, body, verdicts))


def look_up(account: Account, number: str, day: date, out_id: str, at: datetime, nonce: str, verdicts: Verdicts) -> Asked:
    """Whether a text of ours stands in the record of that number and day; answered by found, refused (the carrier did not take it) or not_found."""
    own = {"Action": "QuerySendDetails", "PhoneNumber": number, "SendDate": f"{day:%Y%m%d}", "PageSize": str(PAGE), "CurrentPage": "1"}
    return Asked("QuerySendDetails", signed(account, own, at, nonce), lambda status, body: _found(status, body, out_id, verdicts))


def signed(account: Account, own: Mapping[str, str], at: datetime, nonce: str) -> dict[str, str]:
    """The whole form with its signature."""
    form = {
        "Format": "JSON",
        "Version": VERSION,
        "RegionId": REGION,
        "AccessKeyId": account.key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": nonce,
        "Timestamp": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        **own,
    }
    return form | {"Signature": signature("POST", form, account.secret)}


def signature(verb: str, form: Mapping[str, str], secret: str) -> str:
    """Base64 of HMAC-SHA1 over the verb and the sorted form, by the secret and an ampersand."""
    told = "&".join(f"{_encoded(name)}={_encoded(form[name])}" for name in sorted(form))
    whole = f"{verb}&{_encoded('/')}&{_encoded(told)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), whole.encode(), hashlib.sha1).digest()).decode()


def _encoded(text: str) -> str:
    """As RFC 3986 writes it: the tilde stays, a space is %20, a star %2A."""
    return quote(text, safe="~")


def _receipt(status: int, body: bytes, verdicts: Verdicts) -> str:
    return _read(status, body, verdicts).BizId or ""


def _found(status: int, body: bytes, out_id: str, verdicts: Verdicts) -> str:
    answer = _read(status, body, verdicts)
    try:
        listed = _DETAILS.decode(answer.SmsSendDetailDTOs).SmsSendDetailDTO if bytes(answer.SmsSendDetailDTOs) else None
    except msgspec.DecodeError as problem:
        raise TextError(SERVICE, TextTrouble.UNSURE, text=str(problem)) from None
    ours = [each for each in listed or () if each.OutId == out_id]
    if not ours:
        return NOT_FOUND
    return REFUSED if all(each.SendStatus == FAILED for each in ours) else FOUND


def _read(status: int, body: bytes, verdicts: Verdicts) -> _Answer:
    """The answer, where it says yes. Raises TextError."""
    try:
        answer = _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TextError(SERVICE, TextTrouble.UNSURE, code=str(status), text=f"no JSON, {len(body)} bytes") from None
    if answer.Code is None:
        raise TextError(SERVICE, TextTrouble.UNSURE, code=str(status), text="no Code in it")
    does, wait = verdicts.get(answer.Code, ("unsure" if status >= 500 else "person", timedelta(minutes=1)))
    if does == "sent":
        return answer
    raise TextError(SERVICE, TextTrouble(does), code=answer.Code, text=answer.Message or "", wait=wait)
