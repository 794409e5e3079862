"""How long an order still lies if nobody decides anything about it: by how the shop's own orders left, of which the same had already gone by.

An order that most others had left before is not like the rest: those of its age are, and many of them never left. So the shares are those of a life table
(Kaplan and Meier) of the orders that lay at least as long; where few did, what is assumed of an order of its age stands beside them.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import msgspec

from zhanggui.core.whatif.terms import Spread, WhatIfTerms

Leaves = tuple[tuple[float | None, float], ...]
"""Hours from now, and how likely it leaves then; None: it does not leave while anybody looks. Chances add up to one."""
_NEVER = 30 * 24.0
"""What did not come about in a week's time is taken to come about when no figure that is foretold counts any more."""


class Lain(msgspec.Struct, frozen=True):
    """One order of the past."""

    hours: float
    """From the end of its term to leave: until it left, else until now."""
    has_left: bool


def leaves_of(lain: Sequence[Lain], hours: float, in_time: float, terms: WhatIfTerms) -> Leaves:
    """When an order leaves that is so many hours past the end of its term; before the end they are below nought."""
    alike = [each for each in lain if each.hours > hours]
    steps, stays = _life_table(alike)
    weight = len(alike) / (len(alike) + terms.prior_cases)
    in_term, after = ([step for step in steps if (step[0] <= 0) is is_in_term] for is_in_term in (True, False))
    own = [(at, share * weight) for at, share in (*_few(in_term, 3), *_few(after, 2))]
    assumed, lies = _assumed(hours, in_time, terms)
    told = [(at - hours, share) for at, share in (*own, *((at, share * (1 - weight)) for at, share in assumed)) if share]
    left = stays * weight + lies * (1 - weight)
    return (*told, (None, left)) if left > 1e-9 or not told else tuple(told)


def own_spread(hours: Sequence[float], never: int, assumed: Spread, terms: WhatIfTerms) -> Spread:
    """How long something took in the shop, and how often it did not come about at all; what is assumed where few are known."""
    if len(hours) < 4 * terms.prior_cases:
        return assumed
    own = _few([(each, 1.0) for each in sorted(hours)])
    return (*own, (_NEVER, float(never))) if never else tuple(own)


def together(first: Spread, second: Spread) -> tuple[tuple[float, float, float], ...]:
    """Two spreads as one, hours of each and the share. No measure asks for both, so it is enough that each by itself is right: the quick go with the quick."""
    one, other = (_cumulated(each) for each in (first, second))
    edges = sorted({edge for _, edge in (*one, *other)})
    return tuple((_at(one, edge), _at(other, edge), edge - before) for before, edge in zip((0.0, *edges), edges, strict=False) if edge - before > 1e-9)


def middle(spread: Spread) -> Spread:
    """All of it at the hours that half of it does not pass."""
    return ((_at(_cumulated(spread), 0.5), 100.0),)


def _cumulated(spread: Spread) -> list[tuple[float, float]]:
    whole = sum(share for _, share in spread)
    told = sorted((hours, share / whole) for hours, share in spread)
    edges = [min(1.0, round(edge, 9)) for edge in accumulate(share for _, share in told)]
    return [(hours, edge) for (hours, _), edge in zip(told, (*edges[:-1], 1.0), strict=True)]


def _at(cumulated: Sequence[tuple[float, float]], edge: float) -> float:
    return next(hours for hours, upto in cumulated if upto >= edge)


def _life_table(alike: Sequence[Lain]) -> tuple[list[tuple[float, float]], float]:
    """When they left with which share of all, and the share of which that is not known."""
    left, at_risk, found = 1.0, len(alike), []
    for each in sorted(alike, key=lambda one: (one.hours, not one.has_left)):
        if each.has_left:
            found.append((each.hours, left / at_risk))
            left -= left / at_risk
        at_risk -= 1
    return found, max(0.0, left)


def _few(steps: Sequence[tuple[float, float]], most: int = 4) -> list[tuple[float, float]]:
    """The steps in a few of about the same weight, each at the mean of its own."""
    whole = sum(share for _, share in steps)
    groups: list[list[tuple[float, float]]] = [[] for _ in range(most)]
    for step, before in zip(steps, accumulate((share for _, share in steps), initial=0.0), strict=False):
        groups[min(most - 1, int((before + step[1] / 2) / whole * most))].append(step)
    return [(_mean(group), sum(share for _, share in group)) for group in groups if group]


def _mean(steps: Iterable[tuple[float, float]]) -> float:
    every = list(steps)
    return sum(at * share for at, share in every) / sum(share for _, share in every)


def _assumed(hours: float, in_time: float, terms: WhatIfTerms) -> tuple[list[tuple[float, float]], float]:
    """What is assumed: in time half-way to the end of the term, late as the terms say; whatever lies longer than those does not leave by itself."""
    late = [(after, share) for after, share in terms.hours.leaves_late if after > hours]
    whole = sum(share for _, share in late)
    if not late:
        return [], 1.0
    of_late = 1 - in_time if hours < 0 else 1.0
    return [*([(hours / 2, in_time)] if hours < 0 else []), *((after, of_late * share / whole) for after, share in late)], 0.0
