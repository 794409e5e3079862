"""By what one sees that the receiver of an order has moved since its number was taken, without knowing who it is: masks, region, the platform's own key."""

import msgspec

from zhanggui.core.facts import OrderFacts


class ReceiverKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a receiver, all of it masked or the platform's own sign for an address."""

    place: str | None = None
    """The platform's sign for receiver and address; orders of the same one may go in one parcel."""
    masked: str | None = None
    province: str | None = None
    city: str | None = None
    district: str | None = None


def receiver_key(order: OrderFacts) -> ReceiverKey:
    """The key of the order's receiver as it is known now."""
    return ReceiverKey(order.combine_key, order.receiver_masked, order.province, order.city, order.district)


def has_moved(before: ReceiverKey, after: ReceiverKey) -> bool:
    """Whether the parcel would go elsewhere. What one of the two does not tell says nothing; the platform's own sign goes before everything else."""
    if before.place and after.place:
        return before.place != after.place
    pairs = ((getattr(before, field), getattr(after, field)) for field in ("masked", "province", "city", "district"))
    return any(old and new and old != new for old, new in pairs)
