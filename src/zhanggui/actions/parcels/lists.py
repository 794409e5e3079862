"""Parcels as pages show them: lists by what troubles them and where they stand, and one parcel with everything that was told of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.parcels.foresight import Chance, chance_of_stall
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.parcels import Anomaly, AnomalyKind, Parcel, ParcelState
from zhanggui.core.scantext import Reading, read_scan
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, parcel_lists, parcels
from zhanggui.records.db import Tx
from zhanggui.records.parcel_lists import Listed, Wanted

DAYS_COUNTED = 30
MOST_BRANCHES = 12


class ParcelRow(msgspec.Struct, frozen=True):
    """One line of the list: the parcel, its troubles that last, and the chance that it stalls next."""

    shop_id: ShopId
    shop_name: str
    parcel: Parcel
    troubles: tuple[Anomaly, ...]
    chance: Chance | None
    seen_to: datetime | None = None
    """When its traces were looked at last."""

    @property
    def is_unsure(self) -> bool:
        """Whether the last look lies before the limit that ran out: an event may have come that nobody told us of."""
        return self.seen_to is not None and any(one.until is None and self.seen_to < one.at for one in self.troubles)

    @property
    def at_risk(self) -> Fen:
        """The most that any of the troubles puts at risk: they are the same money."""
        return max((one.at_risk for one in self.troubles), default=Fen(0))


class ParcelsPage(msgspec.Struct, frozen=True):
    """A page of the list."""

    rows: tuple[ParcelRow, ...]
    next_cursor: str | None


class TroubleCount(msgspec.Struct, frozen=True):
    """So many troubles of one kind, at one carrier or at one branch."""

    name: str
    parcels: int
    at_risk: Fen


class Overview(msgspec.Struct, frozen=True):
    """What lasts now, by kind, carrier, branch and province, and how many parcels of the last thirty days stand where."""

    troubled: int
    """So many parcels; one may have several troubles."""
    kinds: tuple[TroubleCount, ...]
    carriers: tuple[TroubleCount, ...]
    branches: tuple[TroubleCount, ...]
    provinces: tuple[TroubleCount, ...]
    states: Mapping[str, int]


class ScanLine(msgspec.Struct, frozen=True):
    """One event as it was told and as it was read."""

    at: datetime
    text: str
    stage: str
    """What the source says it is, where it says so; else what the words say."""
    reading: Reading


class ParcelView(msgspec.Struct, frozen=True):
    """Everything known of one tracking number: the parcels that bear it (one for each order), and what was told of it, newest first."""

    shop_id: ShopId
    shop_name: str
    tracking_no: str
    parcels: tuple[Parcel, ...]
    scans: tuple[ScanLine, ...]
    chance: Chance | None
    looked_up_at: datetime | None
    """When it was last asked about and nothing was known of it."""
    seen_to: datetime | None
    """When its traces were looked at last."""


def parcels_page(
    house: House,
    by: Person,
    now: datetime,
    *,
    shop_ids: Sequence[ShopId] | None = None,
    state: ParcelState | None = None,
    is_troubled: bool = False,
    kind: AnomalyKind | None = None,
    carrier: str | None = None,
    province: str | None = None,
    place: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> ParcelsPage:
    """A page of parcels, the newest first; `is_troubled` or a kind: only those in which something is wrong that lasts, the latest trouble first."""
    after = cursors.read(cursor, tuple[datetime, str, int, str]) if cursor else None
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.ORDERS_READ, shop_ids)
        wanted = Wanted(
            shop_ids=[int(shop_id) for shop_id in shops],
            state=None if state is None else state.value,
            kind=None if kind is None else kind.value,
            carrier=carrier or None,
            province=province or None,
            place=place or None,
            after=after,
            limit=limit + 1,
        )
        found = (parcel_lists.troubled if is_troubled or kind is not None else parcel_lists.page)(tx, wanted, now)
        names = {shop_id: shop.name for shop_id, shop in shops.items()}
        rows = _rows(tx, names, _once(found[:limit]), now)
    last = found[limit - 1] if len(found) > limit else None
    return ParcelsPage(rows, cursors.write((last.at, last.order_no, last.shop_id, last.tracking_no)) if last else None)


def overview(house: House, by: Person, shop_ids: Sequence[ShopId] | None, now: datetime) -> Overview:
    """What troubles parcels now and where they stand, without counting parcels."""
    with house.pool.connection() as tx:
        shops = list(shops_with(tx, by, Permission.ORDERS_READ, shop_ids))
        told = parcel_lists.troubles(tx, shops, now)
        troubled = parcel_lists.troubled_count(tx, shops, now)
        states = parcel_lists.states(tx, shops, shanghai_day(now) - timedelta(days=DAYS_COUNTED - 1))
    return Overview(
        troubled=troubled,
        kinds=_added((row.kind, row.parcels, row.at_risk) for row in told),
        carriers=_added((row.carrier, row.parcels, row.at_risk) for row in told),
        branches=_added((row.place, row.parcels, row.at_risk) for row in told)[:MOST_BRANCHES],
        provinces=_added((row.province, row.parcels, row.at_risk) for row in told),
        states=states,
    )


def one_parcel(house: House, by: Person, shop_id: ShopId, tracking_no: str, now: datetime) -> ParcelView | None:
    """Everything known of this number; None where no parcel of the shop bears it and nothing was told of it."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        shop = shops_with(tx, by, Permission.ORDERS_READ, [shop_id]).get(shop_id)
        if shop is None:
            raise NotAllowed(Permission.ORDERS_READ.value)
        found = tuple(parcels.of_numbers(tx, shop_id, [tracking_no]))
        scans = [known.facts for known in around.scans(tx, shop_id, [tracking_no]).get(tracking_no, ())]
        if not found and not scans:
            return None
        lines = tuple(ScanLine(scan.at, scan.text, scan.stage.value, read_scan(scan.text)) for scan in sorted(scans, key=lambda one: one.at, reverse=True))
        chance = chance_of_stall(tx, shop_id, [tracking_no], now).get(tracking_no)
        looked_up = parcels.lookups(tx, shop_id, [tracking_no]).get(tracking_no)
        seen_to = parcels.seen_to(tx, shop_id, [tracking_no]).get(tracking_no)
    return ParcelView(shop_id, shop.name, tracking_no, found, lines, chance, looked_up, seen_to)


