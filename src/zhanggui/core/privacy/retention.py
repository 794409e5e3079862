"""How long things are kept: the house's terms with what they rest on, and the shop's own over them."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one kind of data is kept, from when, and why."""

    kind: str
    zh: str
    en: str
    starts_zh: str
    starts_en: str
    days: int
    least: int
    """No shop may keep it shorter."""
    basis: str
    source_zh: str
    source_en: str


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, and when somebody last looked at the sources."""

    checked: date
    term: tuple[Term, ...]

    def of(self, kind: str) -> Term | None:
        """The term of this kind."""
        return next((term for term in self.term if term.kind == kind), None)


OTHER_ENDS: Mapping[str, tuple[str, str]] = {
    "numbers": ("用完即清，最多到店铺设的天数", "Wiped once used, at the latest when the days are over that the shop set for texts"),
    "digests": ("随成本、复购各自的期限，最长随订单", "With the terms of costs and of returning buyers, at the latest with the order"),
    "previews": ("确认或放弃即清，最多七天", "Until it is confirmed or dropped, seven days at most"),
    "with_what": ("随所属之物", "With what it belongs to"),
    "while_used": ("直到有人改动或删除", "Until somebody changes or removes it"),
    "always": ("一直保留，内容不含买家说的话", "For good: proof of what was done; it holds no words of buyers"),
}
"""What ends otherwise than by a term: in Chinese and in English."""
LONGEST = 36_500


@cache
def terms() -> Terms:
    """The house's."""
    return msgspec.convert(tomllib.loads((Path(__file__).parent / "retention.toml").read_text("utf-8")), Terms)


def days_of(kind: str, own: Mapping[str, int]) -> int:
    """For how many days a shop with these terms of its own keeps it."""
    term = terms().of(kind)
    if term is None:
        raise KeyError(kind)
    return max(own.get(kind, term.days), term.least)


def over_before(kind: str, own: Mapping[str, int], now: datetime) -> datetime:
    """What ended before this moment is no longer kept."""
    return now - timedelta(days=days_of(kind, own))
