"""What orders reserve, what leaves the shelves with them, and what comes back when news turns out wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.goods.shelves import BLUE, RED, Shelves, no_of, order, sku, skus_of
from tests.cast import Cast
from zhanggui.actions.goods.changing import Count, bring_in, count_stock, move_stock, take_out
from zhanggui.actions.goods.stock import Stock
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.people.permissions import NotAllowed


@pytest.fixture
def shelves(house: House, people: Cast, tmp_path: Path) -> Shelves:
    return Shelves(house, people, tmp_path)


def test_it_reserves_goods_once_a_group_has_formed(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1), order(2, quantity=3), order(3, stage="forming", group_formed_at=None))
    shelves.count(10)

    assert shelves.stock() == Stock(on_hand=10, reserved=4)
    assert shelves.stock().free == 6


def test_it_lets_go_of_what_is_cancelled_or_paid_back(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1), order(2), order(3))

    shelves.tell(order(1, stage="cancelled"), order(2, refund="refunded"))

    assert shelves.stock() == Stock(on_hand=None, reserved=1)


def test_it_takes_goods_off_the_shelves_when_they_leave_and_writes_it_down(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1, quantity=2))
    shelves.count(10)

    shelves.tell(order(1, quantity=2, stage="shipped", shipped_at="2026-03-01T20:00:00+08:00"))

    assert shelves.stock() == Stock(on_hand=8, reserved=0)
    assert shelves.changes() == [("counted", 10, 10, None), ("shipped", -2, 8, no_of(1))]


def test_what_left_before_the_count_is_not_taken_off_again(shelves: Shelves) -> None:
    shelves.tell(sku())
    shelves.count(10)

    shelves.tell(order(1, stage="shipped", shipped_at="2026-03-01T08:00:00+08:00"))

    assert shelves.stock() == Stock(on_hand=10, reserved=0)


def test_an_undone_import_puts_goods_back_and_the_same_import_takes_them_again(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1))
    shelves.count(10)
    left = order(1, stage="shipped", shipped_at="2026-03-01T20:00:00+08:00")

    batch = shelves.tell(left)
    shelves.undo(batch)
    after_undo = shelves.stock()
    shelves.tell(left)

    assert after_undo == Stock(on_hand=10, reserved=1)
    assert shelves.stock() == Stock(on_hand=9, reserved=0)
    assert shelves.changes() == [("counted", 10, 10, None), ("shipped", -1, 9, no_of(1)), ("shipment_back", 1, 10, no_of(1)), ("shipped", -1, 9, no_of(1))]


def test_an_order_undone_after_a_newer_count_changes_nothing_on_the_shelves(shelves: Shelves) -> None:
    shelves.tell(sku())
    shelves.count(10)
    shelves.now = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
    batch = shelves.tell(order(1, stage="shipped", shipped_at="2026-03-01T20:00:00+08:00"))
    shelves.count(7)

    shelves.undo(batch)

    assert shelves.stock() == Stock(on_hand=7, reserved=0)


def test_an_order_without_the_platforms_id_is_found_by_code_and_by_product_and_variant(shelves: Shelves) -> None:
    shelves.tell(sku(RED, spec="红色,大"), sku(BLUE, spec="蓝色,大"))

    shelves.tell(order(1, sku_id=None, outer_sku="W7002"), order(2, sku_id=None, spec="红色 大"), order(3, sku_id=None, spec="绿色"))

    assert skus_of(shelves.reserved()) == [BLUE, RED, "goods:70/绿色"]


def test_a_list_of_products_that_comes_later_gathers_what_orders_called_otherwise(shelves: Shelves) -> None:
    shelves.tell(order(1, sku_id=None, outer_sku="W7001"))
    before = skus_of(shelves.reserved())

    batch = shelves.tell(sku(RED))
    told = skus_of(shelves.reserved())
    shelves.undo(batch)

    assert (before, told, skus_of(shelves.reserved())) == (["code:W7001"], [RED], ["code:W7001"])


def test_an_order_of_several_lines_takes_each_of_them_and_its_gifts(shelves: Shelves) -> None:
    line = {"fact": "order_line", "order_no": no_of(1), "goods_id": "70"}

    shelves.tell(
        order(1, quantity=3),
        {**line, "line_no": "1", "sku_id": RED, "quantity": 2},
        {**line, "line_no": "2", "sku_id": BLUE, "quantity": 1},
        {**line, "line_no": "g1", "sku_id": "7101", "quantity": 1, "is_gift": True},
    )

    assert [(row[1], row[2]) for row in shelves.reserved()] == [(RED, 2), (BLUE, 1), ("7101", 1)]


def test_what_is_short_becomes_a_todo_of_the_first_order_that_finds_no_goods(shelves: Shelves) -> None:
    shelves.tell(
        sku(),
        order(1, ship_by="2026-03-02T10:00:00+08:00"),
        order(2, ship_by="2026-03-03T10:00:00+08:00"),
        order(3, ship_by="2026-03-04T10:00:00+08:00", pay_amount=30_000, receive_amount=30_000),
    )
    shelves.count(1)
    short = shelves.running()

    shelves.count(3)

    # the first order gets the piece; 5 yuan below 100 yuan, else 5 %
    assert short == [(RED, datetime(2026, 3, 3, 2, 0, tzinfo=UTC), 500 + 1500)]
    assert shelves.running() == []


def test_a_todo_of_what_is_short_goes_when_orders_are_paid_back(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1), order(2))
    shelves.count(1)
    before = len(shelves.running())

    shelves.tell(order(2, refund="refunded"))

    assert (before, shelves.running()) == (1, [])


def test_stock_is_moved_brought_in_and_taken_out_never_below_nothing(shelves: Shelves) -> None:
    shelves.tell(sku())
    shelves.count(5)
    by, house, shop_id, now = shelves.people.zhou, shelves.house, shelves.shop_id, shelves.now + timedelta(minutes=5)

    bring_in(house, by, shop_id, RED, 3, now, location="二楼")
    move_stock(house, by, shop_id, RED, 2, now, source="二楼", target="")
    take_out(house, by, shop_id, RED, 1, now, reason="碰碎")
    with pytest.raises(Refused):
        take_out(house, by, shop_id, RED, 2, now, location="二楼")
    with pytest.raises(Refused):
        move_stock(house, by, shop_id, RED, 99, now, source="", target="二楼")

    assert shelves.stock() == Stock(on_hand=7, reserved=0)
    assert [change[:3] for change in shelves.changes()] == [("counted", 5, 5), ("came_in", 3, 3), ("moved", -2, 1), ("moved", 2, 7), ("went_out", -1, 6)]


def test_what_was_counted_at_a_place_of_its_own_goes_down_too(shelves: Shelves) -> None:
    shelves.tell(sku())
    shelves.count(5, location="A-01")

    shelves.tell(order(1, stage="shipped", shipped_at="2026-03-01T20:00:00+08:00"))

    assert shelves.stock() == Stock(on_hand=4, reserved=0)
    assert shelves.changes()[-1] == ("shipped", -1, 4, no_of(1))


def test_counts_and_news_at_the_same_time_end_where_one_after_the_other_would(shelves: Shelves) -> None:
    shelves.tell(sku(), order(1), order(2))
    shelves.count(4)

    def comes_in(_: int) -> None:
        bring_in(shelves.house, shelves.people.zhou, shelves.shop_id, RED, 1, shelves.now)

    with ThreadPoolExecutor(3) as threads:
        coming = threads.map(comes_in, range(8))
        told = threads.submit(shelves.tell, *(order(number) for number in range(3, 20)))
        told.result()
        list(coming)

    short = [one for one in shelves.running() if one[0] == RED]
    assert shelves.stock() == Stock(on_hand=12, reserved=19)
    assert [(sku_no, at_risk) for sku_no, _, at_risk in short] == [(RED, 7 * 500)]
    assert [after for _, _, after, _ in shelves.changes()] == list(range(4, 13))


def test_counts_are_kept_all_or_none_and_only_by_those_who_may(shelves: Shelves) -> None:
    shelves.tell(sku())
    house, people, shop_id = shelves.house, shelves.people, shelves.shop_id

    with pytest.raises(Refused):
        count_stock(house, people.zhou, shop_id, [Count(RED, 4), Count("no such", 1)], shelves.now)
    with pytest.raises(Refused):
        count_stock(house, people.zhou, shop_id, [Count(RED, -1)], shelves.now)
    with pytest.raises(NotAllowed):
        count_stock(house, people.zheng, shop_id, [Count(RED, 4)], shelves.now)

    assert shelves.stock() == Stock(on_hand=None, reserved=0)
    assert shelves.changes() == []
