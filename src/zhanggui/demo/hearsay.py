"""What no export of the back office carries, as facts: tracking events, messages, reviews, groups that still form, the day of a presale."""

from collections.abc import Iterator
from datetime import datetime

from zhanggui.demo.story_data import Heard
from zhanggui.demo.world import Sold, World

Line = dict[str, object]


def facts_heard(world: World, heard: Heard, since: datetime | None, until: datetime) -> list[Line]:
    """Everything heard after `since`, in the order it happened. Moments are Shanghai wall clocks."""
    everything = sorted(_everything(world, heard), key=lambda one: one[0])
    return [line for at, line in everything if (since is None or at > since) and at <= until]


def _everything(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    yield from _messages(world, heard)
    yield from _reviews(world, heard)
    yield from ((scan.at, _scan(world.told[scan.order], scan.at, scan.stage, scan.text)) for scan in heard.scans)
    scanned = {scan.order for scan in heard.scans}
    for sold in world.orders:
        if sold.told.picked_up_at is not None and sold.told.key not in scanned:
            yield sold.told.picked_up_at, _scan(sold, sold.told.picked_up_at, "picked_up", f"{sold.depot} 已揽收")
        if sold.told.forming_since is not None:
            yield sold.told.forming_since, _forming(sold, sold.told.forming_since)
        if sold.told.presale_ship_at is not None:
            yield sold.told.formed_at, _presale(sold, sold.told.presale_ship_at)


def _messages(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    for number, message in enumerate(heard.messages, start=1):
        order_no = world.told[message.order].order_no
        about: Line = {"fact": "message", "message_no": f"m{number:04d}", "order_no": order_no, "speaker": message.speaker}
        yield message.at, about | {"at": _wall(message.at), "text": message.text}


def _reviews(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    for number, review in enumerate(heard.reviews, start=1):
        sold = world.told[review.order]
        about: Line = {"fact": "review", "review_no": f"r{number:04d}", "order_no": sold.order_no, "goods_id": sold.goods.goods_id}
        yield review.at, about | {"score": review.score, "text": review.text, "created_at": _wall(review.at)}


def _scan(sold: Sold, at: datetime, stage: str, text: str) -> Line:
    return {"fact": "scan", "tracking_no": sold.tracking_no, "carrier": sold.carrier, "at": _wall(at), "stage": stage, "text": text}


def _forming(sold: Sold, since: datetime) -> Line:
    about: Line = {"fact": "order", "order_no": sold.order_no, "stage": "forming", "created_at": _wall(since)}
    return about | {"title": sold.goods.title, "goods_id": sold.goods.goods_id, "quantity": sold.told.quantity, "pay_amount": sold.pay_amount}


def _presale(sold: Sold, ship_at: datetime) -> Line:
    return {"fact": "order", "order_no": sold.order_no, "shipping_kind": "presale", "presale_ship_at": _wall(ship_at)}


def _wall(at: datetime) -> str:
    return at.isoformat(" ")
