"""The files that tell of the weeks before the story: orders, cases, reviews, and the tracks of the last parcels, taken in before the first chapter."""

from collections.abc import Iterator
from datetime import timedelta

from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.core.moments import from_shanghai
from zhanggui.demo.exports import csv_of, json_lines
from zhanggui.demo.hearsay import Line, scan_line
from zhanggui.demo.past import Past, past_told, past_world
from zhanggui.demo.story_data import FileTold
from zhanggui.demo.tracks import track_of
from zhanggui.demo.world import World
from zhanggui.people.permissions import Person, ShopId

_REPLIED_AFTER = timedelta(hours=15)


def bring_past(house: House, by: Person, shop_id: ShopId) -> None:
    """Take them in as one import of the moment they were exported."""
    folder = house.home / "exports" / "before"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in past_files():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    batch = importing.preview(house, by, shop_id, paths, clock.now(), as_of=from_shanghai(past_told().exported_at))
    importing.confirm(house, by, shop_id, batch.batch_id, clock.now())


def past_files() -> Iterator[tuple[str, bytes]]:
    """The files that tell of them, by name: orders, cases, and what was heard."""
    told, world = past_told(), past_world()
    for kind, name in (("orders", "orders_export20261116085003.csv"), ("aftersales", "售后信息20261116开店以来.csv")):
        yield name, csv_of(FileTold(name=name, kind=kind, encoding="utf-8-sig"), world, told.exported_at)
    yield "heard_before20261116.jsonl", json_lines([*_reviews(told, world), *_scans(told, world)])


def _reviews(told: Past, world: World) -> Iterator[Line]:
    for number, review in enumerate(told.reviews):
        sold = world.told[f"past_review_{number}"]
        line: Line = {"fact": "review", "review_no": f"p{number + 1:04d}", "order_no": sold.order_no, "goods_id": sold.goods.goods_id}
        line |= {"spec": sold.goods.specs[review.spec].name, "score": review.stars, "text": review.text, "created_at": review.at.isoformat(" ")}
        if review.reply:
            line |= {"reply": review.reply, "answered_at": (review.at + _REPLIED_AFTER).isoformat(" ")}
        if review.follow_up:
            line |= {"follow_up": review.follow_up, "follow_up_at": (review.at + timedelta(days=review.follow_up_days)).isoformat(" ")}
        if review.pictures:
            line |= {"pictures": review.pictures}
        yield line | ({"is_default": True} if review.is_default else {})


def _scans(told: Past, world: World) -> Iterator[Line]:
    """The tracks of the last weeks' parcels that arrived."""
    for sold in world.orders:
        if sold.told.formed_at.date() >= told.tracked_since and sold.told.received_at is not None:
            yield from (scan_line(sold, at, stage, text) for at, stage, text in track_of(sold))
