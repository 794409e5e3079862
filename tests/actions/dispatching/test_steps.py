"""An order goes out of the house step by step, and no further than it may."""

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse, number_of
from tests.cast import Cast
from zhanggui.actions.dispatching import (
    destroy_list,
    destroyed,
    find_dispatch,
    had_left,
    handed_over,
    kept_after_all,
    may_print,
    not_printed,
    packed,
    parcels_to_recall,
    printed,
    recalled,
    sent_on,
    taken_back,
    unpacked,
)
from zhanggui.actions.house import House
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.facts import OrderStage
from zhanggui.people.permissions import NotAllowed

ONE, TWO = "260302-100000000000001", "260302-100000000000002"
PRINTED, PACKED, HANDED_OVER = DispatchState.PRINTED, DispatchState.PACKED, DispatchState.HANDED_OVER
TO_DESTROY, DESTROYED, RECALLED = DispatchState.TO_DESTROY, DispatchState.DESTROYED, DispatchState.RECALLED


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    return Warehouse(house, people)


def test_an_order_is_printed_packed_and_handed_over_each_with_who_and_when(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    house, by, shop_id, now = warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now

    outcomes = [
        *may_print(house, by, shop_id, [ONE], now),
        *printed(house, by, shop_id, [PrintedPaper(ONE, YTO, number_of(ONE))], now, batch_no=7),
        *packed(house, by, shop_id, ONE, 512, now),
        *handed_over(house, by, shop_id, [number_of(ONE)], now),
    ]
    dispatch = warehouse.dispatch(ONE)

    assert [(one.done, one.why, one.state) for one in outcomes] == [
        (True, None, None), (True, None, PRINTED), (True, None, PACKED), (True, None, HANDED_OVER),
    ]  # fmt: skip
    assert dispatch is not None
    assert (dispatch.carrier, dispatch.tracking_no, dispatch.batch_no, dispatch.weight_g) == (YTO, number_of(ONE), 7, 512)
    assert (dispatch.printed_at, dispatch.packed_at, dispatch.handed_at) == (now, now, now)
    assert (dispatch.printed_by, dispatch.packed_by, dispatch.handed_by) == (by.person_id,) * 3
    assert warehouse.journal(ONE) == [("print", by.person_id), ("pack", by.person_id), ("hand_over", by.person_id)]


def test_doing_a_step_again_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    for _ in range(2):
        packed(warehouse.house, warehouse.by, warehouse.shop_id, ONE, None, warehouse.now)
    for _ in range(2):
        again = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert (again[0].done, again[0].state) == (True, HANDED_OVER)
    assert [event for event, _ in warehouse.journal(ONE)] == ["print", "pack", "hand_over"]


def test_a_refund_before_print_keeps_the_label_from_being_printed(warehouse: Warehouse) -> None:
    warehouse.comes(ONE, TWO)
    warehouse.asks_back(ONE)

    told = may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE, TWO], warehouse.now)

    assert [(one.order_no, one.done) for one in told] == [(ONE, False), (TWO, True)]
    assert told[0].why is not None
    assert told[0].why.text == "The buyer has asked for the money back."
    assert warehouse.dispatch(ONE) is None


def test_a_refund_after_print_puts_the_label_on_the_destroy_list_by_itself(warehouse: Warehouse) -> None:
    warehouse.comes(ONE, TWO)
    warehouse.prints(ONE, TWO)
    packed(warehouse.house, warehouse.by, warehouse.shop_id, TWO, None, warehouse.now)
    warehouse.asks_back(ONE)
    warehouse.asks_back(TWO)

    listed = destroy_list(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)
    refused = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE, TWO], warehouse.now)
    gone = destroyed(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert [(each.order_no, each.because.text if each.because else None) for each in listed] == [
        (ONE, "The buyer has asked for the money back."), (TWO, "The buyer has asked for the money back."),
    ]  # fmt: skip
    assert [one.done for one in refused] == [False, False]
    assert gone[0].state is DESTROYED
    assert warehouse.journal(ONE) == [("print", warehouse.by.person_id), ("halt", None), ("destroy", warehouse.by.person_id)]


def test_a_refund_while_the_paper_comes_out_is_found_when_it_is_reported(warehouse: Warehouse) -> None:
    warehouse.comes(ONE, TWO)
    may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE, TWO], warehouse.now)
    warehouse.asks_back(ONE)
    warehouse.asks_back(TWO)
    meanwhile = warehouse.state(ONE)

    came_out = printed(warehouse.house, warehouse.by, warehouse.shop_id, [PrintedPaper(ONE, YTO, number_of(ONE))], warehouse.now)
    failed = not_printed(warehouse.house, warehouse.by, warehouse.shop_id, [TWO], warehouse.now)

    assert meanwhile is TO_DESTROY
    assert (came_out[0].done, came_out[0].state) == (False, TO_DESTROY)
    assert (failed[0].done, failed[0].state) == (True, None)
    assert [each.order_no for each in destroy_list(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)] == [ONE]


def test_a_refund_after_hand_over_asks_for_the_parcel_back(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)

    wanted = parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)
    back = recalled(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert [(each.order_no, each.state) for each in wanted] == [(ONE, HANDED_OVER)]
    assert back[0].state is RECALLED
    assert parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now) == ()


