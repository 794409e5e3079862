"""What every kind of journal entry is."""

from typing import ClassVar

import msgspec

from zhanggui.core.say import Say


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened, in slots. `kind` is the word stored beside it."""

    kind: ClassVar[str]

    def say(self) -> Say:
        """The entry as a sentence."""
        raise NotImplementedError
