"""All shops of a person side by side: what is late and at risk in each, what yesterday lost and saved, and what to do first over all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.data_ages import ages_in
from zhanggui.actions.house import House
from zhanggui.actions.overview.seeing import clocks_of, sales_of
from zhanggui.actions.overview.shapes import Clocks, Sales
from zhanggui.actions.today import SHOWN_BANDS, ranked
from zhanggui.actions.views import BandSum, TodoItem
from zhanggui.core.deadlines import Band
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period, days_up_to
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import deadline_totals
from zhanggui.records import overview as records
from zhanggui.records.db import Tx
from zhanggui.records.deadline_totals import BandTotal

FIRST = 10
"""So many to-dos over all shops are told."""
URGENT = (Band.OVERDUE, Band.HOUR, Band.TODAY)
"""What cannot wait until tomorrow."""


class ShopLine(msgspec.Struct, frozen=True, kw_only=True):
    """One shop. What this person may not see of it is None."""

    shop: ShopInfo
    bands: Mapping[Band, BandSum]
    expected_loss: Fen
    """What its running to-dos lose if nobody does them: money by chance."""
    lost_in_an_hour: Fen
    sales: Sales | None
    """Of yesterday."""
    clocks: Clocks | None
    """Of yesterday: what fell due, and the money saved and lost. None also where that of a large shop was not counted."""
    is_stale: bool
    """Whether its data have grown too old to rely on."""
    first: TodoItem | None
    """What to do first in it."""

    @property
    def urgent(self) -> int:
        """How many to-dos cannot wait until tomorrow."""
        return sum(self.bands[band].deadlines for band in URGENT)

    @property
    def at_risk(self) -> Fen:
        """The money in all running to-dos."""
        return Fen(sum(self.bands[band].at_risk for band in SHOWN_BANDS))


class Across(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, the one that loses most first."""

    now: datetime
    yesterday: Period
    lines: tuple[ShopLine, ...]
    first: tuple[TodoItem, ...]
    """What to do first over all shops, the greatest expected loss first."""

    def total(self, band: Band) -> BandSum:
        """What stands in a band over all shops."""
        return BandSum(band, sum(line.bands[band].deadlines for line in self.lines), Fen(sum(line.bands[band].at_risk for line in self.lines)))

    @property
    def at_risk(self) -> Fen:
        """The money in all running to-dos of all shops."""
        return Fen(sum(line.at_risk for line in self.lines))

    @property
    def lost_in_an_hour(self) -> Fen:
        """What an idle hour costs over all shops."""
        return Fen(sum(line.lost_in_an_hour for line in self.lines))

    @property
    def summed(self) -> int:
        """In how many of the shops yesterday is summed: those whose money this person sees, and whose deadlines were counted."""
        return sum(line.clocks is not None for line in self.lines)

    @property
    def saved(self) -> Fen | None:
        """What yesterday saved in them; None where there is none."""
        seen = [line.clocks.saved for line in self.lines if line.clocks is not None]
        return Fen(sum(seen)) if seen else None

    @property
    def lost(self) -> Fen | None:
        """What yesterday lost in them."""
        seen = [line.clocks.lost for line in self.lines if line.clocks is not None]
        return Fen(sum(seen)) if seen else None

    @property
    def orders(self) -> int | None:
        """The orders of yesterday in them."""
        seen = [line.sales.orders for line in self.lines if line.clocks is not None and line.sales is not None]
        return sum(seen) if seen else None


def across(house: House, by: Person, now: datetime, *, first: int = FIRST) -> Across:
    """The shops whose to-dos this person sees, by what each loses; money only of those whose money they see."""
    yesterday = days_up_to(shanghai_day(now), 1).before
    first_of_all = ranked(house, by, now, limit=first)
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.TODO_READ, None)
        totals = deadline_totals.of_shops(tx, list(shops))
        stale = {age.shop_id for age in ages_in(tx, house, shops, now) if age.is_stale}
        seen = {shop_id: _money(tx, by, shop_id, yesterday, now) for shop_id in shops}
    first_in = {shop_id: _first_in(house, by, shop_id, now, first_of_all) for shop_id in shops}
    lines = [
        _line(shop, [total for total in totals if total.shop_id == shop_id], seen[shop_id], first_in[shop_id], shop_id in stale)
        for shop_id, shop in shops.items()
    ]
    lines.sort(key=lambda line: (-line.expected_loss, -line.at_risk, -line.urgent, line.shop.shop_id))
    return Across(now=now, yesterday=yesterday, lines=tuple(lines), first=first_of_all)


def _money(tx: Tx, by: Person, shop_id: ShopId, yesterday: Period, now: datetime) -> tuple[Sales | None, Clocks | None]:
    if not by.may(Permission.MONEY_READ, shop_id):
        return None, None
    sales = sales_of(records.sales(tx, shop_id, yesterday.first, yesterday.last))
    return sales, clocks_of(tx, shop_id, yesterday, now)


def _first_in(house: House, by: Person, shop_id: ShopId, now: datetime, first_of_all: Sequence[TodoItem]) -> TodoItem | None:
    """The first of the shop; where one of it stands among the first of all, it is that."""
    found = next((item for item in first_of_all if item.shop_id == shop_id), None)
    if found is not None:
        return found
    return next(iter(ranked(house, by, now, shop_ids=[shop_id], limit=1)), None)


def _line(shop: ShopInfo, totals: Sequence[BandTotal], money: tuple[Sales | None, Clocks | None], first: TodoItem | None, is_stale: bool) -> ShopLine:
    def summed(band: Band) -> BandSum:
        inside = [total for total in totals if total.band == band]
        return BandSum(band, sum(total.deadlines for total in inside), Fen(sum(total.at_risk for total in inside)))

    sales, clocks = money
    return ShopLine(
        shop=shop,
        bands={band: summed(band) for band in SHOWN_BANDS},
        expected_loss=Fen(sum(total.worth for total in totals if total.band in SHOWN_BANDS)),
        lost_in_an_hour=Fen(sum(total.worth for total in totals if total.band == Band.HOUR)),
        sales=sales,
        clocks=clocks,
        is_stale=is_stale,
        first=first,
    )
