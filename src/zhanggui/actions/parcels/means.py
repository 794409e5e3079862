"""The mean of the shop's category: typed from the back office, or brought as a list, each from a day on with where it was read."""

from datetime import date, datetime
from pathlib import Path

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files.mean_sheets import LONGEST_SOURCE, MeanRow, read_means
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import category_means, journal
from zhanggui.records.category_means import MeanRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.parcels import CategoryMeanSet

MOST_SHARE_PPM, MOST_ORDERS = 1_000_000, 10_000_000
SHOWN = 60


class Mean(msgspec.Struct, frozen=True):
    """A mean as it is kept."""

    from_day: date
    share_ppm: int
    orders: int | None
    source: str


class BroughtMeans(msgspec.Struct, frozen=True):
    """How many days of a list were kept, and the lines that could not be taken, each with why."""

    kept: int
    refused: tuple[tuple[int, Say], ...]


def put_category_mean(house: House, by: Person, shop_id: ShopId, share: str, orders: str, now: datetime, *, source: str = "") -> None:
    """Keeps the category's mean from today on, as it was read in the back office: a share in percent, and a number of orders. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    mean = Mean(shanghai_day(now), _share_in(share), _orders_in(orders), source.strip()[:LONGEST_SOURCE])
    transact(house.pool, lambda tx: _keep(tx, by, shop_id, mean, now))


def bring_means(house: House, by: Person, shop_id: ShopId, path: Path, now: datetime) -> BroughtMeans:
    """Keeps every mean of a list, each from its day on, and tells of the lines that could not be taken. Raises Refused where it is no such list."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    try:
        rows = read_means(path)
    except Unreadable as problem:
        raise Refused(problem.say) from None
    means, refused = dict[date, Mean](), list[tuple[int, Say]]()
    for row in rows:
        try:
            mean = _mean_in(row, path.name, now)
        except Refused as why:
            refused.append((row.row, why.say))
        else:
            means[mean.from_day] = mean

    def work(tx: Tx) -> None:
        for mean in means.values():
            _keep(tx, by, shop_id, mean, now)

    transact(house.pool, work)
    return BroughtMeans(len(means), tuple(refused))


def means_kept(house: House, by: Person, shop_id: ShopId) -> tuple[MeanRecord, ...]:
    """The means that were entered, the newest day first."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(category_means.history(tx, shop_id, SHOWN))


def _mean_in(row: MeanRow, file: str, now: datetime) -> Mean:
    if row.day is None or row.day > now:
        raise Refused(say("There is no day in this line from which the mean holds, or it is still to come."))
    return Mean(shanghai_day(row.day), _share_in(row.share), _orders_in(row.orders), row.source or file[:LONGEST_SOURCE])


def _keep(tx: Tx, by: Person, shop_id: ShopId, mean: Mean, now: datetime) -> None:
    category_means.put(tx, shop_id, mean.from_day, mean.share_ppm, mean.orders, by.person_id, now, source=mean.source)
    told = CategoryMeanSet(f"{mean.share_ppm / 10_000:g}", mean.orders, mean.from_day.isoformat())
    journal.write(tx, shop_id, told, at=now, by=by.person_id)


def _share_in(text: str) -> int:
    """The share in millionths. Raises Refused for anything that is no share."""
    plain = text.strip().removesuffix("%").removesuffix("％").strip()
    whole, point, rest = plain.partition(".")
    if not (whole.isdecimal() and whole.isascii() and (not point or (rest.isdecimal() and rest.isascii()))) or len(plain) > 9:
        raise Refused(say("Write the category's mean share as a percentage, such as 0.85."))
    share_ppm = int(whole) * 10_000 + int((rest + "0000")[:4])
    if not 0 < share_ppm <= MOST_SHARE_PPM:
        raise Refused(say("Write the category's mean share as a percentage, such as 0.85."))
    return share_ppm


def _orders_in(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if not (plain.isdecimal() and plain.isascii() and len(plain) <= 8 and int(plain) <= MOST_ORDERS):
        raise Refused(say("Write the category's mean number of abnormal orders as a whole number, or leave it empty."))
    return int(plain)
