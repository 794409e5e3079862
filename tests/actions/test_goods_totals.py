"""What a variant sold by day is the same whether it was kept along or counted by the migration from the orders that were there."""

import random
from pathlib import Path

from tests.makers.random_facts import BEGAN, RandomFacts
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import Storing
from zhanggui.connectors.files import Refused, read
from zhanggui.records import batches, shops
from zhanggui.records.migrate import migrations

ROWS = "select * from goods_totals order by shop_id, day, goods_id, spec"


def test_the_migration_counts_what_is_kept_along(house: House, tmp_path: Path) -> None:
    facts, path = RandomFacts(random.Random(5)), tmp_path / "facts.jsonl"
    with house.pool.connection() as tx:
        shop = shops.insert(tx, "orchard", BEGAN)
        assert shop is not None
        for _ in range(40):
            facts.write(path, BEGAN)
            storing = Storing(tx, shop.shop_id, batches.insert(tx, shop.shop_id, "some", None, BEGAN, state="running"), house.rulebook, BEGAN, None)
            storing.take([row for row in read(path, "facts") if not isinstance(row, Refused)], BEGAN)
            storing.finish()
        kept = tx.execute(ROWS).fetchall()
        tx.execute("delete from goods_totals")
        step = next(step for step in migrations() if step.name == "0050_goods_totals.sql")
        tx.execute(step.sql[step.sql.index("insert into goods_totals") :])
        counted = tx.execute(ROWS).fetchall()

    assert counted == kept
    assert any(refunded for *_, refunded, _ in kept)
    assert any(orders > 1 for *_, orders, _, _ in kept)
