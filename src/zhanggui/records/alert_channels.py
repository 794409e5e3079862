"""Where alerts can be sent, the shop's terms about them, and when each person is left alone. What opens a way is sealed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.alerts.quiet import Quiet
from zhanggui.core.alerts.terms import AlertTerms
from zhanggui.records.db import Tx


class StoredChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as it stands in the table."""

    shop_id: int
    channel_no: int
    service: str
    name: str
    person_id: int | None
    tells: str
    language: str
    sealed: bytes
    shown: str
    is_on: bool
    paused_until: datetime | None
    recent: list[datetime]
    problem: str | None
    problem_at: datetime | None
    well_at: datetime | None

    def __repr__(self) -> str:
        return f"StoredChannel({self.channel_no}, {self.service!r})"


TERMS = "select terms::text from alert_terms where shop_id = %(shop_id)s"
KEEP_TERMS = """
    insert into alert_terms (shop_id, terms, changed_by, changed_at) values (%(shop_id)s, %(terms)s, %(by)s, %(now)s)
    on conflict (shop_id) do update set terms = excluded.terms, changed_by = excluded.changed_by, changed_at = excluded.changed_at
"""
QUIET = "select person_id, quiet::text from alert_quiet where shop_id = %(shop_id)s"
KEEP_QUIET = """
    insert into alert_quiet (shop_id, person_id, quiet) values (%(shop_id)s, %(person_id)s, %(quiet)s)
    on conflict (shop_id, person_id) do update set quiet = excluded.quiet
"""
FORGET_QUIET = "delete from alert_quiet where shop_id = %(shop_id)s and person_id = %(person_id)s"
INSERT = """
    insert into alert_channels (shop_id, service, name, person_id, tells, language, sealed, shown, made_by, made_at)
    values (%(shop_id)s, %(service)s, %(name)s, %(person_id)s, %(tells)s, %(language)s, %(sealed)s, %(shown)s, %(by)s, %(now)s)
    returning channel_no
"""
OF_SHOP = """
    select shop_id, channel_no, service, name, person_id, tells, language, sealed, shown, is_on, paused_until, recent, problem::text as problem, problem_at,
        well_at
    from alert_channels where shop_id = %(shop_id)s order by person_id nulls first, channel_no
"""
LOCK_ONE = """
    select shop_id, channel_no, service, name, person_id, tells, language, sealed, shown, is_on, paused_until, recent, problem::text as problem, problem_at,
        well_at
    from alert_channels where shop_id = %(shop_id)s and channel_no = %(channel_no)s
    for update
"""
# of people only those who still have a part in the shop: who has left hears nothing more
TOLD = """
    select alert_channels.channel_no, alert_channels.person_id from alert_channels
    where alert_channels.shop_id = %(shop_id)s and alert_channels.is_on and alert_channels.tells = any(%(tells)s)
        and (alert_channels.person_id is null or exists (
            select 1 from memberships join people on people.person_id = memberships.person_id
            where memberships.shop_id = %(shop_id)s and memberships.person_id = alert_channels.person_id and people.closed_at is null
        ))
    order by alert_channels.channel_no
"""
# a way that was mended begins anew
SWITCH = """
    update alert_channels set is_on = %(is_on)s, paused_until = null, problem = null, problem_at = null
    where shop_id = %(shop_id)s and channel_no = %(channel_no)s
"""
REMOVE = "delete from alert_channels where shop_id = %(shop_id)s and channel_no = %(channel_no)s"
# the row stays for what was sent through it; what opened it is gone
WIPE_OF = """
    update alert_channels set sealed = '', is_on = false, paused_until = null, problem = null, problem_at = null
    where shop_id = %(shop_id)s and person_id = %(person_id)s
"""
LEAVES = "update alert_channels set recent = %(recent)s where shop_id = %(shop_id)s and channel_no = %(channel_no)s"
RESTS = "update alert_channels set paused_until = %(until)s where shop_id = %(shop_id)s and channel_no = %(channel_no)s"
TROUBLED = """
    update alert_channels set paused_until = %(until)s, problem = %(problem)s, problem_at = %(wall)s
    where shop_id = %(shop_id)s and channel_no = %(channel_no)s
"""
WELL = """
    update alert_channels set paused_until = null, problem = null, problem_at = null, well_at = %(wall)s
    where shop_id = %(shop_id)s and channel_no = %(channel_no)s
"""


