"""Orders that lie in one parcel leave together or not at all, and a label that travels is noticed by its own number."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse, number_of, tell
from tests.cast import Cast
from zhanggui.actions.dispatching import destroyed, find_dispatch, handed_over, may_print, packed, parcels_to_recall, printed
from zhanggui.actions.house import House
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.facts import ScanFacts, ScanStage

ONE, TWO = "260302-100000000000001", "260302-100000000000002"
BOTH = "YT8800000000001"
PACKED, HANDED_OVER = DispatchState.PACKED, DispatchState.HANDED_OVER
TO_DESTROY, DESTROYED = DispatchState.TO_DESTROY, DispatchState.DESTROYED


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    return Warehouse(house, people)


def together(warehouse: Warehouse) -> None:
    """One parcel of two orders, closed."""
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE, TWO)
    may_print(house, by, shop_id, [ONE, TWO], warehouse.now)
    printed(house, by, shop_id, [PrintedPaper(no, YTO, BOTH) for no in (ONE, TWO)], warehouse.now)
    packed(house, by, shop_id, [ONE, TWO], None, warehouse.now)


def scanned(warehouse: Warehouse, number: str) -> None:
    """The carrier picks the parcel with this number up."""
    warehouse.now += timedelta(minutes=5)
    told = ScanFacts(tracking_no=number, at=warehouse.now, text="【义乌市】已揽收", stage=ScanStage.PICKED_UP)
    tell(warehouse.house, warehouse.shop_id, [told], warehouse.now)  # type: ignore[list-item]  # scans are told like orders


def test_handing_a_parcel_over_hands_over_every_order_in_it(warehouse: Warehouse) -> None:
    together(warehouse)

    outcomes = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [BOTH], warehouse.now)

    assert [(one.order_no, one.done) for one in outcomes] == [(ONE, True), (TWO, True)]
    assert (warehouse.state(ONE), warehouse.state(TWO)) == (HANDED_OVER, HANDED_OVER)


@pytest.mark.parametrize(("asks", "other"), [(TWO, ONE), (ONE, TWO)])
def test_a_parcel_stays_while_the_money_of_one_of_its_orders_is_asked_back(warehouse: Warehouse, asks: str, other: str) -> None:
    together(warehouse)
    warehouse.asks_back(asks)

    by_order = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [other], warehouse.now)
    by_number = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [BOTH], warehouse.now)
    packs = packed(warehouse.house, warehouse.by, warehouse.shop_id, other, None, warehouse.now)
    shown = find_dispatch(warehouse.house, warehouse.by, warehouse.shop_id, BOTH, warehouse.now)

    assert not any(one.done for one in (*by_order, *by_number, *packs))
    assert by_order[0].why is not None
    assert by_order[0].why.slots == {"order_no": asks}
    assert (warehouse.state(asks), warehouse.state(other)) == (TO_DESTROY, PACKED)
    assert shown is not None
    assert shown.state is TO_DESTROY


def test_the_rest_of_a_parcel_leaves_once_the_goods_paid_back_were_taken_out(warehouse: Warehouse) -> None:
    together(warehouse)
    warehouse.asks_back(ONE)
    destroyed(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    outcomes = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [BOTH], warehouse.now)
    scanned(warehouse, BOTH)

    assert [(one.order_no, one.done) for one in outcomes] == [(TWO, True)]
    assert (warehouse.state(ONE), warehouse.state(TWO)) == (DESTROYED, HANDED_OVER)


def test_a_parcel_stays_while_one_of_its_orders_is_on_hold(warehouse: Warehouse) -> None:
    together(warehouse)
    warehouse.changes(TWO, on_hold=True)

    outcomes = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert [one.done for one in outcomes] == [False, False]
    assert (warehouse.state(ONE), warehouse.state(TWO)) == (PACKED, PACKED)


def test_a_label_of_which_the_platform_was_never_told_is_seen_to_travel(warehouse: Warehouse) -> None:
    warehouse.comes(ONE, TWO)
    warehouse.prints(ONE, TWO)
    warehouse.asks_back(TWO)
    scanned(warehouse, number_of(ONE))
    scanned(warehouse, number_of(TWO))

    recalls = parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)

    assert (warehouse.state(ONE), warehouse.state(TWO)) == (HANDED_OVER, HANDED_OVER)
    assert [each.order_no for each in recalls] == [TWO]


def test_a_label_that_was_said_to_be_destroyed_is_called_back_once_it_travels(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    warehouse.asks_back(ONE)
    destroyed(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    scanned(warehouse, number_of(ONE))

    recalls = parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)

    assert warehouse.state(ONE) is HANDED_OVER
    assert [each.order_no for each in recalls] == [ONE]
