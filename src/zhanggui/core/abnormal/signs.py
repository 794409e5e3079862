"""Signs that something is wrong with fresh orders: the same receiver again and again, one address for many, a burst. Signs only; a person decides."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class SignKind(StrEnum):
    """What an order shares with others within a short time."""

    SAME_RECEIVER = "same_receiver"
    """The masked name and telephone. Masks hide digits, so strangers may share one, which is why several are needed."""
    SAME_ADDRESS = "same_address"
    """The key under which the platform puts parcels to one door together."""
    BURST = "burst"
    """The same product to the same district within minutes."""


class SignTerms(msgspec.Struct, frozen=True, kw_only=True):
    """When a sign is one: so many orders within so long. Dated and sourced data."""

    kind: SignKind
    orders: int
    minutes: int
    basis: str
    source: str


class Signed(msgspec.Struct, frozen=True, gc=False):
    """What of an order may be a sign."""

    order_no: str
    formed_at: datetime
    receiver: str | None = None
    address_key: str | None = None
    goods_id: str | None = None
    district: str | None = None


class Sign(msgspec.Struct, frozen=True, gc=False):
    """One sign on an order: how many orders share it within the time, this one among them, and over how many minutes they came."""

    kind: SignKind
    orders: int
    minutes: int


_SHARED: Mapping[SignKind, Callable[[Signed], object]] = {
    SignKind.SAME_RECEIVER: lambda order: order.receiver,
    SignKind.SAME_ADDRESS: lambda order: order.address_key,
    SignKind.BURST: lambda order: (order.goods_id, order.district) if order.goods_id and order.district else None,
}


def signs_of(orders: Iterable[Signed], terms: Sequence[SignTerms]) -> dict[str, tuple[Sign, ...]]:
    """The signs on each of these orders; orders without any are left out."""
    listed = sorted(orders, key=lambda order: (order.formed_at, order.order_no))
    found: dict[str, list[Sign]] = defaultdict(list)
    for term in terms:
        groups: dict[object, list[Signed]] = defaultdict(list)
        for order in listed:
            shared = _SHARED[term.kind](order)
            if shared:
                groups[shared].append(order)
        for group in groups.values():
            for order_no, sign in _crowded(group, term).items():
                found[order_no].append(sign)
    return {no: tuple(signs) for no, signs in found.items()}


def _crowded(group: Sequence[Signed], term: SignTerms) -> dict[str, Sign]:
    """The orders of a group, oldest first, that stand in a window with enough others, each with the fullest of its windows."""
    span, first = timedelta(minutes=term.minutes), 0
    found: dict[str, Sign] = {}
    for last, order in enumerate(group):
        while order.formed_at - group[first].formed_at > span:
            first += 1
        many = last - first + 1
        if many < term.orders:
            continue
        sign = Sign(term.kind, many, int((order.formed_at - group[first].formed_at) / timedelta(minutes=1)))
        for one in group[first : last + 1]:
            if one.order_no not in found or found[one.order_no].orders <= many:
                found[one.order_no] = sign
    return found
