"""Learning anew what the program brings along: from our own examples, weighed on the part of the labelled turns that may be looked at."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from proofs.intents_turns_support import Turn, turns
from zhanggui.core.intents.kinds import Wanted
from zhanggui.estimates.intents import EXAMPLES, Learnt, learnt, read_by
from zhanggui.estimates.intents_examples import examples_in
from zhanggui.estimates.intents_learning import digest, learn, store, weigh


def learnt_anew() -> Learnt:
    """What the examples teach, weighed on the part `build`."""
    model = learn(list(examples_in(EXAMPLES.read_text("utf-8"))), digest(EXAMPLES))
    cases = turns("build")
    return msgspec.structs.replace(model, plain=weigh(model, cases, vectors=False), with_vectors=weigh(model, cases, vectors=True))


def learn_and_store() -> Learnt:
    """The same, written to where the program reads it."""
    model = learnt_anew()
    store(model)
    return model


_FOLDS = 10


def crossed(given: Sequence[Turn], *, vectors: bool) -> list[list[Wanted]]:
    """Each turn read with weights that were found on the dialogues of the other nine tenths."""
    model = learnt()
    fold = [int(sha256(turn.dialogue.encode()).hexdigest(), 16) % _FOLDS for turn in given]
    weights = [weigh(model, [turn for turn, each in zip(given, fold, strict=True) if each != number], vectors=vectors) for number in range(_FOLDS)]
    return [read_by(model, weights[each], turn.text, turn.before, vectors=vectors) for turn, each in zip(given, fold, strict=True)]
