"""Cursors of keyset paging: the sort values of the last row shown, as one opaque word for a URL."""

import base64
import binascii
from typing import Any, TypeVar

import msgspec

from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

T = TypeVar("T")


def write(values: tuple[Any, ...]) -> str:
    """The values as a word that is safe in a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def write_one(value: int) -> str:
    """The same for a single number."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


def read(cursor: str, of: type[T]) -> T:
    """The values again. Raises Refused for a word that is none of ours."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=of)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise Refused(say("This page of the list no longer exists. Start from the top.")) from None
