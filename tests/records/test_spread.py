"""A spread database: the foreign keys that a migration makes are taken out and made afterwards, none lost and none changed."""

import psycopg

from tests.conftest import _on_server
from zhanggui.records.db import Pool, connect
from zhanggui.records.migrate import migrations
from zhanggui.records.spread import CannotSpread, Key, is_spread, spread, unfastened

KEYS = """
    select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace order by 1, 2
"""


def test_it_takes_out_every_foreign_key_and_makes_the_same_ones(conninfo: str, pool: Pool) -> None:
    with pool.connection() as tx:
        expected = tx.execute(KEYS).fetchall()
    _on_server(conninfo, "create database {}", "zg_unfastened")
    try:
        with connect(psycopg.conninfo.make_conninfo(conninfo, dbname="zg_unfastened")) as tx:
            for step in migrations():
                bare, keys = unfastened(step.sql)
                tx.execute(bare)
                for key in keys:
                    tx.execute(f"alter table {key.table} add {key.definition}")
            made = tx.execute(KEYS).fetchall()
    finally:
        _on_server(conninfo, "drop database {} with (force)", "zg_unfastened")

    assert len(expected) > 150
    assert made == expected


def test_it_leaves_no_foreign_key_in_what_runs_first() -> None:
    bare = "\n".join(unfastened(step.sql)[0] for step in migrations())

    assert [line for line in bare.splitlines() if " references " in line and not line.lstrip().startswith("--")] == []


def test_it_reads_keys_of_columns_of_tables_and_of_later() -> None:
    text = """create table b (
    shop_id bigint not null references shops,
    a_no    bigint,
    primary key (shop_id, a_no),
    foreign key (shop_id, a_no) references a (shop_id, a_no) on delete cascade
);
alter table c add foreign key (shop_id, b_no) references b;
"""

    bare, keys = unfastened(text)

    assert bare == "create table b (\n    shop_id bigint not null,\n    a_no    bigint,\n    primary key (shop_id, a_no)\n);\n\n"
    assert keys == (
        Key("b", "foreign key (shop_id, a_no) references a (shop_id, a_no) on delete cascade"),
        Key("b", "foreign key (shop_id) references shops"),
        Key("c", "foreign key (shop_id, b_no) references b"),
    )


def test_it_says_what_is_missing_on_a_database_of_one_server(pool: Pool, database: str) -> None:
    with pool.connection() as tx:
        alone = is_spread(tx)

    try:
        spread(database)
    except CannotSpread as refused:
        told = str(refused)

    assert not alone
    assert told == "This PostgreSQL has no Citus. Install it on every server, or use a database of one server, which needs nothing; docs/scale.md tells more."
