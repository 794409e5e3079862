"""Learns from a shop's own parcels how they move, and tells how well that foresaw what it had not seen.

scikit-learn fits the weights (logistic regression with a ridge penalty, over all legs at all ages they reached). Only legs that began longer ago than their
limit are learnt from, whatever became of them: had we taken those that happened to be known already, the quick ones would be too many. How strong the penalty
is, and how the result has to be stretched, is chosen on a later part of the history; the error is taken on the last part, which neither had seen. Then
everything is learnt from once more.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import log, sqrt

import msgspec

from zhanggui.core.parcels.legs import Leg, Limits
from zhanggui.estimates.extra import needed
from zhanggui.estimates.stall_model import LANDMARK_SCALE, LANDMARKS, StallModel, common_names, landmark_name, odds_level

LEAST_LEGS = 60
LEAST_TESTED = 300
PENALTIES = (0.03, 0.1, 0.3)
"""The variances that weights may have before anything is seen: carriers whose odds differ by a third, by two thirds, or by a factor of three."""
USUAL_PENALTY = 0.1
_NEAR = 1.01
"""A weaker penalty has to be better by more than a hundredth: little history tells the three apart by chance alone."""
_LEAST_STALLS = 15
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_BANDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)


class Band(msgspec.Struct, frozen=True):
    """The legs whose chance was said to lie between two bounds: how many, what was foreseen on average, how many stalled; between what that share lies."""

    since: float
    until: float
    legs: int
    foreseen: float
    stalled: int
    low: float
    high: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was learnt from, and how well it foresaw the part it had not seen; the errors are None where too little was there to test on."""

    legs: int
    stalls: int
    learnt_from: datetime
    learnt_to: datetime
    tested: int = 0
    tested_stalls: int = 0
    tested_from: datetime | None = None
    brier: float | None = None
    brier_plain: float | None = None
    """The same error of somebody who always says the mean."""
    ece: float | None = None
    """By how much the foreseen and the real share differ, weighed over the bands."""
    bands: tuple[Band, ...] = ()
    penalty: float = USUAL_PENALTY
    limits: Limits
    means: tuple[tuple[str, int, int], ...] = ()
    """Legs and stalls by `step`, `carrier` and `carrier/province`, for the reasons."""


