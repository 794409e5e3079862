"""What happened at the door under somebody's name, for their own eyes: sign-ins, and tries that failed. Kept for ninety days."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from psycopg.rows import class_row

from zhanggui.people.permissions import PersonId
from zhanggui.records.db import Tx, may_be_lost

KEPT = timedelta(days=90)

INSERT = "insert into entries (person_id, at, what, device, network) values (%(person_id)s, %(at)s, %(what)s, %(device)s, %(network)s)"
# by the sign-in name, whether anybody bears it or not: an answer must not take longer for a name there is
INSERT_OF_LOGIN = """
    insert into entries (person_id, at, what, device, network)
    select person_id, %(at)s, %(what)s, %(device)s, %(network)s from people where login = %(login)s and closed_at is null
"""
NEWEST = "select at, what, device, network from entries where person_id = %(person_id)s order by entry_no desc limit %(limit)s"
SWEEP = "delete from entries where at < %(before)s"


class EntryKind(StrEnum):
    """What happened."""

    PASSWORD = "entry.password"  # noqa: S105 - a word, no password
    CODE = "entry.code"
    RECOVERY = "entry.recovery"
    PASSKEY = "entry.passkey"
    INVITED = "entry.invited"
    WRONG_PASSWORD = "entry.wrong_password"  # noqa: S105 - a word, no password
    WRONG_CODE = "entry.wrong_code"
    WRONG_PASSKEY = "entry.wrong_passkey"


GOOD = frozenset({EntryKind.PASSWORD, EntryKind.CODE, EntryKind.RECOVERY, EntryKind.PASSKEY, EntryKind.INVITED})


class Came(msgspec.Struct, frozen=True):
    """Where somebody comes from: the device in a few words, and the net. The whole address is there to count tries by, and never kept."""

    device: str = ""
    network: str = ""
    address: str | None = None

    def __repr__(self) -> str:
        return f"Came({self.device!r}, {self.network!r})"


class Entered(msgspec.Struct, frozen=True):
    """One line of it."""

    at: datetime
    what: str
    device: str
    network: str

    @property
    def is_good(self) -> bool:
        """Whether somebody was let in."""
        return self.what in GOOD


def write(tx: Tx, person_id: PersonId, what: EntryKind, came: Came, now: datetime) -> None:
    """Note what happened."""
    tx.execute(INSERT, {"person_id": person_id, "at": now, "what": what.value, "device": came.device[:120], "network": came.network})


def write_wrong_password(tx: Tx, login: str, came: Came, now: datetime) -> None:
    """Note a wrong password for whoever bears this name, if anybody does."""
    may_be_lost(tx)
    tx.execute(INSERT_OF_LOGIN, {"login": login, "at": now, "what": EntryKind.WRONG_PASSWORD.value, "device": came.device[:120], "network": came.network})


def newest(tx: Tx, person_id: PersonId, limit: int) -> tuple[Entered, ...]:
    """The newest ones, newest first."""
    with tx.cursor(row_factory=class_row(Entered)) as cursor:
        return tuple(cursor.execute(NEWEST, {"person_id": person_id, "limit": limit}).fetchall())


def sweep(tx: Tx, now: datetime) -> int:
    """Forget what is old; how many."""
    return tx.execute(SWEEP, {"before": now - KEPT}).rowcount
