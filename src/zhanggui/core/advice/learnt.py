"""What the shop's own past says of a chance: an assumed one is moved as far as cases were seen to differ from it, and thin history moves it little."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from zhanggui.core.advice.book import AdviceBook, Grievance, GrievanceWords, ShopTerms
from zhanggui.core.advice.case import ReturnGrade, Tried
from zhanggui.core.disputes.needs import ClaimType

CALLS, WINS = "calls", "wins"
"""Under these names, with what they are about, `Standing.past` keeps how many refused buyers called in the platform, and how many rulings were won."""
WELL_SHOWN = 60
"""From so many percent of what is needed on a dispute counts as well shown."""

CLAIM_OF: Mapping[Grievance, ClaimType] = {
    Grievance.MISSING: ClaimType.MISSING_ITEMS,
    Grievance.WRONG_ITEM: ClaimType.WRONG_ITEM,
    Grievance.NOT_WANTED: ClaimType.NOT_WANTED,
    Grievance.QUALITY: ClaimType.QUALITY,
    Grievance.NOT_AS_DESCRIBED: ClaimType.NOT_AS_DESCRIBED,
    Grievance.FAKE: ClaimType.QUALITY,
    Grievance.DAMAGED: ClaimType.DAMAGED,
    Grievance.NOT_RECEIVED: ClaimType.NOT_RECEIVED,
    Grievance.NO_NEWS: ClaimType.NOT_RECEIVED,
    Grievance.LATE: ClaimType.NOT_RECEIVED,
    Grievance.OUT_OF_STOCK: ClaimType.OTHER,
    Grievance.OTHER: ClaimType.OTHER,
}
"""What a dispute about a complaint is about."""
_LEAST, _MOST = 0.01, 0.99


class Level(NamedTuple):
    """What was seen of a group of cases, and what had been assumed of them; a narrower group stands after a wider one."""

    own: Tried
    assumed: float


def moved(chance: float, levels: Iterable[Level], weight: float) -> float:
    """The chance, moved by the odds that the levels were seen to differ by from what was assumed; each level is shrunk towards the wider one before it."""
    times = 1.0
    for own, assumed in levels:
        if not own.tried:
            continue
        expected = _times(assumed, times)
        learnt = (weight * expected + own.well) / (weight + own.tried)
        times *= _odds(learnt) / _odds(expected)
    return chance if times == 1.0 or chance in (0.0, 1.0) else _times(chance, times)


def level_of(past: Mapping[str, Tried], names: Sequence[tuple[str, float]]) -> Level:
    """These groups as one: all that was seen of them, and what would have been expected of so many of each."""
    seen = [(past[name], assumed) for name, assumed in names if name in past]
    tried, well = sum(own.tried for own, _ in seen), sum(own.well for own, _ in seen)
    expected = sum(own.tried * assumed for own, assumed in seen) / tried if tried else 0.5
    return Level(Tried(tried, well), expected)


def called(is_true: float, terms: ShopTerms) -> float:
    """How many of a hundred refused buyers are assumed to call in the platform, where so many of them are right."""
    return is_true * terms.chances["escalates_true"] + (1 - is_true) * terms.chances["escalates_false"]


def won(is_true: float, terms: ShopTerms, *, is_shown: bool) -> float:
    """How many rulings are assumed to be won, where so many of those who called are right."""
    right = terms.chances["wins_right" if is_shown else "wins_right_bare"]
    return is_true * terms.chances["wins_wrong"] + (1 - is_true) * right


def among_callers(is_true: float, terms: ShopTerms) -> float:
    """How many of those who call in the platform are right, where so many of the refused are."""
    every = called(is_true, terms)
    return is_true * terms.chances["escalates_true"] / every if every else is_true


def calls_learnt(chance: float, grievance: Grievance, past: Mapping[str, Tried], book: AdviceBook, terms: ShopTerms) -> float:
    """The chance that a refused buyer calls in the platform, by what the refused did before: all of them, then those with the same complaint."""
    if not past:
        return chance
    names = [(f"{CALLS}.{words.kind.value}", called(usually_true(words), terms)) for words in book.grievances]
    own = [(name, assumed) for name, assumed in names if name == f"{CALLS}.{grievance.value}"]
    return moved(chance, (level_of(past, names), level_of(past, own)), terms.prior_weight)


def wins_learnt(chance: float, claim: ClaimType, *, is_shown: bool, past: Mapping[str, Tried], book: AdviceBook, terms: ShopTerms) -> float:
    """The chance to win a ruling by the shop's own rulings: all of them, those about the same, and of these those with as much shown."""
    if not past:
        return chance
    every = [(name_of_rulings(each, is_shown=shown), _usually_won(each, book, terms, is_shown=shown)) for each in ClaimType for shown in (False, True)]
    about = [each for each in every if each[0].startswith(f"{WINS}.{claim.value}.")]
    as_shown = [each for each in about if each[0] == name_of_rulings(claim, is_shown=is_shown)]
    return moved(chance, (level_of(past, every), level_of(past, about), level_of(past, as_shown)), terms.prior_weight)


def name_of_rulings(claim: ClaimType, *, is_shown: bool) -> str:
    """Under which name the rulings about one thing are kept, well shown or not."""
    return f"{WINS}.{claim.value}.{'shown' if is_shown else 'bare'}"


def rulings_on(claim: ClaimType, past: Mapping[str, Tried]) -> Tried:
    """The shop's own rulings about one thing."""
    return level_of(past, [(name_of_rulings(claim, is_shown=shown), 0.5) for shown in (False, True)]).own


def resold(usual: float, graded: Mapping[ReturnGrade, int], terms: ShopTerms) -> float:
    """What returned goods are worth in percent of their cost: by the states in which they came back before, and as usual where few did."""
    pieces = sum(graded.values())
    worth = sum(terms.resale_percent[grade.value] * many for grade, many in graded.items())
    return (terms.prior_weight * usual + worth) / (terms.prior_weight + pieces)


def usually_true(words: GrievanceWords) -> float:
    """How many of a hundred such complaints are true, before anything is known; a buyer who wants nothing of the goods complains of nothing."""
    return 0.02 if words.kind is Grievance.NOT_WANTED else words.is_true


def _usually_won(claim: ClaimType, book: AdviceBook, terms: ShopTerms, *, is_shown: bool) -> float:
    of = [among_callers(usually_true(words), terms) for words in book.grievances if CLAIM_OF[words.kind] is claim] or [0.5]
    return won(sum(of) / len(of), terms, is_shown=is_shown)


def _odds(chance: float) -> float:
    kept = min(_MOST, max(_LEAST, chance))
    return kept / (1 - kept)


def _times(chance: float, times: float) -> float:
    odds = _odds(chance) * times
    return odds / (1 + odds)
