"""Learning anew what the program brings along: from our own examples, weighed on the part of the labelled turns that may be looked at."""

import msgspec

from proofs.intents_turns_support import turns
from zhanggui.estimates.intents import EXAMPLES, Learnt
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
