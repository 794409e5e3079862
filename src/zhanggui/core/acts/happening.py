"""The answers to the question whether an act happened."""

from enum import Enum, auto


class Happened(Enum):
    """What the facts show."""

    YES = auto()
    NO = auto()
    """Everything stands as before; what was read may lag behind, though."""
    OTHERWISE = auto()
    """Neither: something else was done, after which the act makes no sense any more."""
    UNCLEAR = auto()
    """The facts do not tell."""
