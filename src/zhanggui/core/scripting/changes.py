"""What one version of a text says otherwise than another, character by character, as Chinese is read."""

from difflib import SequenceMatcher
from typing import Literal

import msgspec


class Piece(msgspec.Struct, frozen=True):
    """A stretch that is the same in both, or only in the former, or only in the latter."""

    kind: Literal["same", "gone", "new"]
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in the order they stand. Put together, those that are the same or gone give `before`, and those that are the same or new give `after`."""
    found: list[Piece] = []
    for how, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", before[start:end]))
            continue
        if end > start:
            found.append(Piece("gone", before[start:end]))
        if other_end > other_start:
            found.append(Piece("new", after[other_start:other_end]))
    return tuple(found)
