"""Figures and forms of what-if as a person reads and types them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from zhanggui.actions.refused import Refused
from zhanggui.core.measures.book import Formula, Unit
from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Bracket, Term
from zhanggui.core.say import say
from zhanggui.core.whatif.noticing import Mark, Span
from zhanggui.core.whatif.predicting import Figure

_MOST_DIGITS = 6
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_NONE = "—"


class Piece(NamedTuple):
    """A part of a notice as it is shown: what it was read as, None where it was read as nothing."""

    text: str
    mark: Mark | None


def value_text(formula: Formula, value: float | None) -> str:
    """A value in its unit: percent, hours, stars, or a number."""
    if value is None:
        return _NONE
    match formula.unit:
        case Unit.RATE:
            return f"{100 * value:.2f} %"
        case Unit.COUNT:
            return f"{value:.0f}"
        case Unit.MEAN_HOURS:
            return f"{value:.1f}"
        case _:
            return f"{value:.3f}"


def of_text(formula: Formula, figure: Figure) -> str:
    """What stands above and below: hours are told in hours; of a count there is no below."""
    above = figure.num / 3600 if formula.unit is Unit.MEAN_HOURS else figure.num
    return _plain(above) if formula.unit is Unit.COUNT else f"{_plain(above)} / {_plain(figure.den)}"


def pieces_of(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    """The text in pieces, marked and unmarked."""
    at = 0
    for span in spans:
        if span.start > at:
            yield Piece(text[at : span.start], None)
        yield Piece(text[span.start : span.end], span.mark)
        at = span.end
    if at < len(text):
        yield Piece(text[at:], None)


def term_typed(days: str, hours: str, minutes: str) -> Term | None:
    """The term that was typed; None where nothing was. Raises Refused."""
    told = [_whole(text) if text.strip() else 0 for text in (days, hours, minutes)]
    return Term(days=told[0], hours=told[1], minutes=told[2]) if any(told) else None


def amount_typed(fixed: str, percent: str, least: str, most: str) -> Amount | None:
    """The amount that was typed, in yuan and percent; None where nothing was. Raises Refused."""
    if fixed.strip():
        return Amount((Bracket(fixed_fen=_fen(fixed)),))
    if not percent.strip():
        return None
    bracket = Bracket(percent=_whole(percent), min_fen=_fen(least) if least.strip() else Fen(0), max_fen=_fen(most) if most.strip() else None)
    return Amount((bracket,))


def day_typed(text: str) -> date:
    """The day that was typed. Raises Refused, also for days so far away that no sum with them fits the calendar."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Refused(say("{typed} is not a day. Write it like 2026-03-01.", typed=text[:40]))
    return day


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > _MOST_DIGITS:
        raise Refused(say("{typed} is not a whole number.", typed=text[:40]))
    return int(text)


def _fen(text: str) -> Fen:
    whole, _, part = text.strip().partition(".")
    if not whole.isdecimal() or len(whole) > _MOST_DIGITS or (part and not part.isdecimal()) or len(part) > 2:
        raise Refused(say("{typed} is no sum in yuan.", typed=text[:40]))
    return Fen(int(whole) * 100 + int((part + "00")[:2]))


def _plain(number: float) -> str:
    return f"{number:.0f}" if abs(number - round(number)) < 0.005 else f"{number:.1f}"
