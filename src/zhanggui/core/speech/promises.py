"""Promises to ship, read as a span of time and held against the limit."""

import re
from collections.abc import Iterator
from datetime import timedelta

from zhanggui.core.speech.book import SpeechBook
from zhanggui.core.speech.folding import Folded
from zhanggui.core.speech.wordings import Place

_FIGURES = dict(zip("零一二三四五六七八九壹贰叁肆伍陆柒捌玖两", [*range(10), *range(1, 10), 2], strict=True))
_UNITS = {"小时": 1, "钟头": 1, "天": 24, "日": 24, "工作日": 24, "周": 168, "星期": 168, "礼拜": 168, "个月": 720, "月": 720}
_TERM = re.compile(r"(\d{1,4}|[零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾两半]{1,4})个?(工作日|小时|钟头|天|周|星期|礼拜|个?月)")
_NEAR = 8
SHIP = "ship"
SHIPPED = "already_shipped"


def late_shipping(folded: Folded, book: SpeechBook, ship_within: timedelta) -> Iterator[Place]:
    """Terms longer than the limit that stand beside shipping."""
    ships = book.finder.places(folded, SHIP)
    if not ships:
        return
    shipped = book.finder.places(folded, SHIPPED)
    for found in _TERM.finditer(folded.text):
        hours = _count(found[1]) * _UNITS[found[2].removeprefix("个")]
        if timedelta(hours=hours) <= ship_within:
            continue
        for ship in ships:
            if _gap(found.span(), ship) <= _NEAR and not any(_gap(found.span(), each) <= _NEAR for each in shipped):
                yield Place(min(found.start(), ship.start), max(found.end(), ship.end))


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


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
