"""A database that a test is done with, made as blank as the template again: an order of magnitude fewer files than a new clone, and thousands of tests ask.

What cannot be wiped (tables made or changed, rows of the migrations changed) is told, and the database is thrown away instead.
"""

from typing import Any

import msgspec
import psycopg
from psycopg import sql

# whatever is made or dropped changes a count or a newest number
SHAPE = """
    select (select (count(*), max(oid))::text from pg_class), (select (count(*), max(oid))::text from pg_constraint),
        (select (count(*), max(oid))::text from pg_trigger), (select (count(*), max(oid))::text from pg_proc),
        (select count(*) from pg_attribute where attnum > 0 and not attisdropped),
        (select count(*) from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database()))
"""
WITH_ROWS = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0 order by relname"
NUMBERS = "select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null"
OTHERS_OUT = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
CONTENT = sql.SQL("select md5(coalesce(string_agg(told::text, '|' order by told::text), '')) from {} as told")
EMPTY = sql.SQL("delete from {}")
NUMBER_FROM_ONE = sql.SQL("alter sequence {} restart")

Tx = psycopg.Connection[Any]


class Blank(msgspec.Struct, frozen=True):
    """How the template stands: its shape, the rows that the migrations themselves wrote, and the sequences they used."""

    shape: tuple[Any, ...]
    rows: dict[str, str]
    numbers: dict[str, int]


def blank_of(conninfo: str) -> Blank:
    """How a migrated, empty database stands."""
    with psycopg.connect(conninfo, autocommit=True) as tx:
        return Blank(_shape(tx), {name: _content(tx, name) for name in _with_rows(tx)}, dict(tx.execute(NUMBERS).fetchall()))


def wiped(conninfo: str, blank: Blank) -> bool:
    """Whether the database stands as the blank one again. Whoever is still connected is thrown out."""
    with psycopg.connect(conninfo, autocommit=True) as tx:
        tx.execute(OTHERS_OUT)
        if _shape(tx) != blank.shape or any(_content(tx, name) != content for name, content in blank.rows.items()):
            return False
        numbers: dict[str, int] = dict(tx.execute(NUMBERS).fetchall())
        if any(numbers.get(name) != number for name, number in blank.numbers.items()):
            return False
        # neither triggers nor foreign keys: every row goes
        todo: list[sql.Composable] = [sql.SQL("set session_replication_role = replica")]
        todo += [EMPTY.format(sql.Identifier(name)) for name in _with_rows(tx) if name not in blank.rows]
        todo += [NUMBER_FROM_ONE.format(sql.Identifier(name)) for name in numbers if name not in blank.numbers]
        tx.execute(sql.SQL(";").join(todo))
        return True


def _shape(tx: Tx) -> tuple[Any, ...]:
    row = tx.execute(SHAPE).fetchone()
    assert row is not None
    return tuple(row)


def _with_rows(tx: Tx) -> list[str]:
    return [name for (name,) in tx.execute(WITH_ROWS)]


def _content(tx: Tx, name: str) -> str:
    row = tx.execute(CONTENT.format(sql.Identifier(name))).fetchone()
    assert row is not None
    return str(row[0])
