"""Sentences in storage: JSON has no moments, so those among the slots are brought back when a stored sentence is read."""

from typing import overload

import msgspec

from zhanggui.core.moments import moment_in
from zhanggui.core.say import Say, type_of_slot


@overload
def packed(sentence: Say) -> str: ...
@overload
def packed(sentence: Say | None) -> str | None: ...
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
    moment = moment_in(value) if isinstance(value, str) else None
    return value if moment is None else moment
