"""Where a tracking text says the parcel is: the branch or hub it names, and the province and city that lies in."""

import re
from functools import cache
from re import Pattern
from typing import NamedTuple

from zhanggui.core.scantext.table import Province, places

_TO = re.compile(r"(已|正|准备)?(装袋)?发往|下一站|上级站点")
"""What stands after these is where the parcel goes or came from, not where it is."""


class Town(NamedTuple):
    """A city, or the whole province where only that is known."""

    province: Province
    city: str | None

    @property
    def name(self) -> str:
        """As it is written in addresses, without 省 and 市."""
        return self.province.name + (self.city or "")

    def is_elsewhere(self, other: "Town") -> bool:
        """Whether it certainly is another place: another province, or another city where both are known."""
        if self.province is not other.province:
            return True
        return self.city is not None and other.city is not None and self.city != other.city


def place_of(text: str) -> str | None:
    """The branch, hub or pickup point where it happened; None where the text names none."""
    here = _TO.split(text, maxsplit=1)[0]
    for pattern in _where():
        for found in pattern.finditer(here):
            place = found["place"].strip()
            if place and not _no_place().fullmatch(place):
                return place
    return None


def province_of(text: str) -> Province | None:
    """The province the parcel is in, by the first city or province named before any mention of where it goes; None where none is."""
    before = _TO.split(text, maxsplit=1)[0]
    found = _names().search(before)
    return None if found is None else _by_name()[found[0]]


def town_of(text: str) -> Town | None:
    """The city it names first, where it is called a city (市): names of streets and shops are left alone; else its province alone."""
    province = province_of(text)
    if province is None:
        return None
    before = _TO.split(text, maxsplit=1)[0]
    found = _cities(province.name).search(before) if province.cities else None
    return Town(province, None if found is None else province.lesser.get(found[1], found[1]))


@cache
def _cities(province: str) -> Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, _by_name()[province].cities))})[市州盟]")


@cache
def _where() -> tuple[Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in places().where)


@cache
def _no_place() -> Pattern[str]:
    return re.compile(places().no_place)


@cache
def _by_name() -> dict[str, Province]:
    return {name: province for province in places().province for name in (*province.cities, province.name)}


@cache
def _names() -> Pattern[str]:
    """Every name, the longer before the shorter that it begins with."""
    return re.compile("|".join(sorted(map(re.escape, _by_name()), key=len, reverse=True)))