def learn(legs: Iterable[Leg], limits: Limits, as_of: datetime) -> tuple[StallModel, Report] | None:
    """The model and its report, from what was known at a moment; None where there is too little to learn from. Raises StatisticsMissing."""
    told = sorted(_between(legs, _EVER, as_of), key=lambda leg: leg.started_at)
    if len(told) < LEAST_LEGS:
        return None
    report = Report(
        legs=len(told),
        stalls=sum(bool(leg.stalled) for leg in told),
        learnt_from=told[0].started_at,
        learnt_to=as_of,
        limits=limits,
        means=_means(told),
    )
    stretch, shift = 1.0, 0.0
    if len(told) >= LEAST_TESTED:
        tuned_at, tested_at = told[len(told) * 6 // 10].started_at, told[len(told) * 8 // 10].started_at
        first, later, last = (_between(told, *span) for span in ((_EVER, tuned_at), (tuned_at, tested_at), (tested_at, as_of)))
        penalty = _best_penalty(first, later)
        stretch, shift = _calibration(_fitted(first, penalty), later)
        before = msgspec.structs.replace(_fitted(_between(told, _EVER, tested_at), penalty), stretch=stretch, shift=shift)
        report = _tested(report, before, last, penalty)
    model = _fitted(told, report.penalty)
    return msgspec.structs.replace(model, stretch=stretch, shift=shift), report


def _best_penalty(known: Sequence[Leg], later: Sequence[Leg]) -> float:
    """The strongest penalty whose model, learnt from what was known first, is about as little surprised by what came next as any is."""
    if sum(bool(leg.stalled) for leg in known) < _LEAST_STALLS or sum(bool(leg.stalled) for leg in later) < _LEAST_STALLS:
        return USUAL_PENALTY
    surprises = {penalty: _surprise(_fitted(known, penalty), later) for penalty in PENALTIES}
    return next(penalty for penalty in PENALTIES if surprises[penalty] <= _NEAR * min(surprises.values()))


def _surprise(model: StallModel, legs: Sequence[Leg]) -> float:
    """The mean logarithmic loss over the legs, asked at several ages."""
    total, asked = 0.0, 0
    for leg, stalled in _asked(legs):
        p = min(max(model.likely(leg), 1e-6), 1 - 1e-6)
        total -= log(p if stalled else 1 - p)
        asked += 1
    return total / asked


def _asked(legs: Iterable[Leg]) -> Iterator[tuple[Leg, bool]]:
    """Each leg as it stood at its beginning and, where it lasted so long, at a quarter and at half of its limit; and whether it stalled."""
    for leg in legs:
        for part in (0.0, 0.25, 0.5):
            if leg.waited > part * leg.limit or not part:
                yield msgspec.structs.replace(leg, waited=part * leg.limit, is_followed=False), bool(leg.stalled)


def _between(legs: Iterable[Leg], since: datetime, until: datetime) -> list[Leg]:
    """The legs begun between two moments, of which it was certain by the end whether they stalled: judged by when they began, not by how they ended."""
    begun = (leg for leg in legs if since <= leg.started_at and (until - leg.started_at).total_seconds() / 3600 > leg.limit)
    return [leg for leg in begun if leg.stalled is not None]


def _fitted(legs: Iterable[Leg], penalty: float) -> StallModel:
    """The weights of these legs, and how sure they are."""
    numpy, sparse, linear = needed("numpy"), needed("scipy.sparse"), needed("sklearn.linear_model")
    cells = _cells(legs)
    place: dict[str, int] = {}
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for common, age in cells:
        for name in common:
            columns.append(place.setdefault(name, len(place)))
            values.append(1.0)
        columns.append(place.setdefault(age, len(place)))
        values.append(LANDMARK_SCALE)
        ends.append(len(columns))
    table = sparse.csr_matrix((values, columns, ends), shape=(len(cells), len(place)))
    reached, stalled = (numpy.array([pair[side] for pair in cells.values()], dtype=float) for side in (0, 1))
    # a leg is asked about at many ages and tells but once: what it tells is divided by how often those that stalled were asked about
    often = max(stalled.sum() / max(sum(pair[1] for (_, age), pair in cells.items() if age.endswith("/0")), 1.0), 1.0)
    # half a leg more on each side, spread over all: where none ever stalled, or all did, there is still something to tell apart
    extra = 0.5 / len(cells)
    weight = numpy.concatenate([stalled / often + extra, (reached - stalled) / often + extra])
    outcome = numpy.concatenate([numpy.ones(len(cells)), numpy.zeros(len(cells))])
    regression = linear.LogisticRegression(C=penalty, fit_intercept=False, max_iter=1000, tol=1e-4)
    regression.fit(sparse.vstack([table, table], format="csr"), outcome, sample_weight=weight)
    weights = regression.coef_[0]
    share = 1 / (1 + numpy.exp(-(table @ weights)))
    curvature = (table.T @ sparse.diags(reached * share * (1 - share) / often) @ table).toarray() + numpy.eye(len(place)) / penalty
    spread = numpy.linalg.inv(curvature).astype("float32")
    return StallModel(names=tuple(place), weights=tuple(float(one) for one in weights), spread=spread.tobytes())


def _cells(legs: Iterable[Leg]) -> dict[tuple[tuple[str, ...], str], list[int]]:
    """Legs that are alike added up: how many of them reached an age, and how many of those lasted beyond their limit."""
    cells: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for leg in legs:
        common = common_names(leg)
        for number, age in enumerate(LANDMARKS[leg.step]):
            if (number and leg.waited <= age) or age >= leg.limit:
                break
            cell = cells.setdefault((common, landmark_name(leg.step, number)), [0, 0])
            cell[0] += 1
            cell[1] += bool(leg.stalled)
    return cells


def _calibration(model: StallModel, later: Sequence[Leg]) -> tuple[float, float]:
    """By how much the logarithm of the odds is to be stretched and shifted to meet what came; not at all where too few stalled to tell."""
    stalls = sum(bool(leg.stalled) for leg in later)
    if stalls < _LEAST_STALLS or stalls > len(later) - _LEAST_STALLS:
        return 1.0, 0.0
    numpy, linear = needed("numpy"), needed("sklearn.linear_model")
    asked = [(odds_level(model.likely(leg)), stalled) for leg, stalled in _asked(later)]
    levels = numpy.array([[level] for level, _ in asked])
    regression = linear.LogisticRegression(C=1e3, max_iter=1000).fit(levels, [stalled for _, stalled in asked])
    stretch, shift = float(regression.coef_[0][0]), float(regression.intercept_[0])
    return (stretch, shift) if 0.3 < stretch < 3 else (1.0, 0.0)


def _tested(report: Report, model: StallModel, legs: Sequence[Leg], penalty: float) -> Report:
    """The report with the errors on legs that the model had not seen."""
    report = msgspec.structs.replace(report, penalty=penalty)
    if len(legs) < _LEAST_STALLS:
        return report
    asked = list(_asked(legs))
    foreseen, stalled = [model.likely(leg) for leg, _ in asked], [came for _, came in asked]
    mean = sum(stalled) / len(asked)
    bands = tuple(_bands(foreseen, stalled))
    return msgspec.structs.replace(
        report,
        tested=len(asked),
        tested_stalls=sum(stalled),
        tested_from=min(leg.started_at for leg in legs),
        brier=float(needed("sklearn.metrics").brier_score_loss(stalled, foreseen, pos_label=True)),
        brier_plain=mean * (1 - mean),
        ece=sum(band.legs * abs(band.foreseen - band.stalled / band.legs) for band in bands) / len(asked),
        bands=bands,
    )


def _bands(foreseen: Sequence[float], stalled: Sequence[bool]) -> Iterable[Band]:
    for since, until in itertools.pairwise(_BANDS):
        inside = [place for place, p in enumerate(foreseen) if since <= p < until or (until == 1.0 and p == 1.0)]
        if not inside:
            continue
        came = sum(stalled[place] for place in inside)
        low, high = wilson(came, len(inside))
        yield Band(since, until, len(inside), sum(foreseen[place] for place in inside) / len(inside), came, low, high)


def wilson(count: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Between what a share lies, nineteen times in twenty."""
    if not of:
        return 0.0, 1.0
    share = count / of
    middle = share + z * z / (2 * of)
    side = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (middle - side) / scale), min(1.0, (middle + side) / scale)


def _means(legs: Iterable[Leg]) -> tuple[tuple[str, int, int], ...]:
    seen: Counter[str] = Counter()
    stalls: Counter[str] = Counter()
    for leg in legs:
        for name in ("", f"{leg.step}", f"{leg.step}/{leg.carrier}", f"{leg.step}/{leg.carrier}/{leg.province}"):
            seen[name] += 1
            stalls[name] += bool(leg.stalled)
    return tuple((name, seen[name], stalls[name]) for name in sorted(seen))
