"""How far a picture that a case names has come on its way into the vault."""

from datetime import datetime, timedelta
from enum import StrEnum

MOST_ATTEMPTS = 6
_FIRST_WAIT = timedelta(minutes=2)


class PictureState(StrEnum):
    """How far it has come."""

    WANTED = "picture_wanted"
    KEPT = "picture_kept"
    REFUSED = "picture_refused"
    """It cannot be had, or is none; nobody tries again."""


def look_again_at(attempts: int, wall: datetime) -> datetime | None:
    """When it is tried again after so many attempts; None once they are enough."""
    return None if attempts >= MOST_ATTEMPTS else wall + _FIRST_WAIT * 4 ** (attempts - 1)