def lasting(parcel: Parcel, now: datetime) -> tuple[Anomaly, ...]:
    """What is wrong with it by now and lasts, the dearest and oldest first."""
    return tuple(sorted((one for one in parcel.anomalies if one.at <= now and parcel.is_open(one)), key=lambda one: (-one.at_risk, one.at)))


def _rows(tx: Tx, names: Mapping[ShopId, str], found: Sequence[Listed], now: datetime) -> tuple[ParcelRow, ...]:
    told = [(ShopId(row.shop_id), row.parcel) for row in found]
    chances: dict[tuple[ShopId, str], Chance] = {}
    seen: dict[tuple[ShopId, str], datetime] = {}
    for shop_id in {shop_id for shop_id, _ in told}:
        numbers = [parcel.tracking_no for owner, parcel in told if owner == shop_id and not parcel.is_over]
        seen |= {(shop_id, no): at for no, at in parcels.seen_to(tx, shop_id, numbers).items()}
        chances |= {(shop_id, no): chance for no, chance in chance_of_stall(tx, shop_id, numbers, now).items()}
    return tuple(
        ParcelRow(
            shop_id,
            names[shop_id],
            parcel,
            lasting(parcel, now),
            chances.get((shop_id, parcel.tracking_no)),
            seen.get((shop_id, parcel.tracking_no)),
        )
        for shop_id, parcel in told
    )


def _once(found: Sequence[Listed]) -> list[Listed]:
    """Each parcel once, where it stands for several troubles of the kind asked for."""
    return list({(row.shop_id, row.facts): row for row in reversed(found)}.values())[::-1]


def _added(told: Iterable[tuple[str, int, int]]) -> tuple[TroubleCount, ...]:
    sums: dict[str, list[int]] = {}
    for name, many, at_risk in told:
        total = sums.setdefault(name, [0, 0])
        total[0] += many
        total[1] += at_risk
    counted = (TroubleCount(name, many, Fen(at_risk)) for name, (many, at_risk) in sums.items())
    return tuple(sorted(counted, key=lambda one: (-one.parcels, one.name)))
