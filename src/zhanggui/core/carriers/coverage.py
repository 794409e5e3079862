"""Where a carrier does not come (超区), as narrow as somebody said it."""

from collections.abc import Iterable

import msgspec

from zhanggui.core.carriers.prices import short_province


class OutOfRange(msgspec.Struct, frozen=True, gc=False):
    """A place a carrier does not serve: a whole province, a city of it, or a district of that."""

    carrier: str
    province: str
    city: str = ""
    district: str = ""


class Coverage:
    """Everywhere that carriers do not come."""

    def __init__(self, gaps: Iterable[OutOfRange]) -> None:
        self._gaps = {(gap.carrier, short_province(gap.province), _short(gap.city), _short(gap.district)) for gap in gaps}

    def gap(self, carrier: str, province: str | None, city: str | None, district: str | None) -> OutOfRange | None:
        """The gap the address lies in; None where the carrier comes, as far as anybody said."""
        where = (short_province(province or ""), _short(city or ""), _short(district or ""))
        for width in (1, 2, 3):
            known = (*where[:width], *[""] * (3 - width))
            if (carrier, *known) in self._gaps and all(where[:width]):
                return OutOfRange(carrier, *known)
        return None


_ENDINGS = ("自治州", "自治县", "地区", "新区", "市", "区", "县", "州", "盟", "旗")


def _short(name: str) -> str:
    bare = name.strip()
    return next((bare[: -len(ending)] for ending in _ENDINGS if bare.endswith(ending) and len(bare) > len(ending) + 1), bare)
