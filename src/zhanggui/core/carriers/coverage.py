"""Where a carrier does not come (超区), as narrow as somebody said it."""

import re
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


# whose land it is stands between a place's name and what it is (甘孜藏族自治州, 红河哈尼族彝族自治州); nobody says it where no office is written to
_PEOPLES = (
    "蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|"
    "德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_OF_A_PEOPLE = re.compile(rf"(?P<name>.{{2,}}?)(?:(?:{_PEOPLES})族?|[回藏苗彝壮满侗瑶白傣黎佤畲水土羌怒京各]族)+自治[州县旗]")
_ENDINGS = ("自治州", "自治县", "自治旗", "地区", "新区", "市", "区", "县", "州", "盟", "旗")


def _short(name: str) -> str:
    bare = name.strip()
    if found := _OF_A_PEOPLE.fullmatch(bare):
        return found["name"]
    short = next((bare[: -len(ending)] for ending in _ENDINGS if bare.endswith(ending) and len(bare) > len(ending) + 1), bare)
    return short.removesuffix("族") if len(short) > 2 else short
