"""What a house says that cannot be opened at some place. By itself, since whoever only reports it needs no page server."""

from zhanggui.core.say import Say


class CannotListen(Exception):
    """The house cannot be opened there; `say` tells why and what to do."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text.format(**sentence.slots))
        self.say = sentence
