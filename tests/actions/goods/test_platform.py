"""Products read from the platform, and what is told it about them: once, compared first."""

from datetime import timedelta

import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.goods.reading import MOST_IN_A_ROW, read_goods, read_some_goods, shops_with_goods_due
from zhanggui.actions.goods.telling import tell_platform
from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests
from zhanggui.actions.platform import ask
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.goods import DETAIL, put_stock
from zhanggui.core.acts import ActKind, ActLevel, ActState
from zhanggui.core.acts.goods import PutOnShelf, PutPrices, PutStock
from zhanggui.core.facts import FactKind, SkuFacts
from zhanggui.core.money import Fen
from zhanggui.records import goods_readings, items, sync_left_out


@pytest.fixture
def door(house: House, people: Cast):  # type: ignore[no-untyped-def]
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def _skus(door: Door) -> list[SkuFacts]:
    with door.house.pool.connection() as tx:
        return [row.facts for row in items.page(tx, door.shop_id, None, items.FIRST, 200) if row.facts is not None]


def _left_out(door: Door) -> list[tuple[FactKind, str]]:
    with door.house.pool.connection() as tx:
        return [(FactKind(one.kind), one.no) for one in sync_left_out.newest(tx, door.shop_id, 10)]


def test_all_products_are_read_with_their_details(door: Door) -> None:
    read = read_goods(door.house, door.by, door.shop_id, door.now, door.wall)

    told = _skus(door)
    assert read.trouble is None
    assert read.products == len({one.goods_id for one in told}) > 0
    assert all(one.title and one.spec and one.offered is not None and one.group_price and one.promised_hours and one.weight_g for one in told)
    assert all(one.group_price < one.single_price for one in told if one.group_price and one.single_price)


def test_the_worker_reads_them_step_by_step_and_rests_then(door: Door) -> None:
    steps = 0
    while shops_with_goods_due(door.house, door.now, door.wall) and steps < 20:
        assert read_some_goods(door.house, door.shop_id, door.now, door.wall, "worker")
        steps += 1

    assert steps >= 2
    assert all(one.promised_hours for one in _skus(door))
    assert shops_with_goods_due(door.house, door.now, door.wall + timedelta(hours=7)) == [door.shop_id]


def test_they_are_read_though_a_clock_that_was_a_day_ahead_planned_the_next_reading(door: Door) -> None:
    ahead = door.wall + timedelta(days=1)
    with door.house.pool.connection() as tx:
        assert goods_readings.take(tx, door.shop_id, ahead, ahead + timedelta(hours=6))
    stuck = shops_with_goods_due(door.house, door.now, ahead)

    mend_moments(door.house, door.wall)

    assert (stuck, shops_with_goods_due(door.house, door.now, door.wall)) == ([], [door.shop_id])


