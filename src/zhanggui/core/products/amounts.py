"""The amounts a text of a product page tells: weights, volumes, lengths and numbers of pieces, each in one unit, and where it stands."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

import msgspec

_DIGITS: Mapping[str, int] = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "半": 0}
_NUMBER = r"(?:\d{1,7}(?:\.\d{1,3})?|[一二两三四五六七八九十半])"
"""No longer than an amount of goods is, or a page full of digits takes minutes to read."""
_BETWEEN = r"\s{0,3}(?:-|~|—|–|到|至)\s{0,3}"


class Amounts(StrEnum):
    """What is measured."""

    WEIGHT = "weight"
    """In grams."""
    VOLUME = "volume"
    """In millilitres."""
    LENGTH = "length"
    """In millimetres."""
    PIECES = "pieces"
    """Pieces, counted by their own word."""


class Amount(msgspec.Struct, frozen=True):
    """One amount as it is told: between which bounds, in the unit of its kind; and its characters."""

    kind: Amounts
    low: float
    high: float
    unit: str
    """The unit as it is written; of pieces the word they are counted by."""
    number: str
    start: int
    end: int
    said: str

    def agrees_with(self, other: "Amount", within: float = 0.02) -> bool:
        """Whether both can be meant of the same thing."""
        return self.low <= other.high * (1 + within) and other.low <= self.high * (1 + within)


_UNITS: Mapping[str, tuple[Amounts, float]] = {
    "公斤": (Amounts.WEIGHT, 1000), "千克": (Amounts.WEIGHT, 1000), "kg": (Amounts.WEIGHT, 1000), "斤": (Amounts.WEIGHT, 500), "市斤": (Amounts.WEIGHT, 500),
    "克": (Amounts.WEIGHT, 1), "g": (Amounts.WEIGHT, 1), "两": (Amounts.WEIGHT, 50),
    "毫升": (Amounts.VOLUME, 1), "ml": (Amounts.VOLUME, 1), "升": (Amounts.VOLUME, 1000), "l": (Amounts.VOLUME, 1000),
    "厘米": (Amounts.LENGTH, 10), "cm": (Amounts.LENGTH, 10), "毫米": (Amounts.LENGTH, 1), "mm": (Amounts.LENGTH, 1), "米": (Amounts.LENGTH, 1000),
}  # fmt: skip
_COUNTED = "只装|个装|包|袋|瓶|盒|箱|双|条|件|卷|抽|张|片|支|枚|罐|桶|套|粒|颗|副|块|把|根|听|提|个|只"
_TOLD = re.compile(
    rf"(?P<low>{_NUMBER})(?:{_BETWEEN}(?P<high>{_NUMBER}))?\s{{0,3}}(?P<unit>公斤|千克|市斤|kg|毫升|厘米|毫米|ml|cm|mm|斤|克|升|米|两|g(?![a-z0-9])|l(?![a-z0-9])|{_COUNTED})(?P<half>半)?",
    re.IGNORECASE,
)
_NO_AMOUNT = frozenset("第满减送赠拍买¥￥")
"""What stands right before a number that is no amount of the goods: a place in a row, a discount, a gift."""


def amounts_in(text: str) -> tuple[Amount, ...]:
    """The amounts told, in order. What is given away or taken off is none of the goods."""
    folded = "".join(unicodedata.normalize("NFKC", sign)[:1] or sign for sign in text).lower()
    found = []
    for match in _TOLD.finditer(folded):
        before = folded[match.start() - 1] if match.start() else ""
        if before in _NO_AMOUNT or before.isdigit():
            continue
        found.append(_amount(match, text))
    return tuple(found)


def _amount(match: re.Match[str], text: str) -> Amount:
    unit = match["unit"]
    kind, factor = _UNITS.get(unit, (Amounts.PIECES, 1.0))
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else low
    more = 0.5 if match["half"] else 0.0
    low, high = min(low, high) + more, max(low, high) + more
    return Amount(kind, low * factor, high * factor, unit.removesuffix("装"), match["low"], match.start(), match.end(), text[match.start() : match.end()])


def _number(said: str) -> float:
    if said == "半":
        return 0.5
    return float(_DIGITS[said]) if said in _DIGITS else float(said)
