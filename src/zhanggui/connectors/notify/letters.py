"""A letter: what is said through a channel, worded already."""

from datetime import datetime

import msgspec


class Attached(msgspec.Struct, frozen=True):
    """A file that goes along, by mail alone."""

    name: str
    kind: str
    """Its type, such as application/pdf."""
    content: bytes


class Letter(msgspec.Struct, frozen=True):
    """One message. Its id stays the same when it is sent again, so that whoever can tell knows it again."""

    id: str
    title: str
    text: str
    at: datetime
    """A moment of the wall clock, which signatures are made with."""
    data: dict[str, object] = {}
    """The same for programs, told to webhooks."""
    attached: tuple[Attached, ...] = ()


def cut_to(text: str, most_bytes: int) -> str:
    """The text, cut at a line so that it is no longer than so many bytes; what was left out is marked."""
    if len(text.encode()) <= most_bytes:
        return text
    room = text.encode()[: most_bytes - len("\n…".encode())].decode(errors="ignore")
    head, line, _ = room.rpartition("\n")
    return (head if line else room) + "\n…"
