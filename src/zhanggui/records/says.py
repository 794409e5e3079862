"""Sentences in storage: JSON has no moments, so those among the slots are brought back when a stored sentence is read."""

import re
from datetime import datetime

import msgspec

from zhanggui.core.say import Say, type_of_slot

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def packed(sentence: Say | None) -> str | None:
    """The sentence as JSON."""
    return None if sentence is None else msgspec.json.encode(sentence).decode()


def unpacked(text: str) -> Say:
    """The sentence again, its moments moments."""
    return revived(msgspec.json.decode(text, type=Say))


def revived(sentence: Say) -> Say:
    """A decoded sentence with its moments brought back."""
    return Say(sentence.text, {name: _revived(value) for name, value in sentence.slots.items()})


def _revived(value: type_of_slot) -> type_of_slot:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return msgspec.convert(value, datetime)
    return value
