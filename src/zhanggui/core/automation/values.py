"""What a condition allows: a span of numbers, a set of words, yes or no. Two conditions on one fact meet where something is allowed by both.

All reasoning about rules that contradict each other or go round in circles is done on these sets, so it holds for every value.
"""

from enum import StrEnum

import msgspec

Value = int | bool | str
"""What a fact may be: a number (money in fen, hours, pieces), yes or no, a word or text."""


class ValueKind(StrEnum):
    """How a fact is told."""

    MONEY = "value_money"
    """Fen."""
    NUMBER = "value_number"
    HOURS = "value_hours"
    """Whole hours, rounded down."""
    WORD = "value_word"
    """One of a closed list."""
    TEXT = "value_text"
    """Any text, compared as a whole or asked for words in it."""
    FLAG = "value_flag"
    """Yes or no."""


COUNTED = frozenset({ValueKind.MONEY, ValueKind.NUMBER, ValueKind.HOURS})
"""The kinds that are compared by size."""


class Span(msgspec.Struct, frozen=True):
    """Whole numbers from `least` to `most`, both included; None: without end on that side."""

    least: int | None
    most: int | None

    def holds(self, value: Value) -> bool:
        """Whether the number lies within."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)  # type: ignore[operator]  # numbers alone are asked

    def meets(self, other: "Span") -> "Span":
        """What lies within both."""
        least = [each for each in (self.least, other.least) if each is not None]
        most = [each for each in (self.most, other.most) if each is not None]
        return Span(max(least, default=None), min(most, default=None))

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies within."""
        return self.least is not None and self.most is not None and self.least > self.most

    def example(self) -> Value:
        """Some number that lies within."""
        return self.least if self.least is not None else self.most if self.most is not None else 0


class Words(msgspec.Struct, frozen=True):
    """These words, or with `is_all_but` every word but these."""

    words: frozenset[str]
    is_all_but: bool = False

    def holds(self, value: Value) -> bool:
        """Whether the word is allowed."""
        return (value in self.words) is not self.is_all_but

    def meets(self, other: "Words") -> "Words":
        """The words that both allow."""
        if self.is_all_but and other.is_all_but:
            return Words(self.words | other.words, is_all_but=True)
        if self.is_all_but:
            return Words(other.words - self.words)
        return Words(self.words - other.words if other.is_all_but else self.words & other.words)

    @property
    def is_empty(self) -> bool:
        """Whether no word is allowed; of texts without end one is always left."""
        return not self.is_all_but and not self.words

    def example(self) -> Value:
        """Some word that is allowed."""
        if not self.is_all_but:
            return min(self.words)
        return next(each for each in ("…", "… …", *(f"… {n}" for n in range(len(self.words) + 1))) if each not in self.words)


_APART = ("…", "·", "—", "|", "\u2060", *(chr(0xE000 + n) for n in range(64)))
"""What may stand between words of an example: the first that no word of the condition contains."""


class Texts(msgspec.Struct, frozen=True):
    """Texts by the words in them, in large or small letters: of every group in `has` one at least, none of `lacks`; as a whole one of `only`, none of `but`."""

    has: frozenset[frozenset[str]] = frozenset()
    lacks: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: "Words | Texts") -> "Texts":
        """The same set, where it is told by whole texts."""
        if isinstance(told, Texts):
            return told
        return cls(but=told.words) if told.is_all_but else cls(only=told.words)

    def holds(self, value: Value) -> bool:
        """Whether the text is allowed."""
        text = str(value).casefold()
        if (self.only is not None and value not in self.only) or value in self.but or any(word.casefold() in text for word in self.lacks):
            return False
        return all(any(word.casefold() in text for word in group) for group in self.has)

    def meets(self, other: "Texts") -> "Texts":
        """The texts that both allow."""
        only = other.only if self.only is None else self.only if other.only is None else self.only & other.only
        return Texts(self.has | other.has, self.lacks | other.lacks, only, self.but | other.but)

    @property
    def is_empty(self) -> bool:
        """Whether no text is allowed: a text without end can always be made of words that hold none of what it must lack."""
        if self.only is not None:
            return not any(self.holds(each) for each in self.only)
        return any(self._fit(group) is None for group in self.has)

    def example(self) -> Value:
        """Some text that is allowed."""
        if self.only is not None:
            return min(each for each in self.only if self.holds(each))
        apart = next(each for each in _APART if not any(each in word for word in self.lacks))
        text = apart.join(sorted(word for group in self.has if (word := self._fit(group)) is not None)) or apart
        while text in self.but:
            text += apart
        return text

    def _fit(self, group: frozenset[str]) -> str | None:
        """A word of the group that contains nothing that must be lacking."""
        return next((word for word in sorted(group) if not any(lacked.casefold() in word.casefold() for lacked in self.lacks)), None)


class Flags(msgspec.Struct, frozen=True):
    """Yes, no, or both."""

    flags: frozenset[bool]

    def holds(self, value: Value) -> bool:
        """Whether this answer is allowed."""
        return value in self.flags

    def meets(self, other: "Flags") -> "Flags":
        """The answers that both allow."""
        return Flags(self.flags & other.flags)

    @property
    def is_empty(self) -> bool:
        """Whether neither is allowed."""
        return not self.flags

    def example(self) -> Value:
        """One that is allowed."""
        return max(self.flags)


Allowed = Span | Words | Texts | Flags


def meeting(one: Allowed, other: Allowed) -> Allowed | None:
    """What both allow; None where that is nothing."""
    both: Allowed
    match one, other:
        case Span(), Span():
            both = one.meets(other)
        case Words(), Words():
            both = one.meets(other)
        case ((Words() | Texts()), (Words() | Texts())):
            both = Texts.of(one).meets(Texts.of(other))
        case Flags(), Flags():
            both = one.meets(other)
        case _:
            return None
    return None if both.is_empty else both
