"""An order that the platform shows as shipped while its parcel is here: once the buyer wants the goods after all, it is sent anew under another number."""

from datetime import timedelta
from typing import Any

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse
from tests.cast import Cast
from zhanggui.actions.dispatching import destroyed, may_print, printed
from zhanggui.actions.house import House
from zhanggui.actions.today import todo
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.facts import AftersaleState, OrderStage

A = "261121-351946208153001"
ANEW = "YT1234567890123"


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    """A shop whose order was uploaded right after its label was printed, asked back, and whose label is destroyed."""
    shop = Warehouse(house, people)
    shop.comes(A, ship_by=shop.now + timedelta(hours=5), title="每日坚果", quantity=1)
    shop.prints(A)
    label = shop.dispatch(A)
    assert label is not None
    shop.changes(A, stage=OrderStage.SHIPPED, shipped_at=shop.now, tracking_no=label.tracking_no, carrier=YTO)
    shop.asks_back(A, shipped=True)
    destroyed(house, shop.by, shop.shop_id, [A], shop.now)
    return shop


def rows(shop: Warehouse) -> list[tuple[Any, ...]]:
    with shop.house.pool.connection() as tx:
        return tx.execute("select step, kept, is_told from ship_rows where shop_id = %s", (shop.shop_id,)).fetchall()


def changes(shop: Warehouse) -> list[tuple[Any, ...]]:
    with shop.house.pool.connection() as tx:
        return tx.execute("select old_no, new_no, state from number_changes where shop_id = %s order by change_no", (shop.shop_id,)).fetchall()


def kinds(shop: Warehouse) -> set[str]:
    with shop.house.pool.connection() as tx:
        return {kind for (kind,) in tx.execute("select kind from deadlines where shop_id = %s and band is not null", (shop.shop_id,))}


def test_it_stays_on_the_desk_kept_back_while_the_money_is_asked_back(warehouse: Warehouse) -> None:
    assert rows(warehouse) == [("print", "refund", True)]


def test_it_is_to_be_printed_again_once_the_buyer_wants_it_after_all(warehouse: Warehouse) -> None:
    warehouse.gives_up(A)

    assert rows(warehouse) == [("print", None, True)]
    assert [one.done for one in may_print(warehouse.house, warehouse.by, warehouse.shop_id, [A], warehouse.now)] == [True]


def test_its_new_number_takes_the_place_of_the_old_one_by_a_to_do(warehouse: Warehouse) -> None:
    warehouse.gives_up(A)
    old = warehouse.facts[A].tracking_no

    printed(warehouse.house, warehouse.by, warehouse.shop_id, [PrintedPaper(A, YTO, "YT0000000000001")], warehouse.now)
    printed(warehouse.house, warehouse.by, warehouse.shop_id, [PrintedPaper(A, YTO, ANEW)], warehouse.now + timedelta(minutes=1))

    assert changes(warehouse) == [(old, "YT0000000000001", "number_dropped"), (old, ANEW, "number_planned")]
    assert "fix_number" in kinds(warehouse)
    assert rows(warehouse) == [("pack", None, True)]


def test_it_leaves_the_desk_once_the_money_went_back(warehouse: Warehouse) -> None:
    warehouse.asks_back(A, AftersaleState.REFUNDED)

    assert rows(warehouse) == []


def test_an_order_that_was_shipped_with_another_tool_is_left_alone(house: House, people: Cast) -> None:
    shop = Warehouse(house, people)
    shop.comes(A, ship_by=shop.now + timedelta(hours=5))
    shop.prints(A)
    shop.asks_back(A)
    destroyed(house, shop.by, shop.shop_id, [A], shop.now)
    shop.changes(A, stage=OrderStage.SHIPPED, shipped_at=shop.now, tracking_no="YT9999999999999", carrier=YTO)

    shop.gives_up(A)

    assert rows(shop) == []


def acts(shop: Warehouse) -> list[str]:
    return [item.verdict.act.value for item in todo(shop.house, shop.people.lin, shop.shop_id, shop.now, 10)]


def test_its_money_may_go_back_since_nothing_of_it_is_on_its_way(warehouse: Warehouse) -> None:
    assert acts(warehouse) == ["cancel_shipping_and_refund"]


def test_its_label_is_destroyed_first_where_it_is_still_about(house: House, people: Cast) -> None:
    shop = Warehouse(house, people)
    shop.comes(A, ship_by=shop.now + timedelta(hours=5))
    shop.prints(A)
    label = shop.dispatch(A)
    assert label is not None
    shop.changes(A, stage=OrderStage.SHIPPED, shipped_at=shop.now, tracking_no=label.tracking_no, carrier=YTO)

    shop.asks_back(A, shipped=True)

    assert acts(shop) == ["destroy_waybill_and_refund"]
