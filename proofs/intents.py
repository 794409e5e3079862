"""What buyers want, read by the house, against 535 turns labelled by two blind readers: figures on the third of them that was not looked at while building.

`--with learn=1` learns anew first, from our own examples and the part that may be looked at.
"""

import time
from collections.abc import Sequence

from proofs.intents_figures_support import LEAST, agreement, answer_of, by_keyword, by_their_label, figures, macro, most_common, reliability, right_share, table
from proofs.intents_learning_support import crossed, learn_and_store
from proofs.intents_turns_support import Turn, are_there, turns
from proofs.support import OPTIONS, Proof
from zhanggui.core.intents.kinds import Wanted
from zhanggui.estimates import intents as ours
from zhanggui.estimates.intents_learning import digest

AIM = 0.70
FEW = 60
Reads = list[list[Wanted]]


def prove(seed: int, *, quick: bool) -> Proof:
    """Reads every labelled turn and counts. The seed is not used: nothing is drawn."""
    del seed
    if OPTIONS.get("learn") == "1":
        learn_and_store()
        ours.learnt.cache_clear()
    counts: dict[str, int | float | str] = {"examples learnt from": sum(1 for line in _examples() if line.strip() and line[0] not in "#[")}
    counts["size of what was learnt"] = f"{ours.LEARNT.stat().st_size / 1000:.0f} kB, without the wheel of sentence vectors"
    failures = [] if ours.learnt().made_from == digest(ours.EXAMPLES) else ["what was learnt is not of today's examples"]
    if not are_there():
        return Proof("What buyers want is read from their messages.", counts, failures, ["The labelled turns lie in a data set that is not here."])
    build = turns("build")
    if quick:
        _small(build[:FEW], counts, failures)
        return Proof("What buyers want is read from their messages.", counts, failures)
    return _whole(build, turns("held"), counts, failures)


def _small(build: Sequence[Turn], counts: dict[str, int | float | str], failures: list[str]) -> None:
    answers = [answer_of(read) for read in _read(build, vectors=False)]
    counts["of some turns of `build`, right"] = f"{right_share(build, answers):.1%}"
    if right_share(build, answers) < AIM:
        failures.append(f"of {len(build)} turns only {right_share(build, answers):.0%} are read rightly")


def _whole(build: Sequence[Turn], held: Sequence[Turn], counts: dict[str, int | float | str], failures: list[str]) -> Proof:
    everything = [*build, *held]
    same, kappa = agreement(everything)
    counts |= {"turns": len(everything), "of them held back": len(held), "readers gave the same labels": f"{same:.1%}, Cohen's kappa {kappa:.2f}"}
    vectors = ours.vectors_are_there()
    counts["sentence vectors"] = "used" if vectors else "not there"
    reads, took = _timed(held, vectors=vectors)
    answers = [answer_of(read) for read in reads]
    of_class = figures(held, answers)
    simple = {"keywords": figures(held, [by_keyword(turn) for turn in held]), "source's label": figures(held, [by_their_label(turn) for turn in held])}
    majority = figures(held, [most_common(build)] * len(held))
    reached = macro(of_class)
    often = [intent.value for intent, figure in of_class.items() if figure.support >= LEAST]
    counts |= {
        f"held: macro-F1 over the {len(often)} classes with at least {LEAST} turns": f"{reached:.3f}",
        "held: the same over classes with at least 5 turns": f"{macro(of_class, 5):.3f}",
        "held: at least one want right": f"{right_share(held, answers):.1%}",
    }
    counts |= _other_ways(held, vectors=vectors)
    counts |= {f"held: macro-F1 of {name}": f"{macro(each):.3f}" for name, each in {"always the commonest": majority, **simple}.items()}
    counts |= _sureness(held, reads)
    whole_build = crossed(build, vectors=vectors)
    counts["build: macro-F1, weights found on other dialogues"] = f"{macro(figures(build, [answer_of(read) for read in whole_build])):.3f}"
    counts["milliseconds a message, with the three exchanges before it read too"] = f"{took:.1f}"
    if reached < AIM:
        failures.append(f"macro-F1 {reached:.3f} is below the aim of {AIM:.2f}")
    if reached <= max(macro(each) for each in (majority, *simple.values())):
        failures.append("a simple way does as well")
    notes = [
        "## Classes, on the turns held back",
        "",
        *table(of_class, simple),
        "",
        "A want counts as named also where the reading says that it is not sure: the first guess is always shown, marked as one.",
        "",
        "## Do chances come true? (first want)",
        "",
        "| part | of the turns in a band of chances, right |",
        "|---|---|",
        "| build, weights found on other dialogues | " + "; ".join(reliability(build, whole_build)) + " |",
        "| held | " + "; ".join(reliability(held, reads)) + " |",
        "",
        *_HONEST,
    ]
    return Proof(_CLAIM, counts, failures, notes)


_CLAIM = (
    "What buyers want is read from single messages of an open set, labelled by two blind readers before anything was tuned; "
    "a third of them was not looked at while building."
)
_HONEST = (
    "The vocabulary was written with the texts of `build` in sight, so its figures flatter; those of `held` do not. Only totals of `held` were ever printed.",
    "The turns come from the service desk of a large Chinese shop in 2018, not from Pinduoduo: price protection, instalments and warranty come too often,",
    "haggling, group buys and threats of bad reviews hardly at all.",
    "While this was built, `held` was counted twice: 0.715, then, after changes made for reasons found in `build` and in our own messages, 0.719",
    "(talk of a refund then weighed more for asking where it stays: F1 of `refund` fell from 0.71 to 0.36 there, which nothing in `build` showed; it was",
    "left so, not to tune on it).",
)


def _other_ways(held: Sequence[Turn], *, vectors: bool) -> dict[str, str]:
    """The same with less at hand: the message alone, and without sentence vectors."""
    alone = [answer_of(ours.intents_of(turn.text, vectors=vectors)) for turn in held]
    found = {"held: macro-F1 of the message alone, nothing before it": f"{macro(figures(held, alone)):.3f}"}
    if vectors:
        without = [answer_of(read) for read in _read(held, vectors=False)]
        found["held: macro-F1 without sentence vectors"] = f"{macro(figures(held, without)):.3f}"
    uniform = [(turn, answer_of(read)) for turn, read in zip(held, _read(held, vectors=vectors), strict=True) if turn.uniform]
    found["held: at least one want right, of turns drawn uniformly"] = f"{right_share(*zip(*uniform, strict=True)):.1%} of {len(uniform)}"
    return found


def _sureness(held: Sequence[Turn], reads: Reads) -> dict[str, str]:
    sure = [(turn, read) for turn, read in zip(held, reads, strict=True) if read[0].sure]
    right = sum(read[0].intent in turn.intents for turn, read in sure)
    return {"held: said with certainty": f"{len(sure)} of {len(held)}, {right / len(sure):.1%} of these right"}


def _read(given: Sequence[Turn], *, vectors: bool) -> Reads:
    return [ours.intents_of(turn.text, turn.before, vectors=vectors) for turn in given]


def _timed(given: Sequence[Turn], *, vectors: bool) -> tuple[Reads, float]:
    ours.intents_of("在吗，快递到哪了", vectors=vectors)
    began = time.process_time()
    reads = _read(given, vectors=vectors)
    return reads, (time.process_time() - began) * 1000 / len(given)


def _examples() -> list[str]:
    return ours.EXAMPLES.read_text("utf-8").splitlines()
