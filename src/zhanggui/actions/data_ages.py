"""How old what we know is, for the bar of every page: of each shop the person sees, and whether it has grown too old."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.items import is_stale
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.views import DataAge
from zhanggui.core.facts import FactKind
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import ages, connections, sync_sources
from zhanggui.records.db import Tx

FAST = (FactKind.ORDER, FactKind.AFTERSALE)
"""What deadlines begin and end by; the other kinds change no deadline by growing a little older."""


class DataAges(msgspec.Struct, frozen=True):
    """The ages of the data of every shop a person sees, by shop and kind."""

    ages: tuple[DataAge, ...]

    @property
    def stale(self) -> tuple[DataAge, ...]:
        """Those that have grown too old."""
        return tuple(age for age in self.ages if age.is_stale)

    @property
    def to_export(self) -> tuple[DataAge, ...]:
        """Those that have grown too old and that nobody but a person can freshen."""
        return tuple(age for age in self.stale if not age.is_read)

    @property
    def as_of(self) -> datetime | None:
        """The moment up to which orders and cases of all these shops are known; of whatever is known where there are none."""
        fast = [age.as_of for age in self.ages if age.kind in FAST]
        return min(fast) if fast else max((age.as_of for age in self.ages), default=None)

    @property
    def by_shop(self) -> tuple[tuple[str, tuple[DataAge, ...]], ...]:
        """The ages of each shop under its name."""
        names = dict.fromkeys((age.shop_id, age.shop_name) for age in self.ages)
        return tuple((name, tuple(age for age in self.ages if age.shop_id == shop_id)) for shop_id, name in names)


def data_ages(house: House, by: Person, now: datetime) -> DataAges:
    """How old the data of the shops are whose to-dos this person sees."""
    with house.pool.connection() as tx:
        return DataAges(ages_in(tx, house, shops_with(tx, by, Permission.TODO_READ, None), now))


def ages_in(tx: Tx, house: House, shops: Mapping[ShopId, ShopInfo], now: datetime) -> tuple[DataAge, ...]:
    """How old each kind of fact is in these shops."""
    rows = ages.of_shops(tx, list(shops))
    books = {shop_id: rulebook_in(tx, house, ShopId(shop_id)) for shop_id in {row.shop_id for row in rows}}
    connected = set(connections.connected(tx, list(books)))
    read = {(source.shop_id, source.kind) for source in sync_sources.horizons(tx, sorted(connected))} if connected else set()
    return tuple(
        DataAge(
            ShopId(row.shop_id),
            shops[ShopId(row.shop_id)].name,
            FactKind(row.kind),
            row.as_of,
            is_stale(FactKind(row.kind), row.as_of, books[row.shop_id], now),
            (row.shop_id, row.kind) in read,
        )
        for row in rows
    )
