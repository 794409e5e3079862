"""What lies on the shelves while parcels are printed, uploaded before they leave, handed over, destroyed, or come back."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse, number_of
from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.dispatching import destroyed, handed_over, may_print, printed, recalled
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.goods.stock import Stock, stock_of
from zhanggui.actions.house import House
from zhanggui.actions.papers.composing import Told
from zhanggui.actions.papers.making import Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive, undo_return
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.numbering import write_numbers
from zhanggui.actions.shipdesk.printing import mark_printed
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.facts import AftersaleState, OrderStage, RefundState
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade

ONE, BOWL = "260302-100000000000001", "7001"


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    """A hundred bowls were counted; then the number of an order of one was uploaded as soon as its label was printed."""
    made = Warehouse(house, people)
    made.comes(ONE, sku_id=BOWL, goods_id="70", quantity=1)
    _count(made, 100)
    made.prints(ONE)
    made.changes(ONE, stage=OrderStage.SHIPPED, shipped_at=made.now, carrier=YTO, tracking_no=number_of(ONE))
    made.now += timedelta(hours=1)
    return made


def test_what_was_uploaded_is_taken_off_when_it_is_handed_over_and_so_by_a_count_in_between(warehouse: Warehouse) -> None:
    uploaded = _stock(warehouse)
    _count(warehouse, 130)
    warehouse.now += timedelta(hours=1)

    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert (uploaded, _stock(warehouse)) == (Stock(on_hand=100, reserved=1), Stock(on_hand=129, reserved=0))


def test_what_was_uploaded_and_destroyed_lies_there_again(warehouse: Warehouse) -> None:
    warehouse.asks_back(ONE)
    destroyed(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    waits = _stock(warehouse)

    warehouse.asks_back(ONE, AftersaleState.REFUNDED)

    assert (waits, _stock(warehouse)) == (Stock(on_hand=100, reserved=1), Stock(on_hand=100, reserved=0))


def test_what_is_printed_anew_under_another_number_waits_for_its_hand_over(warehouse: Warehouse) -> None:
    destroyed(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    printed(warehouse.house, warehouse.by, warehouse.shop_id, [PrintedPaper(ONE, YTO, "YT9900000000001")], warehouse.now)

    warehouse.changes(ONE, seller_note="new label")
    waits = _stock(warehouse)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert (waits, _stock(warehouse)) == (Stock(on_hand=100, reserved=1), Stock(on_hand=99, reserved=0))


def test_what_the_carrier_took_before_a_count_is_not_taken_off_again_though_nobody_handed_it_over(warehouse: Warehouse) -> None:
    taken_at = warehouse.now
    warehouse.now += timedelta(hours=1)
    _count(warehouse, 99)
    warehouse.now += timedelta(hours=1)

    warehouse.changes(ONE, picked_up_at=taken_at)

    assert _stock(warehouse) == Stock(on_hand=99, reserved=0)


def test_a_parcel_that_came_back_is_back_whole_until_a_count_says_what_of_it_is(warehouse: Warehouse) -> None:
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    gone = _stock(warehouse)
    warehouse.asks_back(ONE)
    recalled(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    back = _stock(warehouse)

    return_no = _opens(warehouse, Grade.WORN)
    worn = _stock(warehouse)
    undo_return(warehouse.house, warehouse.by, warehouse.shop_id, return_no, warehouse.now)
    undone = _stock(warehouse)
    _opens(warehouse, Grade.AS_NEW)

    assert (gone, back) == (Stock(on_hand=99, reserved=0), Stock(on_hand=100, reserved=1))
    assert (worn, undone, _stock(warehouse)) == (Stock(on_hand=99, reserved=0), back, Stock(on_hand=100, reserved=0))


def test_what_was_counted_out_of_a_parcel_comes_back_once_whenever_it_is_said_to_be_here(warehouse: Warehouse) -> None:
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)
    warehouse.now += timedelta(hours=1)
    _opens(warehouse, Grade.AS_NEW)

    recalled(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE, AftersaleState.REFUNDED)

    assert _stock(warehouse) == Stock(on_hand=100, reserved=0)


def test_what_nobody_said_had_left_is_taken_off_once_a_count_shows_that_it_came_back(warehouse: Warehouse) -> None:
    warehouse.changes(ONE, shipped_at=warehouse.now)
    warehouse.asks_back(ONE)
    waits = _stock(warehouse)

    return_no = _opens(warehouse, Grade.WORN)
    worn = _stock(warehouse)
    undo_return(warehouse.house, warehouse.by, warehouse.shop_id, return_no, warehouse.now)
    undone = _stock(warehouse)
    _opens(warehouse, Grade.AS_NEW)
    counted = _stock(warehouse)
    warehouse.asks_back(ONE, AftersaleState.REFUNDED)

    assert (waits, undone) == (Stock(on_hand=100, reserved=1),) * 2
    assert (worn, counted, _stock(warehouse)) == (Stock(on_hand=99, reserved=0), *(Stock(on_hand=100, reserved=0),) * 2)


def test_what_was_counted_before_anybody_heard_that_it_had_left_comes_back_once(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    _opens(warehouse, Grade.AS_NEW)
    warehouse.now += timedelta(hours=1)
    handed_over(house, by, shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)
    left = _stock(warehouse)

    recalled(house, by, shop_id, [ONE], warehouse.now)

    assert (left, _stock(warehouse)) == (Stock(on_hand=100, reserved=0),) * 2


def test_what_came_back_and_was_counted_gets_a_new_label_only_once_that_count_is_taken_back(warehouse: Warehouse) -> None:
    return_no = _comes_back_counted(warehouse)
    warehouse.gives_up(ONE)
    refused = may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)[0]
    undo_return(warehouse.house, warehouse.by, warehouse.shop_id, return_no, warehouse.now)

    _goes_anew(warehouse)

    assert (refused.done, refused.why and refused.why.slots) == (False, {"return_no": return_no})
    assert _stock(warehouse) == Stock(on_hand=99, reserved=0)


def test_it_does_not_count_as_printed_by_another_tool_either(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.changes(ONE, stage=OrderStage.TO_SHIP, shipped_at=None, tracking_no=None)
    return_no = _comes_back_counted(warehouse)
    warehouse.gives_up(ONE)
    batch_no = make_batch(house, by, shop_id, warehouse.now, order_nos=[ONE])
    write_numbers(house, by, shop_id, batch_no, YTO, {ONE: "YT9900000000001"}, warehouse.now)

    (outcome,) = mark_printed(house, by, shop_id, batch_no, warehouse.now, clock.unwound())

    assert (outcome.done, outcome.why and outcome.why.slots) == (False, {"return_no": return_no})
    assert (warehouse.state(ONE), _stock(warehouse).on_hand) == (DispatchState.RECALLED, 100)


def test_no_label_with_a_number_is_made_for_it_as_a_paper_either(warehouse: Warehouse) -> None:
    warehouse.changes(ONE, stage=OrderStage.TO_SHIP, shipped_at=None, tracking_no=None)
    return_no = _comes_back_counted(warehouse)
    warehouse.gives_up(ONE)
    wanted = Wanted(order_nos=(ONE,), told=Told(numbers={ONE: (YTO, "YT9900000000001")}))

    with pytest.raises(Refused) as refusal:
        make_papers(warehouse.house, warehouse.by, warehouse.shop_id, wanted, warehouse.now)

    assert refusal.value.say.slots == {"order_no": ONE, "return_no": return_no}


def test_a_count_on_which_money_went_back_keeps_no_label_from_the_rest(warehouse: Warehouse) -> None:
    _comes_back_counted(warehouse)
    warehouse.asks_back(ONE, AftersaleState.REFUNDED, refund_amount=Fen(500))
    warehouse.changes(ONE, refund=RefundState.NONE)

    assert may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)[0].done


def _comes_back_counted(warehouse: Warehouse) -> int:
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    warehouse.asks_back(ONE)
    recalled(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    return _opens(warehouse, Grade.AS_NEW)


def _goes_anew(warehouse: Warehouse) -> None:
    warehouse.now += timedelta(hours=1)
    assert may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)[0].done
    printed(warehouse.house, warehouse.by, warehouse.shop_id, [PrintedPaper(ONE, YTO, "YT9900000000001")], warehouse.now)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)


def _count(warehouse: Warehouse, pieces: int) -> None:
    count_stock(warehouse.house, warehouse.by, warehouse.shop_id, [Count(BOWL, pieces)], warehouse.now)


def _stock(warehouse: Warehouse) -> Stock:
    with warehouse.house.pool.connection() as tx:
        return stock_of(tx, warehouse.shop_id, [BOWL])[BOWL]


def _opens(warehouse: Warehouse, grade: Grade) -> int:
    share = Share(ONE, None, (Piece(BOWL, grade, 1),))
    return receive(warehouse.house, warehouse.by, warehouse.shop_id, Opened(code=number_of(ONE), shares=(share,)), warehouse.now)[0]
