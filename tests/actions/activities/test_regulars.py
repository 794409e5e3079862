"""Buyers who come back: told apart by what is seen of them, counted by how their orders went, thanked once and at the right moment."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.activities.told import FEW, MEI, NOW, WANG, bought, number, shop
from tests.cast import Cast
from zhanggui.actions import cursors
from zhanggui.actions.activities.reading import read_shop_purchases
from zhanggui.actions.activities.regulars import Regulars, regulars_of, thank
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.refused import Refused
from zhanggui.core.activities.regulars import Ended
from zhanggui.people.permissions import NotAllowed

REFUND = {"fact": "aftersale", "case_no": "7001", "order_no": number(200, 4), "kind": "refund_only", "state": "refunded", "refund_amount": 3000}
ORDERS = (
    bought(1, 150, **MEI),
    bought(2, 100, **MEI),
    bought(3, 5, **MEI),
    bought(4, 200, **WANG),
    bought(5, 8, **WANG),
    bought(6, 150, **FEW),
    bought(7, 100, **FEW),
    bought(8, 4, **WANG, stage="cancelled", shipped_at=None, received_at=None, tracking_no=None),
    {**REFUND, "applied_at": "2026-05-08 09:00:00", "agreed_at": "2026-05-09 09:00:00"},
)


@pytest.fixture
def batch(house: House, people: Cast, tmp_path: Path) -> int:
    """The shop, looked through once."""
    told = shop(house, people, tmp_path, *ORDERS)
    read_shop_purchases(house, people.shop_id, NOW)
    return told


def seen(house: House, people: Cast, at: timedelta = timedelta()) -> Regulars:
    """What the owner sees."""
    return regulars_of(house, people.lin, people.shop_id, NOW + at)


def test_buyers_are_told_apart_where_enough_of_them_is_seen(house: House, people: Cast, batch: int) -> None:
    found = seen(house, people)

    assert (found.purchases, found.told_apart, found.buyers, found.came_back) == (7, 5, 2, 2)
    assert [(row.orders, row.paid, row.last_order, row.receiver) for row in found.rows] == [
        (3, 9000, number(5, 3), MEI["receiver_masked"]),
        (2, 6000, number(8, 5), WANG["receiver_masked"]),
    ]


def test_it_counts_after_what_they_come_back(house: House, people: Cast, batch: int) -> None:
    """The first of 美 was followed within ninety days, her second ninety-five days later; that of 王 was paid back and followed much later."""
    found = {each.ended: (each.came_back, each.of) for each in seen(house, people).comebacks}

    assert found == {Ended.FINE: (1, 2), Ended.MONEY_BACK: (0, 1)}


def test_who_has_ordered_often_and_has_the_goods_is_thanked_once(house: House, people: Cast, batch: int) -> None:
    [due] = seen(house, people).to_thank
    thank(house, people.mei, people.shop_id, due.buyer.last_order, NOW)

    after = seen(house, people)
    with pytest.raises(Refused):
        thank(house, people.mei, people.shop_id, due.buyer.last_order, NOW)
    assert (due.buyer.last_order, "高原红富士苹果" in due.draft.zh) == (number(5, 3), True)
    assert (after.to_thank, after.rows[0].thanked_at, after.thanked) == ((), NOW, ((NOW, number(5, 3)),))


def test_nobody_is_thanked_at_night_nor_out_of_the_blue(house: House, people: Cast, batch: int) -> None:
    with pytest.raises(Refused, match="night"):
        thank(house, people.mei, people.shop_id, number(5, 3), NOW + timedelta(hours=11))
    with pytest.raises(Refused, match="not the moment"):
        thank(house, people.mei, people.shop_id, number(8, 5), NOW)
    assert seen(house, people).thanked == ()


def test_a_running_case_keeps_the_shop_from_thanking(house: House, people: Cast, tmp_path: Path, batch: int) -> None:
    running = {"fact": "aftersale", "case_no": "7002", "order_no": number(5, 3), "kind": "return_and_refund", "state": "seller_to_answer"}
    shop(house, people, tmp_path, {**running, "applied_at": "2026-11-21 09:00:00"})

    assert seen(house, people).to_thank == ()


def test_an_import_that_is_undone_leaves_nothing(house: House, people: Cast, batch: int) -> None:
    undo(house, people.lin, people.shop_id, batch, NOW)
    read_shop_purchases(house, people.shop_id, NOW + timedelta(hours=1))

    found = seen(house, people)
    assert (found.purchases, found.rows, found.came_back) == (0, (), 0)


def test_what_is_older_than_a_year_is_forgotten(house: House, people: Cast, batch: int) -> None:
    later = timedelta(days=250)
    read_shop_purchases(house, people.shop_id, NOW + later)

    found = seen(house, people, later)
    assert (found.purchases, found.came_back) == (4, 1)


def test_looking_through_again_changes_nothing(house: House, people: Cast, batch: int) -> None:
    before = seen(house, people)
    for hour in (1, 2, 3):
        read_shop_purchases(house, people.shop_id, NOW + timedelta(hours=hour))

    assert seen(house, people) == before


def test_another_shop_s_owner_sees_nothing(house: House, people: Cast, batch: int) -> None:
    with pytest.raises(NotAllowed):
        regulars_of(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        thank(house, people.zhou, people.shop_id, number(5, 3), NOW)


def test_only_who_talks_with_buyers_sees_who_came_back(house: House, people: Cast, batch: int) -> None:
    with pytest.raises(NotAllowed):
        regulars_of(house, people.zhou, people.shop_id, NOW)

    assert regulars_of(house, people.mei, people.shop_id, NOW).rows == seen(house, people).rows


def test_a_place_in_the_list_that_nobody_was_given_is_refused(house: House, people: Cast) -> None:
    with pytest.raises(Refused):
        regulars_of(house, people.lin, people.shop_id, NOW, cursor=cursors.write((1, NOW, "zz")))
