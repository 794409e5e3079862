"""What holds of a kind of act in a shop: the terms of the rulebook, with what the shop decided laid over them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.core.acts import ActKind, ActTerms, Limits
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.records import act_limits
from zhanggui.records.db import Tx
from zhanggui.rulebook.acts import act_terms

__all__ = ["act_terms", "held_limits", "limits_in", "right_to_send", "terms_of"]

_OF_THE_HANDS = frozenset({ActKind.SHIP_UPLOAD, ActKind.PARCELS_EXTRA})


def terms_of(kind: ActKind) -> ActTerms:
    """What is known of this kind."""
    return act_terms()[kind]


def right_to_send(kind: ActKind) -> Permission:
    """The right that a person needs to send an act of this kind: whoever hands parcels over also tells the platform their numbers."""
    return Permission.SHIPPING_UPLOAD if kind in _OF_THE_HANDS else Permission.ACTS_SEND


def limits_in(tx: Tx, shop_ids: Sequence[ShopId]) -> Mapping[tuple[int, ActKind], Limits]:
    """The bounds of every kind in these shops."""
    told = act_limits.levels(tx, shop_ids)
    return {(shop_id, kind): told.get((shop_id, kind.value), terms.limits) for shop_id in shop_ids for kind, terms in act_terms().items()}


def held_limits(tx: Tx, shop_id: int, kind: ActKind, now: datetime) -> Limits:
    """The bounds of a kind, which nobody changes until this transaction ends."""
    return act_limits.hold_level(tx, shop_id, kind.value, terms_of(kind).limits, now)
