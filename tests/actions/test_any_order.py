"""Whatever is imported and undone, in whatever order: what stands is what the standing imports add up to, and every total agrees with its rows."""

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import HEADER, orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person, ShopId

NOW = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
NOT_COMPARED = ("batches", "journal", "sightings", "batch_files", "quarantine", "data_ages", "shops", "memberships", "people")
_AGE = re.compile(r"'data_as_of': '[^']*'")
LOOSE = tuple(header for header in HEADER if header not in ("订单号", "订单状态", "订单成交时间"))


@pytest.mark.parametrize("seed", range(6))
def test_what_stands_is_what_the_standing_imports_add_up_to(house: House, people: Cast, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    files = [(_some_file(dice, tmp_path / f"{number}.csv"), NOW - timedelta(hours=dice.randrange(1, 12))) for number in range(6)]
    standing: dict[int, int] = {}
    for _ in range(14):
        number = dice.randrange(len(files))
        if number in standing:
            importing.undo(house, people.lin, people.shop_id, standing.pop(number), NOW)
        else:
            standing[number] = _bring(house, people.lin, people.shop_id, *files[number])
        assert disagreements(house) == []

    for number in standing:
        _bring(house, people.zheng, people.other_shop_id, *files[number])

    assert _of_shop(house, people.shop_id) == _of_shop(house, people.other_shop_id)


def _some_file(dice: random.Random, path: Path) -> Path:
    """A file of some of ten orders, to ship or shipped, of two products, with some columns left out."""
    numbers = dice.sample(range(10), dice.randrange(2, 9))
    rows = [
        (shipped if dice.random() < 0.4 else row)(
            f"260301-{number:015d}",
            商品id=f"90{number % 2}",
            商品=dice.choice(("核桃", "坚果礼盒", "")),
            承诺发货时间=dice.choice(("2026-03-02 10:00:00", "2026-03-03 10:00:00", "")),
            售后状态=dice.choice(("无售后或售后取消", "售后处理中", "退款成功")),
        )
        for number in numbers
    ]
    return orders_csv(path, rows, leaving=dice.sample(LOOSE, dice.randrange(4)))


def _bring(house: House, by: Person, shop_id: ShopId, path: Path, as_of: datetime) -> int:
    previewed = importing.preview(house, by, shop_id, [path], NOW, as_of=as_of)
    done = importing.confirm(house, by, shop_id, previewed.batch_id, NOW)
    assert previewed.results == done.results
    return done.batch_id


def _of_shop(house: House, shop_id: ShopId) -> dict[str, list[str]]:
    """Everything that stands in one shop, without saying which; how old the data of closed deadlines are is not kept up, since nobody asks."""
    own = f"'shop_id': {shop_id}"
    found = contents(house.pool, leaving=NOT_COMPARED)
    plain = {name: [one.replace(own, "") for one in rows if own in one] for name, rows in found.items()}
    return {name: sorted(_AGE.sub("", one) if "'band': None" in one else one for one in rows) for name, rows in plain.items()}


def disagreements(house: House) -> list[tuple[object, ...]]:
    """Totals that differ from what is counted."""
    with house.pool.connection() as tx:
        deadlines = tx.execute(
            """
            (select shop_id, band, kind, deadlines, at_risk, worth from deadline_totals
             except select shop_id, band, kind, count(*), sum(at_risk), sum(worth) from deadlines where band is not null group by 1, 2, 3)
            union all
            (select shop_id, band, kind, count(*), sum(at_risk), sum(worth) from deadlines where band is not null group by 1, 2, 3
             except select shop_id, band, kind, deadlines, at_risk, worth from deadline_totals)
            """
        ).fetchall()
        orders = tx.execute(
            """
            select * from (
                (select shop_id, stage, refund, sum(orders) as orders, sum(paid) as paid from order_totals group by 1, 2, 3
                 except select shop_id, stage, refund, count(*), sum(coalesce((facts ->> 'pay_amount')::bigint, 0)) from orders group by 1, 2, 3)
                union all
                (select shop_id, stage, refund, count(*), sum(coalesce((facts ->> 'pay_amount')::bigint, 0)) from orders group by 1, 2, 3
                 except select shop_id, stage, refund, sum(orders), sum(paid) from order_totals group by 1, 2, 3)
            ) as differing
            """
        ).fetchall()
    return [*deadlines, *orders]
