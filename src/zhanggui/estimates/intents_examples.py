"""Examples of what buyers type: those that came along, and a shop's own, by which a like message is known."""

from collections.abc import Iterator, Sequence
from math import sqrt

import msgspec

from zhanggui.core.intents.cleaning import Clean
from zhanggui.core.intents.kinds import Intent, Source, Span, Wanted
from zhanggui.core.intents.pieces import pieces
from zhanggui.core.intents.reading import words_of
from zhanggui.core.intents.weighing import Weights

ALIKE = 0.7
"""From so much of 1 on a message is like an example: what both have in common against what each has."""


class Example(msgspec.Struct, frozen=True):
    """A message and what is wanted by it."""

    text: str
    intents: tuple[Intent, ...]


class NoExample(Exception):
    """A line of a file of examples that is none."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line, self.text = line, text


def examples_in(text: str) -> Iterator[Example]:
    """The examples of a file: sections in brackets, a message a line. Raises NoExample."""
    current: tuple[Intent, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if said.startswith("[") and said.endswith("]") and said.strip("[]").replace("+", "").replace("_", "").isascii():
            try:
                current = tuple(Intent(code) for code in said[1:-1].split("+"))
            except ValueError:
                raise NoExample(number, said) from None
        elif said and not said.startswith("#"):
            if not current:
                raise NoExample(number, said)
            yield Example(said, current)


class Examples(msgspec.Struct, frozen=True, dict=True):
    """A shop's own examples, ready to be asked."""

    known: tuple[tuple[frozenset[str], tuple[Intent, ...]], ...]

    def heard(self, text: str, read: Sequence[Wanted], weights: Weights) -> list[Wanted]:
        """What was read of the message, and before it what the example most like it says, where one is."""
        cleaned = words_of(text).clean
        made_of = pieces(cleaned.text)
        best: tuple[Intent, ...] = ()
        likeness, shared = 0.0, frozenset[str]()
        for theirs, intents in self.known:
            common = made_of & theirs
            alike = len(common) / sqrt(len(made_of) * len(theirs) or 1)
            if alike > likeness:
                best, likeness, shared = intents, alike, frozenset(common)
        if likeness < ALIKE:
            return list(read)
        spans = _covered(cleaned, shared)
        told = [Wanted(intent, round(likeness, 2), likeness >= weights.sure, spans, Source.EXAMPLE) for intent in best]
        return told + [one for one in read if one.sure and one.intent not in best and one.intent is not Intent.OTHER]


def own_examples(text: str) -> Examples:
    """The examples of a shop's own file, ready to be asked. Raises NoExample."""
    return Examples(tuple((frozenset(pieces(words_of(each.text).clean.text)), each.intents) for each in examples_in(text)))


def _covered(cleaned: Clean, shared: frozenset[str]) -> tuple[Span, ...]:
    """The characters of the message that lie in pieces an example has too."""
    covered = [False] * (len(cleaned.text) + 1)
    for at in range(len(cleaned.text) - 1):
        if cleaned.text[at : at + 2] in shared:
            covered[at] = covered[at + 1] = True
    spans, start = [], None
    for at, told in enumerate(covered):
        if told and start is None:
            start = at
        elif not told and start is not None:
            spans.append(cleaned.span(start, at))
            start = None
    return tuple(spans)
