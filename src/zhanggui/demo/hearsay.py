"""What no export of the back office carries, as facts: tracking events, reviews, groups that still form, the day of a presale."""

from collections.abc import Iterator
from datetime import datetime

from zhanggui.demo.passersby import PASSER_BY
from zhanggui.demo.story_data import Heard
from zhanggui.demo.tracks import track_of
from zhanggui.demo.world import Sold, World

Line = dict[str, object]

_UNSEEN = 16
"""One parcel in so many is unknown to the tracking source: whether it was picked up stays unverified until the buyer has it."""


def facts_heard(world: World, heard: Heard, since: datetime | None, until: datetime) -> list[Line]:
    """Everything heard after `since`, in the order it happened. Moments are Shanghai wall clocks."""
    everything = sorted(_everything(world, heard), key=lambda one: one[0])
    return [line for at, line in everything if (since is None or at > since) and at <= until]


def _everything(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    yield from _reviews(world, heard)
    yield from _notices(world, heard)
    yield from _scans(world, heard)
    for sold in world.orders:
        if sold.told.forming_since is not None:
            yield sold.told.forming_since, _forming(sold, sold.told.forming_since)
        if sold.told.presale_ship_at is not None:
            yield sold.told.formed_at, _presale(sold, sold.told.presale_ship_at)


def _reviews(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    for number, review in enumerate(heard.reviews, start=1):
        sold = world.told[review.order]
        about: Line = {"fact": "review", "review_no": f"r{number:04d}", "order_no": sold.order_no, "goods_id": sold.goods.goods_id}
        yield review.at, about | {"score": review.score, "text": review.text, "created_at": _wall(review.at)}


def _notices(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    """The after-sales export does not say when the platform stepped in, nor that it gave money back at once; its notices to the seller do."""
    numbers = {case.told.order: case.case_no for case in world.cases}
    for notice in heard.notices:
        about: Line = {"is_instant": True, "instant_refund": "refunded_instantly"} if notice.instant else {}
        yield notice.at, {"fact": "aftersale", "case_no": numbers[notice.order], "updated_at": _wall(notice.at)} | about


def _scans(world: World, heard: Heard) -> Iterator[tuple[datetime, Line]]:
    """The told events, the tracks of all other parcels that a tracking source knows, and returns under the number of their own."""
    for scan in heard.scans:
        line = scan_line(world.told[scan.order], scan.at, scan.stage, scan.text)
        yield scan.at, line | ({"tracking_no": scan.tracking_no} if scan.tracking_no else {})
    told = {scan.order for scan in heard.scans if not scan.tracking_no}
    for number, sold in enumerate(world.orders):
        if sold.told.key not in told and (number % _UNSEEN or not sold.told.key.startswith(PASSER_BY)):
            yield from ((at, scan_line(sold, at, stage, text)) for at, stage, text in track_of(sold))


def scan_line(sold: Sold, at: datetime, stage: str, text: str) -> Line:
    """One tracking event of the order's parcel."""
    return {"fact": "scan", "tracking_no": sold.tracking_no, "carrier": sold.carrier, "at": _wall(at), "stage": stage, "text": text}


def _forming(sold: Sold, since: datetime) -> Line:
    about: Line = {"fact": "order", "order_no": sold.order_no, "stage": "forming", "created_at": _wall(since)}
    return about | {"title": sold.goods.title, "goods_id": sold.goods.goods_id, "quantity": sold.told.quantity, "pay_amount": sold.pay_amount}


def _presale(sold: Sold, ship_at: datetime) -> Line:
    return {"fact": "order", "order_no": sold.order_no, "shipping_kind": "presale", "presale_ship_at": _wall(ship_at)}


def _wall(at: datetime) -> str:
    return at.isoformat(" ")
