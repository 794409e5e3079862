"""An order that went in several parcels is called back parcel by parcel, and is back in the house with the last of them."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import YTO, Warehouse, tell
from tests.cast import Cast
from zhanggui.actions.chasing.gathering import to_chase
from zhanggui.actions.chasing.seeing import counts
from zhanggui.actions.dispatching import destroyed, handed_over, may_print, parcels_to_recall, printed, recalled
from zhanggui.actions.house import House
from zhanggui.actions.recalls.seeing import RecallRow, recalls_seen
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.adding import add_parcel, move_parcel
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.facts import OrderStage, ParcelKind, ScanFacts, ScanStage
from zhanggui.core.recalls.states import RecallEvent, RecallState
from zhanggui.core.renumbering.states import ExtraState
from zhanggui.records import ship_parts

ONE = "260302-100000000000001"
FIRST, SECOND, THIRD = "YT7351946208153", "YT8823719045526", "YT6409182736459"
HANDED_OVER, RECALLED = DispatchState.HANDED_OVER, DispatchState.RECALLED


@pytest.fixture
def labelled(house: House, people: Cast) -> Warehouse:
    """One order in two parcels, both with their labels and in the house."""
    found = Warehouse(house, people)
    found.comes(ONE)
    with house.pool.connection() as tx:
        ship_parts.add(tx, found.shop_id, ONE, [1, 2], by=None, now=found.now)
        ship_parts.write(tx, found.shop_id, [(ONE, 2, YTO, SECOND)])
    may_print(house, found.by, found.shop_id, [ONE], found.now)
    printed(house, found.by, found.shop_id, [PrintedPaper(ONE, YTO, FIRST), PrintedPaper(ONE, YTO, SECOND, 2)], found.now)
    return found


@pytest.fixture
def warehouse(labelled: Warehouse) -> Warehouse:
    """The same, with the carrier."""
    handed_over(labelled.house, labelled.by, labelled.shop_id, [ONE], labelled.now)
    return labelled


def scanned(warehouse: Warehouse, number: str, stage: ScanStage) -> None:
    """The carrier tells of a parcel."""
    warehouse.now += timedelta(minutes=5)
    told = ScanFacts(tracking_no=number, at=warehouse.now, text=stage.value, stage=stage)
    tell(warehouse.house, warehouse.shop_id, [told], warehouse.now)  # type: ignore[list-item]  # scans are told like orders


def rows(warehouse: Warehouse, *, live: bool = True) -> tuple[RecallRow, ...]:
    return recalls_seen(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now, live=live).rows


def recalls(warehouse: Warehouse, *, live: bool = True) -> dict[str, int]:
    """The recalls under way, or those that are over: their numbers by parcel."""
    seen = rows(warehouse, live=live)
    return {row.recall.tracking_no: row.recall.recall_no for row in sorted(seen, key=lambda row: row.recall.tracking_no)}


def comes_back(warehouse: Warehouse, number: str) -> RecallState:
    """The carrier was told of this parcel, and it is here again."""
    recall_no = recalls(warehouse)[number]
    for event in (RecallEvent.TELL, RecallEvent.RECEIVE):
        state = step_recall(warehouse.house, warehouse.by, warehouse.shop_id, recall_no, event, warehouse.now)
    return state


def labels_printed(warehouse: Warehouse) -> list[bool]:
    with warehouse.house.pool.connection() as tx:
        return [row.printed_at is not None for row in ship_parts.of_orders(tx, warehouse.shop_id, [ONE])[ONE] if row.part > 1]


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
def test_each_parcel_is_asked_back_and_the_order_is_back_with_the_last(warehouse: Warehouse, order: tuple[str, str]) -> None:
    warehouse.asks_back(ONE)
    asked = list(recalls(warehouse))

    after_one = comes_back(warehouse, order[0]), warehouse.state(ONE), list(recalls(warehouse)), labels_printed(warehouse)
    after_both = comes_back(warehouse, order[1]), warehouse.state(ONE), list(recalls(warehouse)), labels_printed(warehouse)

    assert asked == [FIRST, SECOND]
    assert after_one == (RecallState.BACK, HANDED_OVER, [order[1]], [True])
    assert after_both == (RecallState.BACK, RECALLED, [], [False])


@pytest.mark.parametrize(("delivered", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_only_what_the_buyer_has_not_got_is_asked_back_and_the_order_is_not_back_with_it(warehouse: Warehouse, delivered: str, other: str) -> None:
    scanned(warehouse, delivered, ScanStage.DELIVERED)
    warehouse.asks_back(ONE)
    asked = list(recalls(warehouse))
    comes_back(warehouse, other)
    warehouse.changes(ONE, title="换了标题")

    assert (asked, warehouse.state(ONE)) == ([other], HANDED_OVER)
    assert parcels_to_recall(warehouse.house, warehouse.by, warehouse.shop_id, warehouse.now) == ()


def test_nothing_is_asked_back_of_what_was_delivered_whole(warehouse: Warehouse) -> None:
    for number in (FIRST, SECOND):
        scanned(warehouse, number, ScanStage.DELIVERED)

    warehouse.asks_back(ONE)

    assert recalls(warehouse) == {}


def test_a_parcel_that_failed_to_come_back_keeps_the_order_with_the_carrier(warehouse: Warehouse) -> None:
    warehouse.asks_back(ONE)
    comes_back(warehouse, FIRST)

    scanned(warehouse, SECOND, ScanStage.DELIVERED)

    assert (warehouse.state(ONE), recalls(warehouse), list(recalls(warehouse, live=False))) == (HANDED_OVER, {}, [FIRST, SECOND])


def test_all_of_them_end_when_the_buyer_gives_up(warehouse: Warehouse) -> None:
    warehouse.asks_back(ONE)

    warehouse.gives_up(ONE)

    assert (recalls(warehouse), list(recalls(warehouse, live=False))) == ({}, [FIRST, SECOND])


def test_a_gift_is_not_called_back_with_the_goods(warehouse: Warehouse) -> None:
    warehouse.changes(ONE, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=warehouse.now)
    add_parcel(warehouse.house, warehouse.people.lin, warehouse.shop_id, ONE, ParcelKind.GIFT, YTO, THIRD, warehouse.now, is_sure=True)

    warehouse.asks_back(ONE)

    assert list(recalls(warehouse)) == [FIRST, SECOND]


@pytest.mark.parametrize(("named", "asked"), [(ONE, [FIRST, SECOND]), (FIRST, [FIRST]), (SECOND, [SECOND]), (f" {SECOND.lower()} ", [SECOND])])
def test_a_person_names_the_order_or_one_of_its_parcels(warehouse: Warehouse, named: str, asked: list[str]) -> None:
    begin_recall(warehouse.house, warehouse.people.mei, warehouse.shop_id, named, "发错了", warehouse.now)

    assert list(recalls(warehouse)) == asked


def test_a_number_that_nobody_knows_is_no_parcel(warehouse: Warehouse) -> None:
    with pytest.raises(Refused, match="no such order"):
        begin_recall(warehouse.house, warehouse.people.mei, warehouse.shop_id, THIRD, "", warehouse.now)


@pytest.mark.parametrize("came_of_it", [(), (RecallEvent.DROP,), (RecallEvent.TELL, RecallEvent.FAIL)])
def test_a_parcel_that_is_called_back_anew_is_not_here(warehouse: Warehouse, came_of_it: tuple[RecallEvent, ...]) -> None:
    warehouse.asks_back(ONE)
    comes_back(warehouse, FIRST)
    recall_no = begin_recall(warehouse.house, warehouse.by, warehouse.shop_id, FIRST, "点错了", warehouse.now)
    for event in came_of_it:
        step_recall(warehouse.house, warehouse.by, warehouse.shop_id, recall_no, event, warehouse.now)

    comes_back(warehouse, SECOND)
    after_other = warehouse.state(ONE)
    begin_recall(warehouse.house, warehouse.by, warehouse.shop_id, ONE, "", warehouse.now)
    comes_back(warehouse, FIRST)

    assert (after_other, warehouse.state(ONE)) == (HANDED_OVER, RECALLED)


def test_where_its_events_alone_tell_that_the_last_is_here_a_person_says_so(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.asks_back(ONE)
    comes_back(warehouse, FIRST)
    for stage in (ScanStage.RETURN_TO_SENDER, ScanStage.DELIVERED):
        scanned(warehouse, SECOND, stage)
    before = warehouse.state(ONE), counts(house, by, shop_id).recalls

    (row,) = rows(warehouse)
    said = step_recall(house, by, shop_id, row.recall.recall_no, RecallEvent.RECEIVE, warehouse.now)

    assert (row.recall.tracking_no, row.state, row.events, row.is_unsaid) == (SECOND, RecallState.BACK, (RecallEvent.RECEIVE,), True)
    assert (before, said) == ((HANDED_OVER, 1), RecallState.BACK)
    assert (warehouse.state(ONE), rows(warehouse), counts(house, by, shop_id).recalls) == (RECALLED, (), 0)
    assert [each.events for each in rows(warehouse, live=False)] == [(), ()]
    with pytest.raises(Refused, match="past that"):
        step_recall(house, by, shop_id, row.recall.recall_no, RecallEvent.RECEIVE, warehouse.now)


def test_a_parcel_noted_later_is_called_back_too_and_those_that_are_here_say_that_the_order_waits_for_it(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.changes(ONE, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=warehouse.now)
    warehouse.asks_back(ONE)
    extra_no = add_parcel(house, warehouse.people.lin, shop_id, ONE, ParcelKind.EXTRA, YTO, THIRD, warehouse.now, is_sure=True)
    asked = set(recalls(warehouse))
    for number in (FIRST, SECOND):
        comes_back(warehouse, number)
    step_recall(house, by, shop_id, recalls(warehouse)[THIRD], RecallEvent.DROP, warehouse.now)
    warehouse.changes(ONE, title="换了标题")
    waits = {row.recall.tracking_no: [each.slots["number"] for each in row.waits_for] for row in rows(warehouse, live=False)}

    assert (asked, warehouse.state(ONE), recalls(warehouse)) == ({FIRST, SECOND, THIRD}, HANDED_OVER, {})
    assert waits == {FIRST: [THIRD], SECOND: [THIRD], THIRD: []}

    # it was noted by mistake: the other may be called back anew, and said to be here
    move_parcel(house, warehouse.people.lin, shop_id, extra_no, ExtraState.DROPPED, warehouse.now)
    begin_recall(house, by, shop_id, SECOND, "", warehouse.now)
    comes_back(warehouse, SECOND)
    assert warehouse.state(ONE) is RECALLED


@pytest.mark.parametrize("number", [FIRST, SECOND])
def test_a_label_that_has_not_left_or_was_destroyed_is_no_parcel(labelled: Warehouse, number: str) -> None:
    house, by, shop_id = labelled.house, labelled.by, labelled.shop_id
    for _ in (DispatchState.PRINTED, DispatchState.DESTROYED):
        with pytest.raises(Refused, match=r"no parcel can be called back|no such order"):
            begin_recall(house, by, shop_id, number, "", labelled.now)
        destroyed(house, by, shop_id, [ONE], labelled.now)

    assert (labelled.state(ONE), recalls(labelled)) == (DispatchState.DESTROYED, {})


def test_nobody_is_asked_about_a_parcel_of_an_order_that_is_back(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.changes(ONE, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=warehouse.now)
    scanned(warehouse, SECOND, ScanStage.IN_TRANSIT)
    warehouse.now += timedelta(days=12)
    (still,) = to_chase(house, by, shop_id, warehouse.now).beside

    recalled(house, by, shop_id, [ONE], warehouse.now)

    assert (still.tracking_no, to_chase(house, by, shop_id, warehouse.now).beside) == (SECOND, ())
