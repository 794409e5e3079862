"""Pastes from before there were threads get one: each buyer, else each order, else each paste; and nobody is said to wait in them."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from zhanggui.records import migrate as migrating
from zhanggui.records.migrate import migrate, migrations

BEFORE = "0025_conversations.sql"
PASTES = """
    insert into shops (name, made_at) values ('果园', now());
    insert into conversations (shop_id, batch_id, digest, buyer, order_no, first_at, last_at, unread, made_by, made_at) values
        (1, 11, '\\x01', '\\xaa', 'A', '2026-03-01 08:00Z', '2026-03-01 08:02Z', '[]', null, '2026-03-01 09:00Z'),
        (1, 12, '\\x02', '\\xaa', 'B', '2026-03-02 08:00Z', '2026-03-02 08:00Z', '[]', null, '2026-03-02 09:00Z'),
        (1, 13, '\\x03', null, 'A', null, null, '[]', null, '2026-03-03 09:00Z'),
        (1, 14, '\\x04', null, null, null, null, '[]', null, '2026-03-04 09:00Z'),
        (1, 15, '\\x05', null, null, null, null, '[]', null, '2026-03-05 09:00Z');
    insert into conversation_messages (shop_id, conversation_no, no, key, who, name, at, how, said, marks, order_no, tracking_nos) values
        (1, 1, 1, 'k1', 'buyer', '快**鱼', '2026-03-01 08:00Z', 'written', '什么时候发', '{}', 'A', '{}'),
        (1, 1, 2, 'k2', 'rep', '小美', '2026-03-01 08:02Z', 'written', '今天', '{}', 'A', '{}'),
        (1, 2, 1, 'k3', 'buyer', '快**鱼', '2026-03-02 08:00Z', 'written', '到哪了', '{}', 'B', '{}'),
        (1, 3, 1, 'k4', 'buyer', '买家', null, 'unknown', '在吗', '{}', 'A', '{}'),
        (1, 4, 1, 'k5', 'unknown', '', null, 'unknown', '在吗', '{}', null, '{}')
"""
THREADS = "select thread_no, order_no, shown, last_who, waiting_since, settled_at = last_at from threads order by made_at"
HANGING = "select conversation_no, thread_no from conversations order by conversation_no"
MESSAGES = "select key, thread_no, placed_at = coalesce(at, placed_at), is_told, via from conversation_messages order by key"


@pytest.fixture
def empty(conninfo: str) -> Iterator[str]:
    name = "zg_before_threads"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield psycopg.conninfo.make_conninfo(conninfo, dbname=name)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_it_hangs_pastes_from_before_on_threads(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        known = [step for step in migrations() if step.name <= BEFORE]
        earlier.setattr(migrating, "migrations", lambda: known)
        migrate(empty)
    with psycopg.connect(empty) as connection:
        for statement in PASTES.split(";"):
            connection.execute(statement)

    migrate(empty)

    with psycopg.connect(empty) as connection:
        threads = connection.execute(THREADS).fetchall()
        hanging: dict[int, int] = dict(connection.execute(HANGING).fetchall())
        messages = connection.execute(MESSAGES).fetchall()
    assert [row[1:] for row in threads] == [
        ("B", "快**鱼", "buyer", None, True),
        ("A", "买家", "buyer", None, True),
        (None, "", "unknown", None, True),
        (None, "", "", None, None),
    ]
    numbers = [row[0] for row in threads]
    assert [hanging[number] for number in range(1, 6)] == [numbers[0], numbers[0], numbers[1], numbers[2], numbers[3]]
    assert [(key, numbers.index(thread), *rest) for key, thread, *rest in messages] == [
        ("k1", 0, True, True, "paste"),
        ("k2", 0, True, True, "paste"),
        ("k3", 0, True, True, "paste"),
        ("k4", 1, True, True, "paste"),
        ("k5", 2, True, True, "paste"),
    ]
