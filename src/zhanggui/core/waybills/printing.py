"""What the print component says of a label, in our words."""

from collections.abc import Mapping
from enum import StrEnum


class DocumentState(StrEnum):
    """What became of a label that was handed to the print component."""

    SENT = "sent"
    """Handed over; the component has not said what became of it."""
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The component does not know either: a person has to look at the printer."""


_WORDS: Mapping[str, DocumentState] = {
    "success": DocumentState.PRINTED,
    "printed": DocumentState.PRINTED,
    "rendered": DocumentState.SENT,
    "pending": DocumentState.SENT,
    "failed": DocumentState.FAILED,
    "canceled": DocumentState.FAILED,
    "cancelled": DocumentState.FAILED,
}


def document_state(word: str) -> DocumentState:
    """What the component's word means; a word nobody knows means that a person has to look."""
    return _WORDS.get(word.strip().casefold(), DocumentState.UNKNOWN)
