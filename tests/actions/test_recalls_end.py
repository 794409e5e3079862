"""A recall ends with what it was wanted for, and one that is here again moves the parcel, and all that lies in it, in the same transaction."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse, number_of
from tests.cast import Cast
from zhanggui.actions.dispatching import had_left, handed_over, may_print, parcels_to_recall, printed, recalled
from zhanggui.actions.house import House
from zhanggui.actions.order_page import order
from zhanggui.actions.recalls.seeing import RecallRow, recalls_seen
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.recalls.states import RecallEvent, RecallState

ONE, TWO = "260302-100000000000001", "260302-100000000000002"
BOTH = "YT8800000000001"
HANDED_OVER, RECALLED = DispatchState.HANDED_OVER, DispatchState.RECALLED


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    return Warehouse(house, people)


def rows(warehouse: Warehouse, *, live: bool = True) -> list[RecallRow]:
    return list(recalls_seen(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now, live=live).rows)


def due(warehouse: Warehouse) -> list[str]:
    """What stands on Today about recalls: why each is open."""
    with warehouse.house.pool.connection() as tx:
        found = tx.execute("select because::text from deadlines where shop_id = %s and kind = 'recall_check' and band is not null", (warehouse.shop_id,))
        return [text for (text,) in found]


def steps(warehouse: Warehouse, recall_no: int, event: RecallEvent) -> RecallState:
    return step_recall(warehouse.house, warehouse.by, warehouse.shop_id, recall_no, event, warehouse.now)


def left_and_asked_back(warehouse: Warehouse, *order_nos: str) -> None:
    """The carrier has the parcels, and then the buyers ask for their money."""
    warehouse.comes(*order_nos)
    warehouse.prints(*order_nos)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, order_nos, warehouse.now)
    for order_no in order_nos:
        warehouse.asks_back(order_no)


def left_together(warehouse: Warehouse) -> None:
    """One parcel of two orders is with the carrier."""
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE, TWO)
    may_print(house, by, shop_id, [ONE, TWO], warehouse.now)
    printed(house, by, shop_id, [PrintedPaper(no, YTO, BOTH) for no in (ONE, TWO)], warehouse.now)
    handed_over(house, by, shop_id, [BOTH], warehouse.now)


def test_it_ends_with_the_reason_when_the_buyer_gives_up_before_the_carrier_was_told(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)

    warehouse.gives_up(ONE)

    (over,) = rows(warehouse, live=False)
    assert over.state is RecallState.NEEDLESS
    assert over.recall.needless_because is not None
    assert over.recall.needless_because.text == "The buyer asks for the money back no more."
    assert (rows(warehouse), due(warehouse)) == ([], [])


def test_it_begins_anew_when_the_buyer_asks_again(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)
    warehouse.gives_up(ONE)
    warehouse.now += timedelta(days=2)

    warehouse.asks_back(ONE)

    (live,) = rows(warehouse)
    assert (live.state, live.recall.asked_at, live.recall.needless) == (RecallState.ASKED, warehouse.now, None)
    assert len(due(warehouse)) == 1
    assert rows(warehouse, live=False) == []


def test_it_has_the_carrier_told_to_carry_on_once_the_carrier_had_been_told_to_stop(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)
    (row,) = rows(warehouse)
    steps(warehouse, row.recall.recall_no, RecallEvent.TELL)

    warehouse.gives_up(ONE)
    (told,) = rows(warehouse)
    (why,) = due(warehouse)
    steps(warehouse, row.recall.recall_no, RecallEvent.DROP)

    assert (told.state, told.recall.needless is not None) == (RecallState.TOLD, True)
    assert "tell the carrier to deliver it after all" in why
    assert due(warehouse) == []


def test_a_person_may_still_want_back_what_the_house_wants_no_more(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)
    warehouse.gives_up(ONE)

    begin_recall(warehouse.house, warehouse.by, warehouse.shop_id, ONE, "发错了", warehouse.now)

    (live,) = rows(warehouse)
    assert (live.state, live.recall.reason.slots) == (RecallState.ASKED, {"text": "发错了"})


def test_what_a_person_wants_back_is_not_ended_by_a_refund_that_was_taken_back(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    handed_over(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)
    begin_recall(warehouse.house, warehouse.by, warehouse.shop_id, ONE, "发错了", warehouse.now)

    warehouse.asks_back(ONE)
    warehouse.gives_up(ONE)

    assert [row.state for row in rows(warehouse)] == [RecallState.ASKED]


def test_receiving_it_moves_the_parcel_and_the_other_orders_in_it(warehouse: Warehouse) -> None:
    left_together(warehouse)
    warehouse.asks_back(ONE)
    warehouse.asks_back(TWO)
    first = next(row.recall.recall_no for row in rows(warehouse) if row.recall.order_no == ONE)
    steps(warehouse, first, RecallEvent.TELL)

    state = steps(warehouse, first, RecallEvent.RECEIVE)

    assert state is RecallState.BACK
    assert (warehouse.state(ONE), warehouse.state(TWO)) == (RECALLED, RECALLED)
    assert [row.state for row in rows(warehouse, live=False)] == [RecallState.BACK, RecallState.BACK]
    assert (rows(warehouse), due(warehouse)) == ([], [])


def test_receiving_an_old_parcel_leaves_the_new_label_alone(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)
    (row,) = rows(warehouse)
    steps(warehouse, row.recall.recall_no, RecallEvent.TELL)
    with warehouse.house.pool.connection() as tx:
        tx.execute("update dispatches set tracking_no = 'YT9900000000009' where shop_id = %s and order_no = %s", (warehouse.shop_id, ONE))

    state = steps(warehouse, row.recall.recall_no, RecallEvent.RECEIVE)

    assert (state, warehouse.state(ONE)) == (RecallState.BACK, HANDED_OVER)


def test_a_recall_past_that_step_moves_nothing(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)
    (row,) = rows(warehouse)

    with pytest.raises(Refused):
        steps(warehouse, row.recall.recall_no, RecallEvent.RECEIVE)

    assert warehouse.state(ONE) is HANDED_OVER
    assert [each.state for each in rows(warehouse)] == [RecallState.ASKED]


def test_saying_at_the_desk_that_a_parcel_is_back_ends_the_recalls_of_all_its_orders(warehouse: Warehouse) -> None:
    left_together(warehouse)
    warehouse.asks_back(TWO)

    outcomes = recalled(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)

    assert [(one.order_no, one.state) for one in outcomes] == [(ONE, RECALLED), (TWO, RECALLED)]
    assert [(row.recall.order_no, row.state) for row in rows(warehouse, live=False)] == [(TWO, RecallState.BACK)]
    assert (rows(warehouse), due(warehouse)) == ([], [])


def test_a_parcel_that_had_left_takes_along_what_else_lies_in_it(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE, TWO)
    may_print(house, by, shop_id, [ONE, TWO], warehouse.now)
    printed(house, by, shop_id, [PrintedPaper(no, YTO, BOTH) for no in (ONE, TWO)], warehouse.now)
    warehouse.asks_back(ONE)

    outcomes = had_left(house, by, shop_id, [ONE], warehouse.now)

    assert [(one.order_no, one.state) for one in outcomes] == [(ONE, HANDED_OVER), (TWO, HANDED_OVER)]
    assert [each.order_no for each in parcels_to_recall(house, by, shop_id, warehouse.now)] == [ONE]
    assert number_of(ONE) != BOTH


def test_the_page_of_its_order_says_step_by_step_how_the_to_do_came_about(warehouse: Warehouse) -> None:
    left_and_asked_back(warehouse, ONE)

    view = order(warehouse.house, warehouse.people.lin, warehouse.shop_id, ONE, warehouse.now)

    assert view is not None
    (told,) = [each for each in view.explanations if each.deadline.kind is DeadlineKind.RECALL_CHECK]
    assert [step.say.text.split(":")[0] for step in told.steps] == [
        "It counts from {event}",
        "The rule rests on",
        "{start} + {minutes} min = {due_at}.",
        "The carrier has not been told yet; every hour lowers the chance.",
        "At stake with it",
        "Taken together, this moment is {basis}.",
        "The facts are from {as_of}, just now.",
    ]
