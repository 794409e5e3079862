"""A sentence before it is worded: an English message id with named slots. `words` renders it in the reader's language.

Sentences are whole; nothing is glued together from pieces. A slot holds a fact (Fen, a moment, a number, a word of ours, text), so that each
language can write money and moments its own way.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    type_of_slot = str | int | datetime | None
else:
    # JSON cannot tell text from a moment, so a union of both cannot be decoded; records/says.py brings stored moments back
    type_of_slot = Any


class Say(msgspec.Struct, frozen=True):
    """`text` is the English sentence with {slots}; `slots` their values; slots named *_fen are money in fen."""

    text: str
    slots: Mapping[str, type_of_slot] = msgspec.field(default_factory=dict)


def say(text: str, /, **slots: type_of_slot) -> Say:
    """A sentence to be worded later. Catalog extraction finds calls of this name."""
    return Say(text, slots)
