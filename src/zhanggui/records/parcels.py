"""Parcels as rows: kept equal to what is computed from the facts, with their anomalies and the totals that pages read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.parcels import Parcel
from zhanggui.records.db import Tx
from zhanggui.records.says import revived
from zhanggui.records.streams import copy_rows

HELD = "select order_no, tracking_no, facts::text from parcels where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
OF_NUMBERS = "select facts::text from parcels where shop_id = %(shop_id)s and tracking_no = any(%(nos)s) order by tracking_no, order_no"
COPY_NEW = """
    copy parcels (shop_id, order_no, tracking_no, carrier, province, shipped_at, day, state, place, picked_up_at, last_at, delivered_at, abnormal_at,
        troubled_at, facts)
    from stdin
"""
COPY_ANOMALIES = "copy parcel_anomalies (shop_id, order_no, tracking_no, kind, at, is_open, carrier, province, place, at_risk) from stdin"
REMOVE = """
    delete from parcels
    using unnest(%(order_nos)s::text[], %(tracking_nos)s::text[]) as gone (order_no, tracking_no)
    where parcels.shop_id = %(shop_id)s and parcels.order_no = gone.order_no and parcels.tracking_no = gone.tracking_no
"""
ADD = """
    insert into parcel_totals (shop_id, day, carrier, province, state, parcels)
    select %(shop_id)s, day, carrier, province, state, parcels
    from unnest(%(days)s::date[], %(carriers)s::text[], %(provinces)s::text[], %(states)s::text[], %(counts)s::bigint[])
        as delta (day, carrier, province, state, parcels)
    order by day, carrier, province, state
    on conflict (shop_id, day, carrier, province, state) do update set parcels = parcel_totals.parcels + excluded.parcels
"""
DROP_EMPTY = "delete from parcel_totals where shop_id = %(shop_id)s and parcels = 0 and day = any(%(days)s)"
LOOKED_UP = "select tracking_no, asked_at from parcel_lookups where shop_id = %(shop_id)s and tracking_no = any(%(nos)s)"
SEEN_TO = "select tracking_no, max(as_of) from scans where shop_id = %(shop_id)s and tracking_no = any(%(nos)s) group by tracking_no"
NOTE_LOOKUP = """
    insert into parcel_lookups (shop_id, tracking_no, asked_at) values (%(shop_id)s, %(tracking_no)s, %(asked_at)s)
    on conflict (shop_id, tracking_no) do update set asked_at = greatest(parcel_lookups.asked_at, excluded.asked_at)
"""
NUMBERED = """
    select order_no from orders
    where shop_id = %(shop_id)s and tracking_no is not null and order_no > %(after)s
    order by order_no
    limit %(limit)s
"""
TO_FILL = """
    select shop_id from shop_homes
    where not exists (select 1 from parcels_filled where parcels_filled.shop_id = shop_homes.shop_id and parcels_filled.is_done) order by shop_id
"""
BEGIN_FILLING = """
    insert into parcels_filled (shop_id, is_done, at) values (%(shop_id)s, false, %(at)s)
    on conflict (shop_id) do update set is_done = false, at = excluded.at
