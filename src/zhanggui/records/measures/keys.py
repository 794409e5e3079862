"""A hit as one number, with its shop in it: so an index finds every order that gave it, and a row of them is small."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from zhanggui.core.measures.what import Hit, What

_EPOCH = date(2000, 1, 1)
_LAST = date(2600, 1, 1)
_DAY_BITS, _WHAT_BITS = 18, 6

# these numbers stand in rows: a name keeps its number for good, and a new one takes a new number
_CODES = {
    What.FORMED: 1,
    What.SHIPPED: 2,
    What.SHIP_IN_TIME: 3,
    What.SHIP_LATE: 4,
    What.LEFT_IN_TIME: 5,
    What.LEFT_LATE: 6,
    What.PICKUP_IN_TIME: 7,
    What.PICKUP_LATE: 8,
    What.FALSE_SHIPMENT: 9,
    What.OUT_OF_STOCK: 10,
    What.SIGNED: 11,
    What.ABNORMAL: 12,
    What.QUALITY_ALWAYS: 13,
    What.QUALITY_DELIVERED_18H: 14,
    What.QUALITY_SHIPPED_24H: 15,
    What.SERIOUS_QUALITY: 16,
    What.DISPUTED: 17,
    What.INTERVENED: 18,
    What.TRANSIT_REFUND: 19,
    What.RETURNED_REFUND: 20,
    What.POSITIVE_REVIEW: 21,
    What.OTHER_REVIEW: 22,
    What.PENALISED_UPLOAD: 23,
    What.PENALISED: 24,
}
_WHATS = {code: what for what, code in _CODES.items()}

OF_ORDERS = frozenset(_CODES)
"""What orders give; ratings and the days of buyers are kept apart."""


def packed(shop_id: int, hits: Iterable[Hit]) -> tuple[list[int], list[int] | None]:
    """The hits as numbers and their amounts; None where none brings any. Days that no calendar of the shop's can mean are left out."""
    kept = [hit for hit in hits if _EPOCH <= hit.day < _LAST]
    amounts = [hit.amount for hit in kept]
    return [key_of(shop_id, hit.what, hit.day) for hit in kept], amounts if any(amounts) else None


def unpacked(keys: Sequence[int], amounts: Sequence[int] | None) -> list[Hit]:
    """The hits that a row holds."""
    return [Hit(what, day, amount) for (what, day), amount in zip(map(what_of, keys), amounts or [0] * len(keys), strict=True)]


def key_of(shop_id: int, what: What, day: date) -> int:
    """The number of one thing on one day in one shop."""
    return (((shop_id << _DAY_BITS) | (day - _EPOCH).days) << _WHAT_BITS) | _CODES[what]


def what_of(key: int) -> tuple[What, date]:
    """The thing and the day that a number stands for."""
    return _WHATS[key & (1 << _WHAT_BITS) - 1], _EPOCH + timedelta(days=key >> _WHAT_BITS & (1 << _DAY_BITS) - 1)
