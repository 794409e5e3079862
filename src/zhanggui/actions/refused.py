"""A request that cannot be done as asked, with a sentence a person can act on."""

from zhanggui.core.say import Say


class Refused(Exception):
    """The person may do this, but not now or not so; `say` tells why and what to do. Nothing was changed."""

    def __init__(self, say: Say) -> None:
        super().__init__(say.text)
        self.say = say
