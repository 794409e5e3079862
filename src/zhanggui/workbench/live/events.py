"""The words of a stream, as server-sent events."""

import secrets

RETRY_MS = 2000
_SPREAD_MS = 3000
_LONGEST_NUMBER = 10


def hello() -> bytes:
    """The first word: the stream is open, and how long to wait before coming back. A different wait for each, so that after a restart not all come at once."""
    return f"retry: {RETRY_MS + secrets.randbelow(_SPREAD_MS)}\nevent: hello\ndata:\n\n".encode()


def page(number: str, html: str) -> bytes:
    """What brings the page up to date, and the number to come back with."""
    lines = html.replace("\r", "").replace("\n", "\ndata: ")
    return f"id: {number}\nevent: page\ndata: {lines}\n\n".encode()


def beat() -> bytes:
    """Nothing has happened, and the stream is alive."""
    return b"event: beat\ndata:\n\n"


def end(why: str) -> bytes:
    """The last word: `over` when the person may not look any more, `elsewhere` when too many pages are open, `closed` when the house closes."""
    return f"event: {why}\ndata:\n\n".encode()


def version_in(number: str, name: str) -> int:
    """The version that the number of an event names; 0, which is before all, for one of anything else that went by another name."""
    told, _, version = number.partition("-")
    return int(version) if told == name and version.isdecimal() and len(version) < _LONGEST_NUMBER else 0
