"""Learning wants from examples: two linear models by the extra `statistics`, from pieces of characters and from sentence vectors."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.core.intents.kinds import WANTS, Intent, Said
from zhanggui.core.intents.pieces import pieces
from zhanggui.core.intents.reading import topics, words_of
from zhanggui.core.intents.weighing import Weights, signs_of, signs_of_other
from zhanggui.estimates.extra import needed
from zhanggui.estimates.intents import INTENTS, LEARNT, Learnt, gram_votes, vector_of, vector_votes
from zhanggui.estimates.intents_examples import Example

_GRAMS_FREE, _VECTORS_FREE = 20.0, 30.0
"""How freely weights may grow (the inverse of the ridge penalty)."""
_CENTRED = 3.0
"""By how much sentence vectors are stretched about their middle: they lie close together."""


def digest(*files: Path) -> str:
    """By what the files hold; tells whether what was learnt is of today's examples."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def learn(examples: Sequence[Example], made_from: str) -> Learnt:
    """What these examples teach, with weights that still have to be found. Raises StatisticsMissing, VectorsMissing."""
    texts = [words_of(example.text).clean.text for example in examples]
    grams, gram_weights, gram_scales, gram_bases = _by_grams(texts, examples)
    vector_weights, vector_bases = _by_vectors(texts, examples)
    empty = Weights((), ())
    return Learnt(made_from, grams, gram_weights, gram_scales, gram_bases, vector_weights, vector_bases, empty, empty)


class Case(msgspec.Struct, frozen=True):
    """A message of a conversation, what went before it, and what a reader says is wanted."""

    text: str
    intents: frozenset[Intent]
    before: tuple[Said, ...] = ()


def weigh(learnt: Learnt, cases: Sequence[Case], *, vectors: bool) -> Weights:
    """The numbers by which words, what was learnt and what went before are weighed so that chances come true in these cases. Raises StatisticsMissing."""
    wants: list[tuple[float, ...]] = []
    other: list[tuple[float, ...]] = []
    for case in cases:
        words, topic = words_of(case.text), topics(case.before)
        votes = [gram_votes(learnt, words.clean.text), *([vector_votes(learnt, words.clean.text)] if vectors else [])]
        wants.extend(signs_of(intent, words, votes, topic) for intent in WANTS)
        other.append(signs_of_other(words, votes, topic))
    return Weights(
        _weighed(wants, [intent in case.intents for case in cases for intent in WANTS]),
        _weighed(other, [Intent.OTHER in case.intents for case in cases]),
    )


def _weighed(signs: Sequence[Sequence[float]], came: Sequence[bool]) -> tuple[float, ...]:
    numpy, linear = needed("numpy"), needed("sklearn.linear_model")
    model = linear.LogisticRegression(C=1.0, fit_intercept=False, max_iter=5000).fit(numpy.array(signs), came)
    return tuple(round(float(weight), 4) for weight in model.coef_[0])


def store(learnt: Learnt) -> None:
    """Write what was learnt to where it is read."""
    LEARNT.write_bytes(msgspec.json.encode(learnt) + b"\n")


def _by_grams(texts: Sequence[str], examples: Sequence[Example]) -> tuple[tuple[str, ...], bytes, tuple[float, ...], tuple[float, ...]]:
    numpy = needed("numpy")
    made_of = [pieces(text) for text in texts]
    seen: dict[str, int] = {}
    for each in made_of:
        for gram in each:
            seen[gram] = seen.get(gram, 0) + 1
    grams = tuple(sorted(gram for gram, times in seen.items() if times > 1))
    column = {gram: place for place, gram in enumerate(grams)}
    rows, columns, values = [], [], []
    for number, each in enumerate(made_of):
        for gram in each & column.keys():
            rows.append(number)
            columns.append(column[gram])
            values.append(len(each) ** -0.5)
    seen_in = needed("scipy.sparse").csr_matrix((values, (rows, columns)), shape=(len(texts), len(grams)))
    weights, bases = _fitted(seen_in, examples, _GRAMS_FREE)
    scales = numpy.abs(weights).max(axis=1) / 127
    whole = numpy.rint(weights / scales[:, None]).astype("int8")
    return grams, whole.T.tobytes(), tuple(round(float(scale), 6) for scale in scales), bases


def _by_vectors(texts: Sequence[str], examples: Sequence[Example]) -> tuple[bytes, tuple[float, ...]]:
    numpy = needed("numpy")
    vectors = numpy.array([vector_of(text) for text in texts])
    middle = vectors.mean(axis=0)
    weights, bases = _fitted((vectors - middle) * _CENTRED, examples, _VECTORS_FREE)
    moved = numpy.array(bases) - _CENTRED * (weights @ middle)
    return (weights * _CENTRED).astype("<f4").tobytes(), tuple(round(float(base), 5) for base in moved)


def _fitted(seen: Any, examples: Sequence[Example], free: float) -> tuple[Any, tuple[float, ...]]:
    """For each want a weight of every column, and its base."""
    numpy, linear = needed("numpy"), needed("sklearn.linear_model")
    weights, bases = [], []
    for intent in INTENTS:
        model = linear.LogisticRegression(C=free, max_iter=2000).fit(seen, [intent in example.intents for example in examples])
        weights.append(model.coef_[0])
        bases.append(round(float(model.intercept_[0]), 5))
    return numpy.array(weights), tuple(bases)
