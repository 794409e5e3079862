"""The shape of the database: numbered .sql files, each applied once, in order, and remembered with its digest."""

import hashlib
from collections.abc import Collection
from importlib import resources

import msgspec
from psycopg import errors

from zhanggui import clock
from zhanggui.core.say import Say, say
from zhanggui.records.db import Tx, connect
from zhanggui.records.spread import apply_spread, is_spread
from zhanggui.records.whole import is_half_filled

LOCK = "select pg_advisory_xact_lock(7203190418)"
MAKE_LEDGER = "create table if not exists schema_migrations (name text primary key, digest text not null, applied_at timestamptz not null)"
APPLIED = "select name, digest from schema_migrations order by name"
REMEMBER = "insert into schema_migrations (name, digest, applied_at) values (%s, %s, %s)"


HALF_FILLED = say(
    "An export was being brought back into this home and did not come to its end, so the data are not whole. "
    "Bring it back once more with import-export, which begins anew."
)


OLDEST = 18
"""The oldest PostgreSQL that knows every statement of the house, by its first number."""


MAY_NOT = say(
    "The account that DATABASE_URL names may not make tables in its database. Make it the owner of that database, or let it create in the schema public."
)


class Migration(msgspec.Struct, frozen=True):
    """One numbered step: its name, its statements and their digest."""

    name: str
    sql: str
    digest: str


class MigrationRefused(Exception):
    """The database and this program do not fit together; `say` tells why and what to do."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text.format(**sentence.slots))
        self.say = sentence


def migrate(conninfo: str, *, only: Collection[str] | None = None, is_filling: bool = False) -> list[str]:
    """The names of the migrations applied now: those the database had not seen, or with `only` such of them. All or none, and never by two at once.

    A house into which an export was being brought back is refused to all but who fills it. Raises MigrationRefused.
    """
    try:
        return _migrated(conninfo, only, is_filling=is_filling)
    except errors.InsufficientPrivilege as problem:
        raise MigrationRefused(MAY_NOT) from problem


def _migrated(conninfo: str, only: Collection[str] | None, *, is_filling: bool) -> list[str]:
    with connect(conninfo) as tx:
        refuse_too_old(tx)
        tx.execute(LOCK)
        if not is_filling and is_half_filled(tx):
            raise MigrationRefused(HALF_FILLED)
        tx.execute(MAKE_LEDGER)
        seen = dict(tx.execute(APPLIED).fetchall())
        known = migrations()
        _refuse_strangers(seen, known)
        missing = [step for step in known if step.name not in seen and (only is None or step.name in only)]
        on_several = is_spread(tx)
        for step in missing:
            _apply(tx, step, on_several=on_several)
    return [step.name for step in missing]


def refuse_too_old(tx: Tx) -> None:
    """Raises MigrationRefused where the server does not know what the house asks of it."""
    version = tx.info.server_version // 10_000
    if version < OLDEST:
        raise MigrationRefused(say("PostgreSQL {version} is too old: version {oldest} or newer is needed.", version=version, oldest=OLDEST))


def migrations() -> list[Migration]:
    """Every migration this program carries, in order."""
    folder = resources.files("zhanggui.records") / "migrations"
    texts = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [Migration(name, sql, hashlib.sha256(sql.encode()).hexdigest()) for name, sql in texts]


def _refuse_strangers(seen: dict[str, str], known: list[Migration]) -> None:
    digests = {step.name: step.digest for step in known}
    for name, digest in seen.items():
        if name not in digests:
            raise MigrationRefused(
                say(
                    "The data were last used by a newer version of Zhanggui (it knows {migration}, this one does not). Install that version again.",
                    migration=name,
                )
            )
        if digests[name] != digest:
            raise MigrationRefused(
                say("The step {migration} of this program is not the one these data were made with. Install the version they were made with.", migration=name)
            )


def _apply(tx: Tx, step: Migration, *, on_several: bool) -> None:
    # the text is our own file, and holds no parameters
    if on_several:
        apply_spread(tx, step.sql)
    else:
        tx.execute(step.sql)
    tx.execute(REMEMBER, (step.name, step.digest, clock.now()))