def terms_of(tx: Tx, shop_id: int) -> AlertTerms:
    """The shop's terms, the house's where it has none."""
    row = tx.execute(TERMS, {"shop_id": shop_id}).fetchone()
    return AlertTerms() if row is None else msgspec.json.decode(row[0], type=AlertTerms)


def keep_terms(tx: Tx, shop_id: int, terms: AlertTerms, by: int | None, now: datetime) -> None:
    """Keeps the shop's terms."""
    tx.execute(KEEP_TERMS, {"shop_id": shop_id, "terms": msgspec.json.encode(terms).decode(), "by": by, "now": now})


def quiet_of(tx: Tx, shop_id: int) -> dict[int, tuple[Quiet, ...]]:
    """When each person who said so is left alone."""
    return {person_id: msgspec.json.decode(quiet, type=tuple[Quiet, ...]) for person_id, quiet in tx.execute(QUIET, {"shop_id": shop_id})}


def keep_quiet(tx: Tx, shop_id: int, person_id: int, quiet: Sequence[Quiet] | None) -> None:
    """Keeps when the person is left alone; None: as the shop is."""
    if quiet is None:
        tx.execute(FORGET_QUIET, {"shop_id": shop_id, "person_id": person_id})
    else:
        tx.execute(KEEP_QUIET, {"shop_id": shop_id, "person_id": person_id, "quiet": msgspec.json.encode(quiet).decode()})


def insert(
    tx: Tx,
    shop_id: int,
    *,
    service: str,
    name: str,
    person_id: int | None,
    tells: str,
    language: str,
    sealed: bytes,
    shown: str,
    by: int | None,
    now: datetime,
) -> int:
    """The number of the new channel."""
    slots = {"shop_id": shop_id, "service": service, "name": name, "person_id": person_id, "tells": tells, "language": language, "sealed": sealed}
    row = tx.execute(INSERT, slots | {"shown": shown, "by": by, "now": now}).fetchone()
    assert row is not None
    return int(row[0])


def of_shop(tx: Tx, shop_id: int) -> list[StoredChannel]:
    """The shop's channels, then those of its people."""
    with tx.cursor(row_factory=class_row(StoredChannel)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()


def locked(tx: Tx, shop_id: int, channel_no: int) -> StoredChannel | None:
    """The channel, held until the transaction ends, so that two workers never send through it at once."""
    with tx.cursor(row_factory=class_row(StoredChannel)) as cursor:
        return cursor.execute(LOCK_ONE, {"shop_id": shop_id, "channel_no": channel_no}).fetchone()


def told(tx: Tx, shop_id: int, tells: Sequence[str]) -> list[tuple[int, int | None]]:
    """The channels that carry this, with whose they are."""
    return [(channel_no, person_id) for channel_no, person_id in tx.execute(TOLD, {"shop_id": shop_id, "tells": list(tells)})]


def switch(tx: Tx, shop_id: int, channel_no: int, *, is_on: bool) -> None:
    """Opens or closes the channel."""
    tx.execute(SWITCH, {"shop_id": shop_id, "channel_no": channel_no, "is_on": is_on})


def remove(tx: Tx, shop_id: int, channel_no: int) -> None:
    """Wipes the channel and what was sent through it."""
    tx.execute(REMOVE, {"shop_id": shop_id, "channel_no": channel_no})


def wipe_of(tx: Tx, shop_id: int, person_id: int) -> None:
    """Forgets what opens the own channels of somebody who leaves the shop."""
    tx.execute(WIPE_OF, {"shop_id": shop_id, "person_id": person_id})


def leaves(tx: Tx, shop_id: int, channel_no: int, recent: Sequence[datetime]) -> None:
    """Notes when messages left."""
    tx.execute(LEAVES, {"shop_id": shop_id, "channel_no": channel_no, "recent": list(recent)})


def rests(tx: Tx, shop_id: int, channel_no: int, until: datetime) -> None:
    """Sends nothing through it before the moment; that is no trouble."""
    tx.execute(RESTS, {"shop_id": shop_id, "channel_no": channel_no, "until": until})


def troubled(tx: Tx, shop_id: int, channel_no: int, problem: str, until: datetime | None, wall: datetime) -> None:
    """Notes what went wrong, and until when nothing is sent."""
    tx.execute(TROUBLED, {"shop_id": shop_id, "channel_no": channel_no, "problem": problem, "until": until, "wall": wall})


def well(tx: Tx, shop_id: int, channel_no: int, wall: datetime) -> None:
    """Notes that a message was taken."""
    tx.execute(WELL, {"shop_id": shop_id, "channel_no": channel_no, "wall": wall})
