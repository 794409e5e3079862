"""A call as data: what is asked and how the answer is read. Nothing here sends anything."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

import msgspec

from zhanggui.connectors.pdd.errors import PlatformError, Trouble, refusal, strange

T = TypeVar("T")
W = TypeVar("W")

_ERROR = "error_response"
_YES, _NO = frozenset({"true", "1", "success", "y", "yes"}), frozenset({"false", "0", "fail", "failed", "n", "no"})
_LARGEST_CODE = 10**9
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Call(msgspec.Struct, Generic[T], frozen=True):
    """One call of a method: its own parameters as the strings that are sent and signed, and the reader of its answer.

    `decode` is given the whole body of the answer; it raises PlatformError where that is a refusal or cannot be understood.
    """

    method: str
    params: Mapping[str, str]
    decode: Callable[[bytes], T]
    needs_token: bool = True
    is_act: bool = False

    def __repr__(self) -> str:
        return f"Call({self.method}, {', '.join(sorted(self.params))})"  # values may be tokens


class Done(msgspec.Struct, frozen=True):
    """An act that the platform says it has carried out, with what it said."""

    request_id: str = ""
    text: str = ""


class _Error(msgspec.Struct, frozen=True):
    """What stands under `error_response`; codes come as numbers and as text."""

    error_code: int | str = 0
    error_msg: str | None = None
    sub_code: int | str | None = None
    sub_msg: str | None = None
    request_id: int | str | None = None


class _Ending(msgspec.Struct, frozen=True):
    """How an act went, in whichever of its words the platform says so."""

    is_success: bool | int | str | None = None
    success: bool | int | str | None = None
    succ: bool | int | str | None = None
    result: msgspec.Raw = msgspec.Raw()
    error_code: int | str | None = None
    error_msg: str | None = None
    message: str | None = None
    request_id: int | str | None = None
    result_data: msgspec.Raw = msgspec.Raw()


class _OfCase(msgspec.Struct, frozen=True):
    """The case that was answered: all the platform is documented to say of the answer to an unshipped refund."""

    refund_id: int | str | None = None


@cache
def wrappers() -> dict[str, str]:
    """The names of answers that break the usual rule."""
    text = (files("zhanggui.connectors.pdd") / "wrappers.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["wrappers"], dict[str, str])


def wrapper_of(method: str) -> str:
    """The name under which the answer of a method stands; empty where its fields stand at the top."""
    return wrappers().get(method, f"{method.removeprefix('pdd.').replace('.', '_')}_response")


def answer_in(method: str, body: bytes, *, is_act: bool = False) -> bytes:
    """The JSON object that answers, out of its wrapper. Raises PlatformError where the body is a refusal or no answer at all.

    A wrapper of another name is taken where it is the only thing there, so that the day on which a misspelt name is mended passes unnoticed.
    """
    try:
        members = _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise strange(method, f"no JSON object, {len(body)} bytes", is_act=is_act) from None
    if _ERROR in members:
        raise _refused(method, bytes(members[_ERROR]), is_act=is_act)
    wrapper = wrapper_of(method)
    if wrapper in members:
        return _object(method, members[wrapper], is_act=is_act)
    inner = [raw for name, raw in members.items() if name.endswith(("_response", "_resposne")) or name == "response"]
    if len(inner) == 1 and len(members) <= 2:
        return _object(method, inner[0], is_act=is_act)
    if "error_code" in members and _says_error(bytes(members["error_code"])):
        raise _refused(method, body, is_act=is_act)
    if wrapper:
        raise strange(method, f"no {wrapper} in it", is_act=is_act)
    return body


def reader(method: str, wire: type[W], into: Callable[[W], T], *, is_act: bool = False) -> Callable[[bytes], T]:
    """A reader of answers: out of the wrapper, into the wire struct, into what the call is for."""
    decoder = msgspec.json.Decoder(wire, float_hook=str)

    def read(body: bytes) -> T:
        inner = answer_in(method, body, is_act=is_act)
        try:
            return into(decoder.decode(inner))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise strange(method, str(problem), is_act=is_act) from None

    return read


def act_reader(method: str, *, must_say: bool = False) -> Callable[[bytes], Done]:
    """A reader of answers to acts: that it was done, or why not, in any of the shapes in which the platform says so.

    An answer that says neither yes nor no is a yes, unless the act `must_say`: then it has to name the case that was answered at least, else nobody knows,
    and the platform is to be asked.
    """
    decoder = msgspec.json.Decoder(_Ending)

    def read(body: bytes) -> Done:
        inner = answer_in(method, body, is_act=True)
        try:
            ending = decoder.decode(inner)
            nested = _nested(ending.result)
            is_named = _names_case(nested.result_data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise strange(method, str(problem), is_act=True) from None
        _check_ending(method, ending, nested, must_say=must_say and not is_named)
        return Done(_text(ending.request_id), nested.message or ending.message or "")

    return read


def is_yes(method: str, told: bool | int | str, *, is_act: bool = False) -> bool:
    """Whether a flag says yes: it has been seen as true, "true", 1 and "1". Raises PlatformError for any other word."""
    word = str(told).strip().casefold()
    if word not in _YES and word not in _NO:
        raise strange(method, f"success is {word[:20]!r}", is_act=is_act)
    return word in _YES


def _check_ending(method: str, ending: _Ending, nested: _Ending, *, must_say: bool) -> None:
    """Raise PlatformError where any of the words says that the act did not succeed, or an error stands where no word says that it did."""
    told = [flag for each in (ending, nested) for flag in (each.is_success, each.success, each.succ) if flag is not None]
    code = next((code for code in (ending.error_code, nested.error_code) if str(code or 0) != "0"), None)
    if not told and code is None:
        if must_say:
            raise strange(method, "neither yes nor no", is_act=True)
        return
    if told and all(is_yes(method, flag, is_act=True) for flag in told):
        return
    said = next((text for text in (nested.message, nested.error_msg, ending.message, ending.error_msg) if text), "")
    raise PlatformError(method, Trouble.PERSON, "refused", sub_code=_text(code), sub_text=said, request_id=_text(ending.request_id))


def _nested(result: msgspec.Raw) -> _Ending:
    """What stands under `result`: the same words again, a bare flag, or nothing of use."""
    first = bytes(result).lstrip()[:1]
    if first == b"{":
        return msgspec.json.decode(result, type=_Ending)
    return _Ending(is_success=msgspec.json.decode(result, type=bool)) if first in (b"t", b"f") else _Ending()


def _names_case(told: msgspec.Raw) -> bool:
    """Whether it names the case that was answered."""
    if bytes(told).lstrip()[:1] != b"{":
        return False
    return str(msgspec.json.decode(told, type=_OfCase).refund_id or 0) != "0"


def _refused(method: str, error: bytes, *, is_act: bool) -> PlatformError:
    """The error that a refusal stands for."""
    try:
        told = msgspec.json.decode(error, type=_Error)
        code = int(told.error_code)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return strange(method, "a refusal without a code", is_act=is_act)
    if abs(code) > _LARGEST_CODE:
        return strange(method, "a refusal whose code is no code", is_act=is_act)
    return refusal(method, code, told.error_msg or "", _text(told.sub_code), told.sub_msg or "", _text(told.request_id), is_act=is_act)


def _says_error(code: bytes) -> bool:
    return code.strip().strip(b'"') not in (b"0", b"null", b"")


def _object(method: str, raw: msgspec.Raw, *, is_act: bool) -> bytes:
    inner = bytes(raw)
    if not inner.lstrip().startswith(b"{"):
        raise strange(method, "nothing under its name", is_act=is_act)
    return inner


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
