"""The whole truth of the world, for those who compare: JSON lines of orders, cases, parcels, penalties, and the rest as one object."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from zhanggui.emulator.doors.chat_shapes import chat_lines
from zhanggui.emulator.methods.order_shape import order_info
from zhanggui.emulator.methods.refund_shape import refund_detail, refund_item
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.accounts import accounts
from zhanggui.emulator.world.travel import number_of, scans_of, way_of
from zhanggui.emulator.world.world import World

Line = dict[str, Any]


def state_lines(platform: Platform, part: str, shop: int | None, since: int) -> Iterator[bytes]:
    """The lines of one part, of one shop or of all; `since` leaves out what changed before that unix second."""
    for world in platform.worlds.values():
        if shop in (None, world.mall_id):
            for line in PARTS[part](platform, world, since):
                yield msgspec.json.encode({"shop_id": world.mall_id, **line}) + b"\n"


def summary(platform: Platform, world: World) -> Line:
    """Where a shop's world stands."""
    orders = world.orders
    return {
        "shop_name": world.mall_name,
        "now": world.now,
        "now_text": china_text(world.now),
        "speed": platform.clock.speed,
        "mood": platform.temper.mood.name,
        "behind_seconds": max(0, int(platform.clock.now()) - world.now),
        "orders": len(orders),
        "to_ship": orders.status.count(1),
        "shipped": orders.status.count(2),
        "received": orders.status.count(3),
        "cases": len(world.cases),
        "open_cases": sum(1 for case in world.cases.each() if case.is_open),
        "penalties": len(world.books.penalties),
        "penalties_fen": sum(each.fen for each in world.books.penalties),
        "reviews": len(world.books.reviews),
        "planned_events": len(world.queue),
        "calls": platform.calls,
        "messages_waiting": platform.streams.waiting(world.mall_id),
    }


def _orders(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001  (every part has the same shape)
    """Every order as the platform would tell it now."""
    for row in range(len(world.orders)):
        if world.orders.updated_at[row] >= since:
            yield {"order": order_info(world, row)}


def _cases(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every case, as the list and as the detail tell it."""
    for case in world.cases.each():
        if case.updated_at >= since:
            yield {"list": refund_item(world, case), "detail": refund_detail(world, case), "evidence_at": case.evidence_at}


def _parcels(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every parcel with its fate and the scans it has had."""
    orders = world.orders
    for row in range(len(orders)):
        if orders.sent_at[row] and orders.sent_at[row] >= since:
            yield {
                "order_sn": world.order_sn(row), "logistics_id": orders.carrier[row], "tracking_number": number_of(world, row),
                "sent_at": orders.sent_at[row], "fate": way_of(world, row).fate, "scans": scans_of(world, row),
            }  # fmt: skip


def _books(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every deduction."""
    yield from (msgspec.to_builtins(each) for each in world.books.penalties if each.at >= since)


def _reviews(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every rating."""
    yield from (msgspec.to_builtins(each) for each in world.books.reviews if each.at >= since)


def _indicators(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """The indicators as published this morning."""
    if world.published is not None:
        yield msgspec.to_builtins(world.published)


def _accounts(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """What every case with a truth cost the shop, by the world's own books."""
    for each in accounts(world):
        yield {**msgspec.to_builtins(each), "lost": each.lost}


def _missed(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every limit of the seller's that ran out."""
    yield from (msgspec.to_builtins(each) for each in world.hidden.missed if each.at >= since)


def _waybills(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every number taken."""
    yield from (msgspec.to_builtins(each) for each in list(world.waybills.by_number.values()))


def _stock(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every variant, its stock and its prices."""
    for sku in world.catalog.skus:
        yield {"sku_id": str(sku.sku_id), "outer_id": sku.outer_id, "quantity": sku.quantity, "price": sku.price, "single_price": sku.single_price}


def _chats(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """Every talk with a buyer, as only the buyer knows it."""
    yield from (line for line, talk in zip(chat_lines(world), world.talks.each, strict=True) if talk.began_at >= since)


def _stream(platform: Platform, world: World, since: int) -> Iterator[Line]:  # noqa: ARG001
    """How the message stream stands."""
    yield {"waiting": platform.streams.waiting(world.mall_id), "acknowledged": platform.streams.acknowledged, "lost": platform.streams.lost}


PARTS: dict[str, Callable[[Platform, World, int], Iterator[Line]]] = {
    "orders": _orders,
    "cases": _cases,
    "parcels": _parcels,
    "penalties": _books,
    "reviews": _reviews,
    "indicators": _indicators,
    "accounts": _accounts,
    "missed": _missed,
    "waybills": _waybills,
    "stock": _stock,
    "stream": _stream,
    "chats": _chats,
}
