"""Rows as lines of JSON and back: whatever a column can hold comes back as it was."""

import msgspec
import pytest

from zhanggui.records import whole
from zhanggui.records.db import Pool

ODD = """
    create table odd_things (
        shop_id bigint not null, no bigint generated always as identity, words text, told json, kept jsonb, sure json not null, bytes bytea,
        many text[], days date[], score double precision, at timestamptz, day date, is_so boolean, doubled bigint generated always as (shop_id * 2) stored,
        primary key (shop_id, words, no)
    )
"""
ROWS = """
    insert into odd_things (shop_id, words, told, kept, sure, bytes, many, days, score, at, day, is_so) values
    (1, E'=1+1\\t"quoted"\\\\ \\n\\r \\x01\\x02 中文😀', '{"b":1,  "a":"\\u4e2d"}', '{"b": 1, "a": [null, 1.10]}', 'null', E'\\\\x00ff', '{a,null,"x,y",""}',
        '{2026-02-28}', 0.1, '2026-03-01 10:00:00.123456+08', '2026-03-01', true),
    (9007199254740993, '', null, null, '[]', null, null, null, 'NaN', 'infinity', null, null),
    (2, 'b', 'null', 'null', '"null"', '', '{}', '{}', 1e300, '-infinity', 'infinity', false),
    (2, 'B', '{"$json": 1}', '{"$json": 1}', '1', null, null, null, '-Infinity', null, null, null)
"""
TEXTS = "select t::text from odd_things t order by t::text"


@pytest.fixture
def lines(pool: Pool) -> tuple[list[str], list[bytes]]:
    """The rows as PostgreSQL writes them, and as lines; the table is empty now."""
    with pool.connection() as tx:
        tx.execute(ODD)
        tx.execute(ROWS)
        before = [row[0] for row in tx.execute(TEXTS)]
        told = list(whole.lines_out(tx, whole.tables(tx)["odd_things"]))
        tx.execute("delete from odd_things")
    return before, told


def test_it_brings_every_value_back_as_it_was(pool: Pool, lines: tuple[list[str], list[bytes]]) -> None:
    before, told = lines

    with pool.connection() as tx:
        table = whole.tables(tx)["odd_things"]
        whole.make_place_for_lines(tx)
        put = whole.lines_in(tx, table, told)
        after = [row[0] for row in tx.execute(TEXTS)]
        again = list(whole.lines_out(tx, table))

    assert put == 4
    assert after == before
    assert again == told


def test_it_writes_one_line_a_row_in_the_order_of_its_key(lines: tuple[list[str], list[bytes]]) -> None:
    told = [msgspec.json.decode(line) for line in lines[1]]

    assert [line.count(b"\n") for line in lines[1]] == [1, 1, 1, 1]
    assert [(row["shop_id"], row["words"][:4]) for row in told] == [(1, "=1+1"), (2, "B"), (2, "b"), (9007199254740993, "")]
    assert [row["told"] for row in told] == [{"b": 1, "a": "中"}, {"$json": 1}, {"$json": None}, None]


def test_it_names_every_table_after_those_it_points_to(pool: Pool) -> None:
    with pool.connection() as tx:
        found = whole.tables(tx)
    places = {name: place for place, name in enumerate(found)}

    assert len(found) > 150
    assert [(name, target) for name, table in found.items() for target in table.refers if places[target] > places[name]] == []
