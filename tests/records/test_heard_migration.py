"""Reviews from before it was kept when the shop first knew of them: the first import tells, answers and what programs brought do not."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from zhanggui.records import migrate as migrating
from zhanggui.records.migrate import migrate, migrations

BEFORE = "0053_reviews_heard.sql"
REVIEWS = """
    insert into shops (name, made_at) values ('果园', now());
    insert into batches (shop_id, state, profile, files, made_at, ended_at) values
        (1, 'standing', 'reviews_desk', '[]', '2026-02-01 00:00Z', null),
        (1, 'standing', 'reviews_bridge', '[]', '2026-02-01 00:00Z', null),
        (1, 'done', 'reviews', '[]', '2026-03-05 00:00Z', '2026-03-05 01:00Z'),
        (1, 'done', 'reviews', '[]', '2026-03-06 00:00Z', '2026-03-06 01:00Z');
    insert into sightings (shop_id, batch_id, kind, key, as_of, shape, facts)
    select 1, batch_id, 'review', key, '2026-03-05 00:00Z', 0, '{}'
    from (values (1, 'R1/A'), (4, 'R1/A'), (3, 'R1/A'), (2, 'R2/A'), (3, 'R2/A')) as told (batch_id, key);
    insert into reviews (shop_id, review_no, order_no, score, created_at, as_of, facts)
    select 1, no, 'A', 1, '2026-03-01 00:00Z', '2026-03-05 00:00Z', '{}' from (values ('R1'), ('R2'), ('R3')) as told (no)
"""


@pytest.fixture
def empty(conninfo: str) -> Iterator[str]:
    name = "zg_before_heard"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield psycopg.conninfo.make_conninfo(conninfo, dbname=name)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_it_tells_when_the_first_import_brought_a_review(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        known = [step for step in migrations() if step.name < BEFORE]
        earlier.setattr(migrating, "migrations", lambda: known)
        migrate(empty)
    with psycopg.connect(empty) as connection:
        for statement in REVIEWS.split(";"):
            connection.execute(statement)

    migrate(empty)

    with psycopg.connect(empty) as connection:
        heard: dict[str, datetime] = dict(connection.execute("select review_no, heard_at from reviews_heard").fetchall())
    placed = datetime(2026, 3, 1, tzinfo=UTC)
    assert heard == {"R1": datetime(2026, 3, 5, 1, tzinfo=UTC), "R2": placed, "R3": placed}
