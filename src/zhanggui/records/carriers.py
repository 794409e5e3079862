"""The carriers of a shop: which it works with, when they come, what they cost, where they do not go, and what is tried."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.carriers.coverage import OutOfRange
from zhanggui.core.carriers.experiments import Experiment
from zhanggui.core.carriers.prices import PriceBand
from zhanggui.records.db import Tx


class Visit(msgspec.Struct, frozen=True):
    """A carrier takes parcels at this minute of the day, on these weekdays."""

    carrier: str
    at_minute: int
    weekdays: str


USED = "select carrier from carriers_used where shop_id = %(shop_id)s order by made_at, carrier"
USE = "insert into carriers_used (shop_id, carrier, made_at) values (%(shop_id)s, %(carrier)s, %(made_at)s) on conflict do nothing"
USE_NO_MORE = "delete from carriers_used where shop_id = %(shop_id)s and carrier = %(carrier)s"
VISITS = "select carrier, at_minute, weekdays from carrier_visits where shop_id = %(shop_id)s order by carrier, at_minute"
FORGET_VISITS = "delete from carrier_visits where shop_id = %(shop_id)s and carrier = %(carrier)s"
ADD_VISIT = "insert into carrier_visits (shop_id, carrier, at_minute, weekdays) values (%(shop_id)s, %(carrier)s, %(at_minute)s, %(weekdays)s)"
PRICES = "select carrier, province, above_g, fen, step_g, step_fen from carrier_prices where shop_id = %(shop_id)s order by carrier, province, above_g"
FORGET_PRICES = "delete from carrier_prices where shop_id = %(shop_id)s and carrier = any(%(carriers)s)"
ADD_PRICES = """
    insert into carrier_prices (shop_id, carrier, province, above_g, fen, step_g, step_fen)
    select %(shop_id)s, line.* from unnest(%(a)s::text[], %(b)s::text[], %(c)s::integer[], %(d)s::bigint[], %(e)s::integer[], %(f)s::bigint[]) as line
"""
GAPS = "select carrier, province, city, district from carrier_gaps where shop_id = %(shop_id)s order by carrier, province, city, district"
ADD_GAP = """
    insert into carrier_gaps (shop_id, carrier, province, city, district) values (%(shop_id)s, %(carrier)s, %(province)s, %(city)s, %(district)s)
    on conflict do nothing
"""
REMOVE_GAP = """
    delete from carrier_gaps
    where shop_id = %(shop_id)s and carrier = %(carrier)s and province = %(province)s and city = %(city)s and district = %(district)s
"""
EXPERIMENTS = """
    select experiment_no, name, shares::text, provinces::text, started_at, ended_at from carrier_experiments
    where shop_id = %(shop_id)s order by experiment_no desc limit %(limit)s
"""
BEGIN_EXPERIMENT = """
    insert into carrier_experiments (shop_id, name, shares, provinces, started_at, made_by)
    values (%(shop_id)s, %(name)s, %(shares)s::json, %(provinces)s::json, %(started_at)s, %(made_by)s)
    returning experiment_no
"""
END_EXPERIMENT = """
    update carrier_experiments set ended_at = %(now)s where shop_id = %(shop_id)s and experiment_no = %(experiment_no)s and ended_at is null returning name
"""


def used(tx: Tx, shop_id: int) -> list[str]:
    """The carriers the shop said it works with."""
    return [carrier for (carrier,) in tx.execute(USED, {"shop_id": shop_id})]


def use(tx: Tx, shop_id: int, carrier: str, made_at: datetime) -> None:
    """Notes that the shop works with the carrier."""
    tx.execute(USE, {"shop_id": shop_id, "carrier": carrier, "made_at": made_at})


def use_no_more(tx: Tx, shop_id: int, carrier: str) -> None:
    """Notes that it no longer does. Prices and visits are kept."""
    tx.execute(USE_NO_MORE, {"shop_id": shop_id, "carrier": carrier})


def visits(tx: Tx, shop_id: int) -> list[Visit]:
    """When carriers take parcels."""
    with tx.cursor(row_factory=class_row(Visit)) as cursor:
        return cursor.execute(VISITS, {"shop_id": shop_id}).fetchall()


def put_visits(tx: Tx, shop_id: int, carrier: str, minutes: Iterable[int], weekdays: str) -> None:
    """The carrier's visits, in the place of those there were."""
    tx.execute(FORGET_VISITS, {"shop_id": shop_id, "carrier": carrier})
    for at_minute in sorted(set(minutes)):
        tx.execute(ADD_VISIT, {"shop_id": shop_id, "carrier": carrier, "at_minute": at_minute, "weekdays": weekdays})


