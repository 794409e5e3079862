"""What one check of a house found."""

import msgspec

from zhanggui.core.say import Say


class Finding(msgspec.Struct, frozen=True):
    """What one check found. What is not in order and `stops` keeps a house that is run in earnest from starting."""

    check: str
    ok: bool
    said: Say
    stops: bool = True
