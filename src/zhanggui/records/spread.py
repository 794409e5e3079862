"""A database spread over several servers by Citus: every table of a shop by its shop, all small shared tables copied whole to every server.

Nothing in the other modules knows of it. What makes it work is held by tests/house for every statement and key: the shop comes first, and is named.
"""

import re

import msgspec
from psycopg import sql

from zhanggui.core.say import Say, say
from zhanggui.records.db import Tx, connect

COPIED = ("shops", "memberships", "invitations", "factor_terms")
"""Small tables with a shop in them that are copied whole all the same: who may enter which shops is asked before any shop is known."""
SHARDS = 32
"""How many pieces a table is cut into where nobody says: four times the servers one begins with leaves room to grow by moving pieces."""

HAS_CITUS = "select exists (select 1 from pg_extension where extname = 'citus')"
OFFERS_CITUS = "select exists (select 1 from pg_available_extensions where name = 'citus')"
IS_SPREAD = "select exists (select 1 from pg_dist_partition where logicalrelid = to_regclass('shops'))"
ONE_AT_A_TIME = "set local citus.multi_shard_modify_mode to 'sequential'"
LOCK = "select pg_advisory_xact_lock(7203190418)"
NOT_YET = """
    select relname,
        relname <> all(%(copied)s) and exists (
            select 1 from pg_attribute where attrelid = pg_class.oid and attname = 'shop_id' and not attisdropped
        ) as is_of_a_shop
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'
        and not exists (select 1 from pg_dist_partition where logicalrelid = pg_class.oid)
        and not exists (select 1 from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by is_of_a_shop, relname
"""
KEYS = """
    select conrelid::regclass::text, confrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0
    order by 1, 3
"""
FIRST_SPREAD = """
    select logicalrelid::text from pg_dist_partition
    where partmethod = 'h' and logicalrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) order by 1 limit 1
"""
COPY_WHOLE = "select create_reference_table(%s)"
CUT_FIRST = "select create_distributed_table(%s, 'shop_id', colocate_with => 'none', shard_count => %s)"
CUT_BESIDE = "select create_distributed_table(%s, 'shop_id', colocate_with => %s)"
DROP_KEY = sql.SQL("alter table {table} drop constraint {key}")
ADD_KEY = sql.SQL("alter table {table} add constraint {key} {definition}")

_CREATED = re.compile(r"^create table (\w+) \((.*?)^\);", re.MULTILINE | re.DOTALL)
_WHOLE_KEY = re.compile(r",?\s*^\s*foreign key \((?P<own>[^)]*)\) references (?P<other>\w+)(?: \((?P<theirs>[^)]*)\))?(?P<more>[^,\n]*)", re.MULTILINE)
_COLUMN_KEY = re.compile(
    r"^(?P<before>\s*(?P<own>\w+)\s[^,\n]*?) references (?P<other>\w+)(?: \((?P<theirs>[^)]*)\))?(?P<more> on delete cascade)?", re.MULTILINE
)
_LATER_KEY = re.compile(r"^alter table (\w+) add (foreign key [^;]*);", re.MULTILINE)