"""
FILL_AGAIN = "delete from parcels_filled where shop_id = %(shop_id)s"
# whoever asked for it once more meanwhile has taken the row away
FILLED = "update parcels_filled set is_done = true, at = %(at)s where shop_id = %(shop_id)s"

Place = tuple[date, str, str, str]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Parcel).decode


def held(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[tuple[str, str], tuple[Parcel, str]]:
    """The stored parcels of these orders with their very bytes, by order and tracking number."""
    rows = tx.execute(HELD, {"shop_id": shop_id, "nos": list(order_nos)}).fetchall() if order_nos else []
    return {(order_no, tracking_no): (_decode(facts), facts) for order_no, tracking_no, facts in rows}


def of_numbers(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> list[Parcel]:
    """The parcels that bear these tracking numbers; one number may go with several orders."""
    return [whole(facts) for (facts,) in tx.execute(OF_NUMBERS, {"shop_id": shop_id, "nos": list(tracking_nos)})]


def whole(facts: str) -> Parcel:
    """A stored parcel, the moments in its sentences brought back."""
    parcel = _decode(facts)
    told = tuple(msgspec.structs.replace(one, because=revived(one.because)) for one in parcel.anomalies)
    return msgspec.structs.replace(parcel, anomalies=told)


def encoded(parcel: Parcel) -> str:
    """The parcel as it is stored."""
    return _encode(parcel).decode()


def put(tx: Tx, shop_id: int, parcels: Sequence[tuple[Parcel, str]]) -> None:
    """Stores parcels that have no row, each with its JSON."""
    if not parcels:
        return
    copy_rows(tx, COPY_NEW, (_row(shop_id, parcel, facts) for parcel, facts in parcels))
    copy_rows(tx, COPY_ANOMALIES, (row for parcel, _ in parcels for row in _anomaly_rows(shop_id, parcel)))


def remove(tx: Tx, shop_id: int, keys: Sequence[tuple[str, str]]) -> None:
    """Takes the rows of these parcels away, by order and tracking number, and what hangs on them."""
    if keys:
        tx.execute(REMOVE, {"shop_id": shop_id, "order_nos": [one for one, _ in keys], "tracking_nos": [other for _, other in keys]})


class Totals:
    """Adds up what comes and goes until it is stored."""

    def __init__(self) -> None:
        self._sums: dict[Place, int] = {}

    def come(self, parcel: Parcel, many: int = 1) -> None:
        """One parcel more."""
        place = (shanghai_day(parcel.shipped_at), parcel.carrier, parcel.province, parcel.state.value)
        self._sums[place] = self._sums.get(place, 0) + many

    def go(self, parcel: Parcel) -> None:
        """One parcel less."""
        self.come(parcel, -1)

    def store(self, tx: Tx, shop_id: int) -> None:
        """Lets the stored totals follow."""
        changed: Iterable[tuple[Place, int]] = [(place, many) for place, many in self._sums.items() if many]
        self._sums = {}
        if not changed:
            return
        slots = {
            "shop_id": shop_id,
            "days": [place[0] for place, _ in changed],
            "carriers": [place[1] for place, _ in changed],
            "provinces": [place[2] for place, _ in changed],
            "states": [place[3] for place, _ in changed],
            "counts": [many for _, many in changed],
        }
        tx.execute(ADD, slots)
        tx.execute(DROP_EMPTY, {"shop_id": shop_id, "days": sorted({place[0] for place, _ in changed})})


def lookups(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> dict[str, datetime]:
    """When each of these parcels was last asked about and nothing was known of it."""
    return dict(tx.execute(LOOKED_UP, {"shop_id": shop_id, "nos": list(tracking_nos)}).fetchall()) if tracking_nos else {}


def seen_to(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> dict[str, datetime]:
    """Up to when the traces of these parcels were looked at last; those of which nothing was ever told are left out."""
    return dict(tx.execute(SEEN_TO, {"shop_id": shop_id, "nos": list(tracking_nos)}).fetchall()) if tracking_nos else {}


def note_lookup(tx: Tx, shop_id: int, tracking_no: str, asked_at: datetime) -> None:
    """Notes that the parcel was asked about and nothing was known of it."""
    tx.execute(NOTE_LOOKUP, {"shop_id": shop_id, "tracking_no": tracking_no, "asked_at": asked_at})


def numbered_orders(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The next orders that bear a tracking number, by order number."""
    return [no for (no,) in tx.execute(NUMBERED, {"shop_id": shop_id, "after": after, "limit": limit})]


def shops_to_fill(tx: Tx) -> list[int]:
    """The shops whose older parcels were not made into rows yet."""
    return [shop_id for (shop_id,) in tx.execute(TO_FILL)]


def fill_again(tx: Tx, shop_id: int) -> None:
    """Asks for all parcels of the shop to be computed anew."""
    tx.execute(FILL_AGAIN, {"shop_id": shop_id})


def begin_filling(tx: Tx, shop_id: int, at: datetime) -> None:
    """Notes that the shop's parcels are being computed."""
    tx.execute(BEGIN_FILLING, {"shop_id": shop_id, "at": at})


def filled(tx: Tx, shop_id: int, at: datetime) -> None:
    """Notes that they all were, unless they were asked for once more since it began."""
    tx.execute(FILLED, {"shop_id": shop_id, "at": at})


def _row(shop_id: int, parcel: Parcel, facts: str) -> tuple[object, ...]:
    return (
        shop_id,
        parcel.order_no,
        parcel.tracking_no,
        parcel.carrier,
        parcel.province,
        parcel.shipped_at,
        shanghai_day(parcel.shipped_at),
        parcel.state.value,
        parcel.place,
        parcel.picked_up_at,
        parcel.last_at,
        parcel.delivered_at,
        parcel.abnormal_at,
        min((one.at for one in parcel.anomalies if parcel.is_open(one)), default=None),
        facts,
    )


def _anomaly_rows(shop_id: int, parcel: Parcel) -> Iterable[tuple[object, ...]]:
    for one in parcel.anomalies:
        yield (
            shop_id,
            parcel.order_no,
            parcel.tracking_no,
            one.kind.value,
            one.at,
            parcel.is_open(one),
            parcel.carrier,
            parcel.province,
            parcel.place,
            one.at_risk,
        )
