"""Order numbers and tracking numbers in what people typed."""

import re
from collections.abc import Iterator

from zhanggui.core.numbers.shapes import carrier_of, carriers_that_fit

_ORDER = re.compile(r"(?<![0-9A-Za-z-])(\d{6}-\d{15})(?![0-9A-Za-z-])")
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])([A-Za-z]{0,4}\d{9,18}[A-Za-z]{0,2})(?![0-9A-Za-z-])", re.ASCII)
_SAYS_PARCEL = re.compile(r"单号|运单|快递|物流|面单|包裹|寄回|退回|回寄")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def order_numbers(text: str) -> tuple[str, ...]:
    """The order numbers of the platform that stand in the text."""
    return tuple(dict.fromkeys(_ORDER.findall(text)))


def tracking_numbers(text: str) -> tuple[str, ...]:
    """The tracking numbers that stand in the text: a carrier's own letters before the digits, or bare digits of a carrier's shape beside a word for parcels."""
    return tuple(dict.fromkeys(number.upper() for number, _, _ in _parcels(text)))


def protected(text: str) -> tuple[tuple[int, int], ...]:
    """Where order and tracking numbers stand, so that none is taken for a telephone number."""
    orders = [(found.start(), found.end()) for found in _ORDER.finditer(text)]
    return (*orders, *((start, end) for _, start, end in _parcels(text)))


def _parcels(text: str) -> Iterator[tuple[str, int, int]]:
    says = _SAYS_PARCEL.search(text) is not None or any(carrier_of(word) for word in re.findall(r"[\u4e00-\u9fff]{2}", text))
    for found in _NUMBER.finditer(text):
        number = found[1]
        has_letters = number[:1].isalpha()
        if _MOBILE.fullmatch(number) or (not says and _MOBILE.fullmatch(number.lstrip("Vv"))) or (not has_letters and (len(number) < 12 or not says)):
            continue
        if carriers_that_fit(number.upper()):
            yield number, found.start(1), found.end(1)
