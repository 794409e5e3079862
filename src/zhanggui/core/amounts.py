"""Money by formula: what an amount rule comes to for the amounts of one order or case."""

import msgspec

from zhanggui.core.claims.states import Worth
from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Bracket, Rounding


class Reckoned(msgspec.Struct, frozen=True):
    """A sum and how it came about: from which amount, by which bracket. `base` is None where no amount was known and the sum is the least it can be."""

    fen: Fen
    of: str | None = None
    base: Fen | None = None
    bracket: Bracket | None = None


def reckon(amount: Amount, facts: OrderFacts | AftersaleFacts | Worth | None) -> Reckoned:
    """What the formula comes to; where none of its base amounts is known, the least that it can come to."""
    for name in amount.of:
        base = getattr(facts, name, None)
        if base is not None:
            bracket = _bracket_of(amount, max(base, 0))
            return Reckoned(_sum(bracket, Fen(max(base, 0)), amount.rounding), name, base, bracket)
    return Reckoned(Fen(min(bracket.fixed_fen if bracket.fixed_fen is not None else bracket.min_fen for bracket in amount.brackets)))


def _bracket_of(amount: Amount, base: int) -> Bracket:
    for bracket in amount.brackets:
        if bracket.below_fen is None or base < bracket.below_fen:
            return bracket
    raise ValueError(f"no bracket for {base}")


def _sum(bracket: Bracket, base: Fen, rounding: Rounding) -> Fen:
    if bracket.fixed_fen is not None:
        return bracket.fixed_fen
    share = max(_share(base, bracket.percent or 0, rounding), bracket.min_fen)
    return Fen(share if bracket.max_fen is None else min(share, bracket.max_fen))


def _share(base: Fen, percent: int, rounding: Rounding) -> int:
    """A percentage in whole fen, by integers alone."""
    match rounding:
        case Rounding.HALF_UP_TO_FEN:
            return (base * percent + 50) // 100
        case Rounding.DOWN_TO_FEN:
            return base * percent // 100
        case Rounding.DOWN_TO_YUAN:
            return base * percent // 10000 * 100
