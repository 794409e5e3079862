"""A push about a product is a hint: the products are read again soon, once for a whole burst of pushes."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.streams import GOODS_AFTER, keep_pushed
from zhanggui.connectors.pdd.messages import Pushed
from zhanggui.records import goods_readings
from zhanggui.records.goods_readings import GoodsReading

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)


def looks_at(house: House, people: Cast) -> datetime | None:
    with house.pool.connection() as tx:
        reading = goods_readings.of_shop(tx, people.shop_id)
    return None if reading is None else reading.look_at


def push(house: House, people: Cast, topic: str, wall: datetime) -> None:
    told = Pushed(topic.casefold(), "1", None, None, None, wall, topic)
    keep_pushed(house, people.shop_id, [told], wall)


@pytest.mark.parametrize(("topic", "soon"), [("pdd_goods_GoodsOffShelf", True), ("PDD_GOODS_GOODSUPDATE", True), ("pdd_trade_TradeConfirmed", False)])
def test_it_has_the_products_read_soon(house: House, people: Cast, topic: str, soon: bool) -> None:
    usual = NOW + timedelta(hours=5)
    with house.pool.connection() as tx:
        goods_readings.put(tx, people.shop_id, GoodsReading(look_at=usual))

    push(house, people, topic, NOW)
    push(house, people, topic, NOW + timedelta(minutes=3))

    assert looks_at(house, people) == (NOW + GOODS_AFTER if soon else usual)


def test_it_does_not_put_off_what_is_due_sooner(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        goods_readings.put(tx, people.shop_id, GoodsReading(look_at=NOW))

    push(house, people, "pdd_goods_GoodsAdd", NOW)

    assert looks_at(house, people) == NOW
