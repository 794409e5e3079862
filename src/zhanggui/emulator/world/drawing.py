"""What an order will be, drawn from its serial number: buyer, goods, discounts, and what its buyer has in mind."""

import msgspec

from zhanggui.emulator.seeded import mixed, salt, share
from zhanggui.emulator.world.orders import FREE_RETURN, LUCKY, ONE_DAY, PRESALE, Line
from zhanggui.emulator.world.world import World

ORDER, MIND, BESIDE = salt("order"), salt("mind"), salt("beside")


class Drawn(msgspec.Struct, frozen=True):
    """The lot of one order."""

    buyer: int
    sku: int
    many: int
    price: int
    discounts: tuple[int, int]
    flags: int
    more: tuple[Line, ...] = ()
    gifts: tuple[Line, ...] = ()


def drawn(world: World, serial: int) -> Drawn:
    """What the order with this serial is: taken from the bits of one number, since a million may be drawn at once."""
    bits = mixed(world.seed, serial, ORDER)
    size, seller = world.scenario.size, world.scenario.seller
    sku = bits % len(world.catalog.skus)
    chosen = world.catalog.skus[sku]
    many = (1, 1, 1, 1, 1, 2, 2, 3)[bits >> 32 & 7]
    amount = chosen.price * many
    platform = min(60_000, amount * (bits >> 35 & 7) // 100)
    own = min(60_000, amount * (bits >> 38 & 3) // 100)
    flags = 0
    if (bits >> 40 & 1023) < seller.presale * 1024:
        flags |= PRESALE
    if (bits >> 50 & 127) < seller.free_return * 128:
        flags |= FREE_RETURN
    if bits >> 57 & 63 == 0:
        flags |= LUCKY
    if world.catalog.product_of(chosen).ship_hours == 24:
        flags |= ONE_DAY
    return Drawn((bits >> 12) % max(1, size.buyers), sku, many, chosen.price, (platform, own), flags, *_beside(world, serial, sku))


def _beside(world: World, serial: int, first: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The further lines of an order and the gifts that go with it; most have neither."""
    bits, buyers, skus = mixed(world.seed, serial, BESIDE), world.scenario.buyers, world.catalog.skus
    more: tuple[Line, ...] = ()
    if (bits & 0xFFFF) < buyers.several_lines * 65536:
        others = dict.fromkeys(place for place in ((bits >> 32) % len(skus), (bits >> 40) % len(skus)) if place != first)
        more = tuple(Line(place, 1 + (bits >> 48 & 1), skus[place].price) for place in others)
    given = (bits >> 16 & 0xFFFF) < buyers.gifts * 65536
    return more, (Line((bits >> 52) % len(skus), 1, 0),) if given else ()


def mind(world: World, serial: int, about: str) -> float:
    """A draw in [0, 1) about one question in the mind of this order's buyer."""
    return share(world.seed, serial, MIND, salt(about))


def ship_limit(world: World, flags: int, formed_at: int) -> int:
    """The moment by which an order formed at this moment must be shipped."""
    within = world.rule(world.rules.ship_within, formed_at)
    if flags & PRESALE:
        return formed_at + within.presale_days * 86400
    return formed_at + (within.one_day_hours if flags & ONE_DAY else within.hours) * 3600
