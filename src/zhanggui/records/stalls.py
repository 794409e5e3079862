"""What was learnt of how parcels stall, in versions, and the histories it is learnt from."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import ScanStage
from zhanggui.core.parcels import Parcel
from zhanggui.core.parcels.legs import Told
from zhanggui.records.db import Tx
from zhanggui.records.parcels import whole

KEPT = 10
"""So many versions of a shop are kept."""
AT_ONCE = 1000


class StoredModel(msgspec.Struct, frozen=True):
    """One version: its report and its numbers as JSON and MessagePack."""

    version: int
    made_at: datetime
    learnt_to: datetime
    legs: int
    report: str
    model: bytes


NEWEST = "select version, made_at, learnt_to, legs, report::text as report, model from stall_models where shop_id = %(shop_id)s order by version desc limit 1"
NEWEST_VERSION = "select version, made_at from stall_models where shop_id = %(shop_id)s order by version desc limit 1"
PUT = """
    insert into stall_models (shop_id, version, made_at, learnt_to, legs, report, model)
    select %(shop_id)s, coalesce(max(version), 0) + 1, %(made_at)s, %(learnt_to)s, %(legs)s, %(report)s::json, %(model)s
    from stall_models where shop_id = %(shop_id)s
"""
FORGET_OLD = """
    delete from stall_models
    where shop_id = %(shop_id)s and version <= (select max(version) from stall_models where shop_id = %(shop_id)s) - %(kept)s
"""
VERSIONS = "select version, made_at, report::text from stall_models where shop_id = %(shop_id)s order by version desc"
# parcels of which anything was told; the events of many are read at once
SOME_PARCELS = """
    select facts::text from parcels
    where shop_id = %(shop_id)s and last_at is not null and shipped_at > %(since)s
        and (shipped_at, order_no, tracking_no) < (%(before)s, %(before_no)s, %(before_tracking)s)
    order by shipped_at desc, order_no desc, tracking_no desc
    limit %(limit)s
"""
TOLD = """
    select tracking_no, at, stage from scans
    where shop_id = %(shop_id)s and tracking_no = any(%(nos)s) and stage <> 'unknown'
    order by tracking_no, at, text
"""
NEWEST_EVENT = "select max(last_at) from parcels where shop_id = %(shop_id)s"


def newest(tx: Tx, shop_id: int) -> StoredModel | None:
    """The last version."""
    with tx.cursor(row_factory=class_row(StoredModel)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id}).fetchone()


def newest_version(tx: Tx, shop_id: int) -> tuple[int, datetime] | None:
    """The number of the last version, and when it was made."""
    row = tx.execute(NEWEST_VERSION, {"shop_id": shop_id}).fetchone()
    return None if row is None else (row[0], row[1])


def versions(tx: Tx, shop_id: int) -> list[tuple[int, datetime, str]]:
    """Every version that is kept with its report, the newest first."""
    return tx.execute(VERSIONS, {"shop_id": shop_id}).fetchall()


def put(tx: Tx, shop_id: int, *, made_at: datetime, learnt_to: datetime, legs: int, report: str, model: bytes) -> None:
    """Keeps one version more, and lets the oldest go."""
    tx.execute(PUT, {"shop_id": shop_id, "made_at": made_at, "learnt_to": learnt_to, "legs": legs, "report": report, "model": model})
    tx.execute(FORGET_OLD, {"shop_id": shop_id, "kept": KEPT})


def histories(tx: Tx, shop_id: int, since: datetime, until: datetime, most: int) -> Iterator[tuple[Parcel, list[Told]]]:
    """The newest parcels handed in between two moments of which anything was told, each with its events, oldest first."""
    before, left = (until, "", ""), most
    while left > 0:
        at, order_no, tracking_no = before
        slots = {"before": at, "before_no": order_no, "before_tracking": tracking_no, "shop_id": shop_id, "since": since, "limit": min(AT_ONCE, left)}
        some = [whole(facts) for (facts,) in tx.execute(SOME_PARCELS, slots)]
        if not some:
            return
        told = events(tx, shop_id, [parcel.tracking_no for parcel in some])
        for parcel in some:
            yield parcel, told.get(parcel.tracking_no, [])
        left -= len(some)
        before = (some[-1].shipped_at, some[-1].order_no, some[-1].tracking_no)


def events(tx: Tx, shop_id: int, tracking_nos: Sequence[str]) -> dict[str, list[Told]]:
    """The events of these parcels that say anything, oldest first."""
    found: dict[str, list[Told]] = {}
    for tracking_no, at, stage in tx.execute(TOLD, {"shop_id": shop_id, "nos": list(tracking_nos)}):
        found.setdefault(tracking_no, []).append((at, ScanStage(stage)))
    return found