class CannotSpread(Exception):
    """The database cannot be spread; `say` tells why and what to do."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text.format(**sentence.slots))
        self.say = sentence


class Spread(msgspec.Struct, frozen=True):
    """What was spread now: the tables cut by shop, and those copied whole to every server."""

    cut: tuple[str, ...]
    copied: tuple[str, ...]


class Key(msgspec.Struct, frozen=True):
    """A foreign key that is made after its table has been spread."""

    table: str
    definition: str


def is_spread(tx: Tx) -> bool:
    """Whether the tables of this database lie on several servers already."""
    return _asked(tx, HAS_CITUS) and _asked(tx, IS_SPREAD)


def spread(conninfo: str, shards: int = SHARDS) -> Spread:
    """Spreads every table that is not yet: all or none. The database has its tables already, and the extension. Raises CannotSpread."""
    with connect(conninfo) as tx:
        if not _asked(tx, HAS_CITUS):
            raise CannotSpread(_without_citus(offered=_asked(tx, OFFERS_CITUS)))
        tx.execute(LOCK)
        tx.execute(ONE_AT_A_TIME)
        # a key cannot lead from a table that lies in one place to one that is cut, so none stands while tables are being moved
        keys = [] if _asked(tx, IS_SPREAD) else tx.execute(KEYS).fetchall()
        for table, _, name, _ in keys:
            drop = DROP_KEY.format(table=sql.Identifier(table), key=sql.Identifier(name))
            tx.execute(drop)
        done = spread_new(tx, shards)
        for table, other, name, definition in keys:
            if holds(table, other, done):
                add = ADD_KEY.format(table=sql.Identifier(table), key=sql.Identifier(name), definition=sql.SQL(definition))
                tx.execute(add)
    return done


def spread_new(tx: Tx, shards: int = SHARDS) -> Spread:
    """Spreads the tables of this transaction that are not spread yet."""
    cut: list[str] = []
    copied: list[str] = []
    for table, is_of_a_shop in tx.execute(NOT_YET, {"copied": list(COPIED)}).fetchall():
        if not is_of_a_shop:
            tx.execute(COPY_WHOLE, (table,))
            copied.append(table)
            continue
        first = tx.execute(FIRST_SPREAD).fetchone()
        if first is None:
            tx.execute(CUT_FIRST, (table, shards))
        else:
            tx.execute(CUT_BESIDE, (table, first[0]))
        cut.append(table)
    return Spread(tuple(cut), tuple(copied))


def holds(table: str, other: str, done: Spread) -> bool:
    """Whether a key from this table to that one can stand: a table that is everywhere cannot point into one that is cut."""
    return not (table in done.copied and other in done.cut)


def apply_spread(tx: Tx, text: str) -> None:
    """Carries a migration out on a spread database: its new tables are made without their foreign keys, spread, and given them."""
    bare, keys = unfastened(text)
    tx.execute(ONE_AT_A_TIME)
    tx.execute(bare)
    spread_new(tx)
    for key in keys:
        add = sql.SQL("alter table {table} add {definition}").format(table=sql.Identifier(key.table), definition=sql.SQL(key.definition))
        tx.execute(add)


def unfastened(text: str) -> tuple[str, tuple[Key, ...]]:
    """The statements of a migration without the foreign keys of the tables it makes, and those keys."""
    keys: list[Key] = []

    def without(made: re.Match[str]) -> str:
        table, body = made[1], made[2]
        keys.extend(_key(table, found) for found in _WHOLE_KEY.finditer(body))
        body = _WHOLE_KEY.sub("", body)
        keys.extend(_key(table, found) for found in _COLUMN_KEY.finditer(body))
        body = _COLUMN_KEY.sub(lambda found: found["before"], body)
        return f"create table {table} ({body.rstrip().rstrip(',')}\n);"

    bare = _CREATED.sub(without, text)
    keys.extend(Key(found[1], found[2]) for found in _LATER_KEY.finditer(bare))
    return _LATER_KEY.sub("", bare), tuple(keys)


def _key(table: str, found: re.Match[str]) -> Key:
    theirs = f" ({found['theirs']})" if found["theirs"] else ""
    return Key(table, f"foreign key ({found['own']}) references {found['other']}{theirs}{found['more'] or ''}")


def _asked(tx: Tx, question: str) -> bool:
    row = tx.execute(question).fetchone()
    return row is not None and bool(row[0])


def _without_citus(*, offered: bool) -> Say:
    if offered:
        return say("This database has no Citus yet. Run `create extension citus` in it on every server and add the servers; docs/scale.md tells how.")
    return say("This PostgreSQL has no Citus. Install it on every server, or use a database of one server, which needs nothing; docs/scale.md tells more.")