def test_a_buyer_who_gives_up_gets_the_parcel_after_it_was_checked_again(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    packed(warehouse.house, warehouse.by, warehouse.shop_id, ONE, 300, warehouse.now)
    warehouse.asks_back(ONE)
    warehouse.gives_up(ONE)

    dispatch = warehouse.dispatch(ONE)

    assert dispatch is not None
    assert (dispatch.state, dispatch.packed_at, dispatch.because) == (PRINTED, None, None)
    assert [event for event, _ in warehouse.journal(ONE)] == ["print", "pack", "halt", "spare"]


def test_wrong_clicks_are_taken_back(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    house, by, shop_id, now = warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now
    packed(house, by, shop_id, ONE, None, now)

    states = [
        unpacked(house, by, shop_id, ONE, now)[0].state,
        handed_over(house, by, shop_id, [ONE], now)[0].state,
        taken_back(house, by, shop_id, [ONE], now)[0].state,
        destroyed(house, by, shop_id, [ONE], now)[0].state,
        kept_after_all(house, by, shop_id, [ONE], now)[0].state,
        handed_over(house, by, shop_id, [ONE], now)[0].state,
        recalled(house, by, shop_id, [ONE], now)[0].state,
        sent_on(house, by, shop_id, [ONE], now)[0].state,
    ]

    # a destroyed label of which nothing speaks against goes back to printed, not to the destroy list
    assert states == [PRINTED, HANDED_OVER, PACKED, DESTROYED, PRINTED, HANDED_OVER, RECALLED, HANDED_OVER]


def test_taking_back_a_hand_over_while_the_buyer_asks_for_the_money_puts_it_on_the_destroy_list(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)

    back = taken_back(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert (back[0].done, back[0].state) == (True, TO_DESTROY)


def test_what_must_not_leave_yet_is_kept_without_being_destroyed(warehouse: Warehouse) -> None:
    warehouse.comes(ONE, TWO)
    warehouse.prints(ONE)
    warehouse.changes(ONE, on_hold=True)
    warehouse.changes(TWO, under_review=True)

    hands = handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    prints = may_print(warehouse.house, warehouse.by, warehouse.shop_id, [TWO], warehouse.now)

    assert (hands[0].done, hands[0].state) == (False, PRINTED)
    assert not prints[0].done


def test_an_order_shipped_with_another_tool_is_not_printed_again(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.changes(ONE, stage=OrderStage.SHIPPED)

    told = may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE, "260302-404"], warehouse.now)

    assert [(one.done, one.why.text if one.why else None) for one in told] == [
        (False, "It has been shipped already, with a label that was not printed here."),
        (False, "The shop has no such order."),
    ]


def test_two_people_do_not_print_the_same_label_at_the_same_time(warehouse: Warehouse, people: Cast) -> None:
    warehouse.comes(ONE)

    first = may_print(warehouse.house, people.zhou, warehouse.shop_id, [ONE], warehouse.now)
    second = may_print(warehouse.house, people.mei, warehouse.shop_id, [ONE], warehouse.now)
    again = may_print(warehouse.house, people.zhou, warehouse.shop_id, [ONE], warehouse.now)

    assert [first[0].done, second[0].done, again[0].done] == [True, False, True]


def test_strangers_neither_see_nor_move_it(warehouse: Warehouse, people: Cast) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)

    for step in (
        lambda: may_print(warehouse.house, people.zheng, warehouse.shop_id, [ONE], warehouse.now),
        lambda: handed_over(warehouse.house, people.zheng, warehouse.shop_id, [ONE], warehouse.now),
        lambda: find_dispatch(warehouse.house, people.zheng, warehouse.shop_id, ONE, warehouse.now),
    ):
        with pytest.raises(NotAllowed):
            step()

    assert warehouse.state(ONE) is PRINTED
    assert find_dispatch(warehouse.house, warehouse.by, warehouse.shop_id, number_of(ONE), warehouse.now) == warehouse.dispatch(ONE)


def test_a_parcel_that_had_left_already_is_asked_back_instead_of_destroyed(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    warehouse.asks_back(ONE)

    left = had_left(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert (left[0].done, left[0].state) == (True, HANDED_OVER)
    assert [each.order_no for each in parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now)] == [ONE]
    with warehouse.house.pool.connection() as tx:
        running = tx.execute("select kind from deadlines where shop_id = %s and order_no = %s and band is not null", (warehouse.shop_id, ONE)).fetchall()
    assert ("recall_check",) in running


def test_a_parcel_that_goes_on_after_all_while_its_money_is_asked_back_is_followed_up(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    handed_over(house, by, shop_id, [ONE], warehouse.now)
    recalled(house, by, shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)

    outcomes = sent_on(house, by, shop_id, [ONE], warehouse.now)

    with house.pool.connection() as tx:
        running = tx.execute("select kind from deadlines where shop_id = %s and order_no = %s and band is not null", (shop_id, ONE)).fetchall()
    assert (outcomes[0].done, outcomes[0].state) == (True, HANDED_OVER)
    assert ("recall_check",) in running


def test_a_pickup_scan_says_that_the_parcel_has_left_whatever_was_said_in_the_house(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    warehouse.changes(ONE, stage=OrderStage.SHIPPED, tracking_no=number_of(ONE), picked_up_at=warehouse.now)

    back = taken_back(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert warehouse.state(ONE) is HANDED_OVER
    assert warehouse.journal(ONE) == [("print", warehouse.by.person_id), ("left", None)]
    assert not back[0].done
