"""A request that cannot be done as asked, with a sentence a person can act on."""

from zhanggui.core.say import Say, say


class Refused(Exception):
    """The person may do this, but not now or not so; `say` tells why and what to do. Nothing was changed."""

    def __init__(self, say: Say) -> None:
        super().__init__(say.text)
        self.say = say


def need_seen(version: int, seen: int | None) -> None:
    """Raises Refused where a thing is no longer of the version that the person saw; nothing is asked where nobody says what was seen."""
    if seen is not None and seen != version:
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
