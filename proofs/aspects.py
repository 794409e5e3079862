"""What reviews judge, read by the house, against 304 sentences labelled by two blind readers: figures on the third that was not looked at while building."""

import csv
import gzip
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from proofs.support import ROOT, Proof
from zhanggui.core.aspects.kinds import AspectName, Told
from zhanggui.core.aspects.reading import CERTAINTY, aspects_of

DATA = ROOT.parent / "shared" / "data"
LABELS = ROOT / "tests" / "estimates" / "aspects" / "sentences.csv"
TEXT = {"zh_reviews_shopping10": "review", "zh_reviews_waimai10k": "review", "zh_reviews_jd_phones": "评论内容", "zh_reviews_asap_sample": "reviewbody"}
FEW = 60
AIM = 0.70


class Sentence(NamedTuple):
    """One labelled sentence: its text, what it judges, and what each of the two readers said."""

    text: str
    marks: frozenset[str]
    readers: tuple[frozenset[str], frozenset[str]]


class Figure(NamedTuple):
    """What was found of one kind: how many there are, how many were found rightly, how many wrongly."""

    support: int
    right: int
    wrong: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.support + self.right + self.wrong) if self.support + self.right + self.wrong else 0.0


Reads = Callable[[str], frozenset[str]]


def prove(seed: int, *, quick: bool) -> Proof:
    """Reads every labelled sentence and counts. The seed is not used: nothing is drawn."""
    del seed
    if not (DATA / "zh_reviews_shopping10.csv.gz").exists():
        return Proof(_CLAIM, {"sentences": 0}, [], ["The sentences lie in data sets that are not here."])
    build = sentences("build")
    if quick:
        reached = _whole(figures(build[:FEW], ours)).f1
        failures = [] if reached >= AIM else [f"of {FEW} sentences of `build` only {reached:.2f}"]
        return Proof(_CLAIM, {"F1 on some sentences of `build`": f"{reached:.3f}"}, failures)
    return _prove(build, sentences("held"))


def ours(text: str) -> frozenset[str]:
    """What the house reads."""
    return frozenset(aspect.mark for aspect in aspects_of(text))


def _prove(build: Sequence[Sentence], held: Sequence[Sentence]) -> Proof:
    began = time.process_time()
    found = figures(held, ours)
    took = (time.process_time() - began) * 1000 / len(held)
    simple = figures(held, lambda _: frozenset({"quality-"}))
    alone = figures(held, lambda text: frozenset(mark[:-1] for mark in ours(text)), signed=False)
    everything = [*build, *held]
    same = sum(one.readers[0] == one.readers[1] for one in everything)
    counts: dict[str, int | float | str] = {
        "sentences": len(everything),
        "of them held back": len(held),
        "readers gave the same labels": f"{same} of {len(everything)}",
        "held: aspects with their sign, precision": f"{_precision(found):.3f}",
        "held: aspects with their sign, recall": f"{_recall(found):.3f}",
        "held: aspects with their sign, F1": f"{_whole(found).f1:.3f}",
        "held: aspects alone, F1": f"{_whole(alone).f1:.3f}",
        "held: sentences read wholly right": f"{sum(ours(one.text) == one.marks for one in held)} of {len(held)}",
        "held: F1 of always saying `quality-`": f"{_whole(simple).f1:.3f}",
        "build: aspects with their sign, F1 (flatters)": f"{_whole(figures(build, ours)).f1:.3f}",
        "milliseconds a sentence": f"{took:.2f}",
        **_certainty(held),
    }
    failures = [] if _whole(found).f1 > _whole(simple).f1 else ["a simple way does as well"]
    notes = [
        "## Aspects, on the sentences held back",
        "",
        "| aspect | sentences | precision | recall | F1 |",
        "|---|---:|---:|---:|---:|",
        *map(_row, found.items()),
        "",
        *_HONEST,
    ]
    return Proof(_CLAIM, counts, failures, notes)


def figures(given: Sequence[Sentence], reads: Reads, *, signed: bool = True) -> dict[str, Figure]:
    """By aspect what was found."""
    support, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one in given:
        wanted = one.marks if signed else frozenset(mark[:-1] for mark in one.marks)
        found = reads(one.text)
        name = (lambda mark: mark[:-1]) if signed else str
        support.update(map(name, wanted))
        right.update(map(name, wanted & found))
        wrong.update(map(name, found - wanted))
    return {aspect.value: Figure(support[aspect.value], right[aspect.value], wrong[aspect.value]) for aspect in AspectName}


def _certainty(given: Sequence[Sentence]) -> dict[str, str]:
    """Whether what is said so surely is right so often."""
    said: dict[float, list[bool]] = {CERTAINTY[told]: [] for told in Told}
    for one in given:
        for aspect in aspects_of(one.text):
            said.setdefault(aspect.certainty, []).append(aspect.mark in one.marks)
    ways = {Told.PHRASE: "a phrase", Told.JUDGED: "a thing and a judging word", Told.CARRIED: "a judging word alone"}
    return {f"held: told by {way}, right": f"{sum(said[CERTAINTY[told]])} of {len(said[CERTAINTY[told]])}" for told, way in ways.items()}


def _whole(found: Mapping[str, Figure]) -> Figure:
    return Figure(*(sum(figure[at] for figure in found.values()) for at in range(3)))


def _precision(found: Mapping[str, Figure]) -> float:
    whole = _whole(found)
    return whole.right / (whole.right + whole.wrong) if whole.right + whole.wrong else 0.0


def _recall(found: Mapping[str, Figure]) -> float:
    whole = _whole(found)
    return whole.right / whole.support if whole.support else 0.0


def _row(named: tuple[str, Figure]) -> str:
    name, figure = named
    precision = f"{figure.right / (figure.right + figure.wrong):.2f}" if figure.right + figure.wrong else "—"
    recall = f"{figure.right / figure.support:.2f}" if figure.support else "—"
    return f"| {name} | {figure.support} | {precision} | {recall} | {figure.f1:.2f} |"


def sentences(part: str) -> list[Sentence]:
    """The labelled sentences of one part."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return [Sentence(_text(row), _marks(row["label"]), (_marks(row["reader_a"]), _marks(row["reader_b"]))) for row in rows]


def _text(row: Mapping[str, str]) -> str:
    return _reviews(row["file"])[int(row["row"])][int(row["start"]) : int(row["end"])]


@cache
def _reviews(file: str) -> Sequence[str]:
    with gzip.open(DATA / f"{file}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return [row[TEXT[file]] for row in csv.DictReader(stream)]


def _marks(label: str) -> frozenset[str]:
    return frozenset(label.split()) - {"none"}


_CLAIM = (
    "What reviews judge is read from sentences of open sets, labelled by two blind readers before anything was tuned; a third of them was not looked at "
    "while building."
)
_HONEST = (
    "The words were written with the sentences of `build` in sight, so its figures flatter; those of `held` do not. `held` was read once, after the words",
    "had been finished, and only totals of it were ever printed. Aspects with few sentences say little: weight, quantity, courier and packaging.",
    "The sentences come from reviews of goods, food deliveries and telephones of other platforms: no labelled reviews of Pinduoduo could be had.",
)
