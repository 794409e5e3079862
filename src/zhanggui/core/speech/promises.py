"""Promises to ship, read as a span of time and held against the limit."""

import re
from collections.abc import Iterator
from datetime import timedelta

from zhanggui.core.speech.folding import Break, Folded
from zhanggui.core.speech.wordings import Place, Seen

_FIGURES = dict(zip("零一二三四五六七八九壹贰叁肆伍陆柒捌玖两俩", [*range(10), *range(1, 10), 2, 2], strict=True))
_UNITS = {"小时": 1, "钟头": 1, "天": 24, "日": 24, "工作日": 24, "周": 168, "星期": 168, "礼拜": 168, "个月": 720}
_TERM = re.compile(r"(\d{1,4}|[零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾两俩半]{1,4})[来多]?(?:个?(工作日|小时|钟头|天|周|星期|礼拜)|(个月))")
_NEAR = 8
SHIP = "ship"
NO_SHIPPING = "no_shipping"
PRESALE = "presale"
PROMISES_NEED = frozenset({SHIP, NO_SHIPPING, PRESALE})
"""The notions that are looked for here, beside those the rules name."""


def late_shipping(seen: Seen, folded: Folded, ship_within: timedelta) -> Iterator[Place]:
    """Terms longer than the limit that stand beside shipping."""
    ships = seen.places(SHIP)
    if not ships:
        return
    others = (*seen.places(NO_SHIPPING), *seen.places(PRESALE))
    for found in _TERM.finditer(folded.text):
        term = Place(_after_range(folded, found.start(1), found.end(1)), found.end())
        hours = _count(folded.text[term.start : found.end(1)]) * _UNITS[found[2] or found[3]]
        if timedelta(hours=hours) <= ship_within or any(_gap(term, other) <= _NEAR for other in others):
            continue
        for ship in ships:
            if _gap(term, ship) <= _NEAR and not _is_told_apart(folded, ship, term):
                yield Place(min(term.start, ship.start), max(term.end, ship.end))


def _after_range(folded: Folded, start: int, end: int) -> int:
    """Where the longer end of a range such as 3-5 begins; the start where it is no range."""
    return next((place for place in range(end - 1, start, -1) if folded.breaks[place] is Break.DASH), start)


def _is_told_apart(folded: Folded, ship: Place, term: Place) -> bool:
    """Whether the sentence goes on after the shipping: the term then is that of the way."""
    if ship.end > term.start:
        return False
    return Break.STOP in folded.breaks[ship.end : term.start + 1] or "到" in folded.text[ship.end : term.start]


def _gap(one: Place, other: Place) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _count(text: str) -> float:
    """The number in figures or in words: 15, 十五, 拾伍, 两, 半."""
    if text.isdigit():
        return int(text)
    if text.startswith("半"):
        return 0.5
    total, figure = 0, 0
    for character in text:
        if character in "十拾百":
            total += (figure or 1) * (100 if character == "百" else 10)
            figure = 0
        else:
            figure = _FIGURES.get(character, 0)
    return total + figure
