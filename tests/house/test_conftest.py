"""The ground every other test stands on."""

from pathlib import Path

from tests.cast import Cast
from zhanggui.records.db import Pool


def test_it_gives_each_test_a_migrated_database_of_its_own(pool: Pool) -> None:
    with pool.connection() as tx:
        shops = tx.execute("select count(*) from shops").fetchone()
        steps = tx.execute("select name from schema_migrations order by name").fetchall()

    assert shops == (0,)
    assert steps[0] == ("0001_the_house.sql",)


def test_it_knows_the_cast(pool: Pool, people: Cast, tmp_path: Path) -> None:
    assert [person.display_name for person in people.ours] == ["林", "小美", "老周"]
    assert set(people.zheng.roles) == {people.other_shop_id}
