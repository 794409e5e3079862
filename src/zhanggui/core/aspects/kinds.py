"""The things a review may judge, and how one is told."""

from enum import StrEnum

import msgspec


class AspectName(StrEnum):
    """What may be judged. docs/aspects.md says of each what it is."""

    DESCRIBED = "described"
    QUALITY = "quality"
    QUANTITY = "quantity"
    WEIGHT = "weight"
    PACKAGING = "packaging"
    COLOUR_SIZE = "colour_size"
    SHIPPING = "shipping"
    COURIER = "courier"
    SERVICE = "service"
    PRICE = "price"


class Polarity(StrEnum):
    """Whether content or not."""

    GOOD = "good"
    BAD = "bad"
    BOTH = "both"
    """Content and not content in one text."""


SIGNS = {Polarity.GOOD: "+", Polarity.BAD: "-", Polarity.BOTH: "0"}


class Told(StrEnum):
    """How it was told, the surest first."""

    PHRASE = "phrase"
    """Words that hardly mean anything else."""
    JUDGED = "judged"
    """A thing and a judging word in one clause."""
    CARRIED = "carried"
    """A judging word alone, of the thing named in the clause before."""


class Span(msgspec.Struct, frozen=True):
    """Characters of the text as it was given: from `start` up to, without, `end`."""

    start: int
    end: int
    text: str


class Aspect(msgspec.Struct, frozen=True):
    """One thing judged: which way, by which characters, and how often such words were right where people had read too."""

    name: AspectName
    polarity: Polarity
    words: tuple[Span, ...]
    certainty: float

    @property
    def mark(self) -> str:
        """Both in a few characters, as they are stored and asked for: `quality-`."""
        return f"{self.name.value}{SIGNS[self.polarity]}"
