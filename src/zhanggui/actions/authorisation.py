"""The to-do to authorise again, kept in step with the shop's connection."""

from datetime import datetime

from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.core.clocks import authorisation_deadline
from zhanggui.core.connection import PLATFORM, Authorisation, ConnectionState
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.rules import NoSuchRule, Rulebook
from zhanggui.records import connections
from zhanggui.records.connections import ConnectionRecord
from zhanggui.records.db import Tx
from zhanggui.records.says import unpacked


def granted(row: ConnectionRecord) -> Authorisation | None:
    """What the shop has granted; None where it is not connected."""
    since = row.refreshed_at or row.authorised_at
    if since is None or row.state not in (ConnectionState.CONNECTED, ConnectionState.LAPSED):
        return None
    return Authorisation(granted_at=since, ends_at=row.ends_at, lapsed_at=row.lapsed_at, lapse=unpacked(row.lapse) if row.lapse else None)


def reckon_authorisation(tx: Tx, rulebook: Rulebook, row: ConnectionRecord, now: datetime) -> None:
    """Makes the to-do to authorise again what the connection says; there is none without one. The row has to be held."""
    reckoning = Reckoning(tx, row.shop_id, rulebook, now)
    store_authorisation(reckoning, row)
    reckoning.finish()


def store_authorisation(reckoning: Reckoning, row: ConnectionRecord | None = None) -> None:
    """The same inside a reckoning that is under way; without a row, of the connection that stands."""
    row = row or connections.one(reckoning.tx, reckoning.shop_id, lock=True)
    held = None if row is None else granted(row)
    computed: Computed = []
    if row is not None and held is not None:
        try:
            computed = [(authorisation_deadline(held, reckoning.rulebook), row.changed_at)]
        except NoSuchRule:
            computed = []  # a shop's own rules may leave a hole; then nobody is reminded
    reckoning.store(computed, {SubjectKind.CONNECTION.value: {PLATFORM}})