def prices(tx: Tx, shop_id: int) -> list[PriceBand]:
    """Every line of the shop's price tables."""
    with tx.cursor(row_factory=class_row(PriceBand)) as cursor:
        return cursor.execute(PRICES, {"shop_id": shop_id}).fetchall()


def put_prices(tx: Tx, shop_id: int, bands: Sequence[PriceBand]) -> None:
    """The price tables of the carriers that these lines name, in the place of those there were."""
    tx.execute(FORGET_PRICES, {"shop_id": shop_id, "carriers": sorted({band.carrier for band in bands})})
    slots = {
        "a": [band.carrier for band in bands],
        "b": [band.province for band in bands],
        "c": [band.above_g for band in bands],
        "d": [band.fen for band in bands],
        "e": [band.step_g for band in bands],
        "f": [band.step_fen for band in bands],
    }
    tx.execute(ADD_PRICES, {"shop_id": shop_id, **slots})


def forget_prices(tx: Tx, shop_id: int, carrier: str) -> None:
    """Forgets the carrier's price table."""
    tx.execute(FORGET_PRICES, {"shop_id": shop_id, "carriers": [carrier]})


def gaps(tx: Tx, shop_id: int) -> list[OutOfRange]:
    """Where carriers do not come."""
    with tx.cursor(row_factory=class_row(OutOfRange)) as cursor:
        return cursor.execute(GAPS, {"shop_id": shop_id}).fetchall()


def add_gap(tx: Tx, shop_id: int, gap: OutOfRange) -> None:
    """Notes that the carrier does not come there."""
    tx.execute(ADD_GAP, {"shop_id": shop_id} | msgspec.structs.asdict(gap))


def remove_gap(tx: Tx, shop_id: int, gap: OutOfRange) -> None:
    """Notes that it does come."""
    tx.execute(REMOVE_GAP, {"shop_id": shop_id} | msgspec.structs.asdict(gap))


def experiments(tx: Tx, shop_id: int, limit: int = 50) -> list[Experiment]:
    """The shop's experiments, the newest first."""
    rows = tx.execute(EXPERIMENTS, {"shop_id": shop_id, "limit": limit})
    return [
        Experiment(
            experiment_no=number,
            name=name,
            shares=msgspec.json.decode(shares, type=dict[str, int]),
            provinces=msgspec.json.decode(provinces, type=tuple[str, ...]),
            started_at=started_at,
            ended_at=ended_at,
        )
        for number, name, shares, provinces, started_at, ended_at in rows
    ]


def begin_experiment(tx: Tx, shop_id: int, name: str, shares: dict[str, int], provinces: Sequence[str], started_at: datetime, made_by: int | None) -> int:
    """A new experiment, and its number."""
    slots = {"name": name, "shares": msgspec.json.encode(shares).decode(), "provinces": msgspec.json.encode(provinces).decode()}
    row = tx.execute(BEGIN_EXPERIMENT, {"shop_id": shop_id, "started_at": started_at, "made_by": made_by, **slots}).fetchone()
    assert row is not None
    return int(row[0])


def end_experiment(tx: Tx, shop_id: int, experiment_no: int, now: datetime) -> str | None:
    """The name of the experiment that ends now; None where none of that number runs."""
    row = tx.execute(END_EXPERIMENT, {"shop_id": shop_id, "experiment_no": experiment_no, "now": now}).fetchone()
    return None if row is None else str(row[0])
