"""A shop's connection to the platform: its states, and what is known of how long the shop has authorised us."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.say import Say

PLATFORM = "pdd"
"""The one platform there is; also the number of the connection among a shop's subjects."""


class ConnectionState(StrEnum):
    """Where a connection stands."""

    UNCONNECTED = "unconnected"
    """An application is named, but the shop has not authorised it, or was disconnected."""
    TO_CONFIRM = "to_confirm"
    """The shop that came back bears another name than ours; a person has to say that it is the one meant. Nothing is read meanwhile."""
    CONNECTED = "connected"
    LAPSED = "lapsed"
    """The platform no longer takes our token and gives no other; a person has to authorise again."""


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of how long a shop has authorised us."""

    granted_at: datetime
    """When the tokens at hand were got: by a person's yes, or by a refresh."""
    ends_at: datetime | None
    """When everything that was granted ends, as the platform told it; None where it told nothing."""
    lapsed_at: datetime | None = None
    lapse: Say | None = None
    """Why it ended before its time."""
