"""How the exports of the back office write moments and money."""

from datetime import datetime


def past(at: datetime | None, as_of: datetime) -> datetime | None:
    """The moment, if it has come by then."""
    return at if at is not None and at <= as_of else None


def moment_cell(at: datetime | None) -> str:
    """A Shanghai wall clock; empty for none."""
    return "" if at is None else at.isoformat(" ")


def yuan_cell(fen: int) -> str:
    """Yuan with two places."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"