def test_they_are_read_at_once_when_the_shop_is_connected_anew(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    with door.house.pool.connection() as tx:
        tx.execute("update connections set access_ends_at = %s where shop_id = %s", (door.now - MINUTE, door.shop_id))
    later = door.wall + timedelta(hours=7)
    with pytest.raises(ShopRests):
        read_some_goods(door.house, door.shop_id, door.now, later, "worker")
    rests = shops_with_goods_due(door.house, door.now, later)

    given = GivenTokens(access_token=door.platform.line.access_token, refresh_token=door.platform.line.refresh_token)
    connect_by_hand(door.house, door.by, door.shop_id, given, door.now, door.wall, is_sure=True)

    assert (rests, shops_with_goods_due(door.house, door.now, later)) == ([], [door.shop_id])


@pytest.mark.parametrize("code", [50001, 21001, 12345])
def test_a_product_whose_detail_is_refused_keeps_no_other_waiting(door: Door, code: int) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    goods_id = min(one.goods_id or "" for one in _skus(door))
    door.platform.mood(refused_method=DETAIL, refused_code=code, refused_about=goods_id)

    read = read_goods(door.house, door.by, door.shop_id, door.now, door.wall)

    assert (read.trouble, read.details) == (None, read.products - 1)
    assert _left_out(door) == [(FactKind.SKU, goods_id)]
    door.platform.mood(name="fair", refused_code=0)
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    assert _left_out(door) == []


def test_products_that_are_refused_each_day_push_no_case_out_of_what_could_not_be_read(door: Door) -> None:
    with door.house.pool.connection() as tx:
        sync_left_out.put(tx, door.shop_id, FactKind.AFTERSALE.value, "9000001", '{"text": "x"}', door.now)
        for number in range(12):
            sync_left_out.put(tx, door.shop_id, FactKind.SKU.value, f"G{number}", '{"text": "x"}', door.now + MINUTE)

    listed = _left_out(door)

    assert (len(listed), listed[0]) == (10, (FactKind.AFTERSALE, "9000001"))


@pytest.mark.parametrize(("code", "most"), [(10017, MOST_IN_A_ROW), (12345, 2)])
def test_a_trouble_that_is_of_every_product_is_told(door: Door, monkeypatch: pytest.MonkeyPatch, code: int, most: int) -> None:
    monkeypatch.setattr("zhanggui.actions.goods.reading.MOST_IN_A_ROW", most)
    door.platform.mood(refused_method=DETAIL, refused_code=code)

    read = read_goods(door.house, door.by, door.shop_id, door.now, door.wall)

    assert (read.trouble is None, read.details) == (False, 0)


def test_why_a_product_could_not_be_read_before_an_act_is_told_in_the_platform_s_words(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    goods_id = _skus(door)[0].goods_id
    assert goods_id is not None
    act = tell_platform(door.house, door.by, door.shop_id, PutOnShelf(goods_id=goods_id, on_shelf=False), door.now)
    door.platform.mood(refused_method=DETAIL, refused_code=50001)

    door.works()

    assert "50001" in (door.act(act).because or "")


def test_stock_shelf_and_prices_are_told_the_platform_once_and_read_back(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    one = _skus(door)[0]
    assert one.goods_id is not None

    asked = (
        PutStock(goods_id=one.goods_id, sku_id=one.sku_id, pieces=77),
        PutPrices(goods_id=one.goods_id, sku_id=one.sku_id, group_price=Fen(1234), single_price=Fen(2345)),
        PutOnShelf(goods_id=one.goods_id, on_shelf=False),
    )
    acts = [tell_platform(door.house, door.by, door.shop_id, request, door.now) for request in asked]
    door.works()
    door.works()

    after = next(each for each in _skus(door) if each.sku_id == one.sku_id)
    assert [door.act(act).at for act in acts] == [ActState.CARRIED_OUT] * 3
    assert (after.offered, after.group_price, after.single_price, after.on_shelf) == (77, 1234, 2345, False)
    assert [len(door.platform.ledger(effect=effect)) for effect in ("goods.stock", "goods.price", "goods.shelf")] == [1, 1, 1]


def test_a_product_is_taken_off_the_shelf_as_often_as_somebody_takes_it_off(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    goods_id = _skus(door)[0].goods_id
    assert goods_id is not None

    for on_shelf in (False, True, False):
        tell_platform(door.house, door.by, door.shop_id, PutOnShelf(goods_id=goods_id, on_shelf=on_shelf), door.now)
        door.works()
        door.works()
        door.later(MINUTE)

    assert [act.at for act in door.acts()] == [ActState.CARRIED_OUT] * 3
    assert not next(each for each in _skus(door) if each.goods_id == goods_id).on_shelf


def test_stock_is_not_set_over_what_was_sold_meanwhile(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    one = _skus(door)[0]
    assert one.goods_id is not None
    act = tell_platform(door.house, door.by, door.shop_id, PutStock(goods_id=one.goods_id, sku_id=one.sku_id, pieces=77), door.now)
    ask(door.house, door.shop_id, put_stock(one.goods_id, one.sku_id, (one.offered or 0) + 5), door.now, door.wall)

    door.works()

    assert door.act(act).at is ActState.WITHDRAWN
    assert len(door.platform.ledger(effect="goods.stock")) == 1
    assert next(each for each in _skus(door) if each.sku_id == one.sku_id).offered == (one.offered or 0) + 5


def test_it_is_refused_where_the_kind_is_off(door: Door) -> None:
    read_goods(door.house, door.by, door.shop_id, door.now, door.wall)
    one = _skus(door)[0]
    assert one.goods_id is not None
    door.put(ActKind.GOODS_SHELF, ActLevel.OFF)

    with pytest.raises(Refused):
        tell_platform(door.house, door.by, door.shop_id, PutOnShelf(goods_id=one.goods_id, on_shelf=False), door.now)

    assert door.acts() == []
