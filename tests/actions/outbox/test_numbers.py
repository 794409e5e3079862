"""A wrong number put right and a further parcel named through the door: once, asked after when the answer was lost, dropped when somebody was quicker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.actions.outbox.test_lost_answers import LAG
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.outbox import stop
from zhanggui.actions.outbox.sending import carry_out, claimed, let_through, prepared
from zhanggui.actions.outbox.watch import running as seconds
from zhanggui.actions.refused import Refused
from zhanggui.actions.renumbering.adding import add_parcel, move_parcel, send_parcel
from zhanggui.actions.renumbering.changing import drop_change, plan_change, send_change
from zhanggui.actions.renumbering.seeing import NumbersPage, numbers_seen
from zhanggui.actions.syncing import read_again
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.facts import ParcelKind
from zhanggui.core.renumbering.states import ChangeState, ExtraState
from zhanggui.records import deadlines
from zhanggui.records.db import transact

CHANGE, EXTRA = ActKind.SHIP_CHANGE, ActKind.PARCELS_EXTRA
WRONG, RIGHT, GIFT = "YT7351946208153", "YT7366152940871", "YT7391827465013"


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def shipped(door: Door) -> str:
    """An order that left under the wrong number, known to us."""
    order_no = door.orders()[0]
    door.platform.ship(order_no, WRONG)
    assert read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)
    return order_no


def planned(door: Door) -> tuple[str, int]:
    order_no = shipped(door)
    return order_no, plan_change(door.house, door.by, door.shop_id, order_no, "圆通快递", RIGHT, door.now)


def seen(door: Door) -> NumbersPage:
    return numbers_seen(door.house, door.by, door.shop_id)


def number_of(door: Door, order_no: str) -> str:
    return str(door.platform.order(order_no)["tracking_number"])


def test_it_changes_the_number_once_and_the_task_ends_by_what_is_read(door: Door) -> None:
    order_no, change_no = planned(door)
    open_to = seen(door).changes[0].may_send

    first = send_change(door.house, door.by, door.shop_id, change_no, door.now)
    again = send_change(door.house, door.by, door.shop_id, change_no, door.now)
    door.works()
    door.works()
    read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)

    assert open_to
    assert first == again
    assert door.act(first).state == "carried_out"
    assert door.happened(CHANGE, order_sn=order_no) == 1
    assert number_of(door, order_no) == RIGHT
    assert seen(door).changes[0].state is ChangeState.DONE


@pytest.mark.parametrize(("hours", "state"), [(1, "met"), (30, "missed")])
def test_a_number_that_the_house_put_right_itself_is_in_time_or_late_by_when_it_told_the_platform(door: Door, hours: int, state: str) -> None:
    order_no, change_no = planned(door)
    door.later(timedelta(hours=hours))
    send_change(door.house, door.by, door.shop_id, change_no, door.now)
    door.works()
    told_at = door.now
    door.later(timedelta(hours=30))
    read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)

    with door.house.pool.connection() as tx:
        (found,) = deadlines.of_subjects(tx, door.shop_id, "number_change", [str(change_no)])
    assert (found.state, found.closed_at) == (state, told_at)


@pytest.mark.parametrize(("mood", "times"), [("cut_after", 1), ("cut_before", 1)])
def test_it_asks_what_became_of_a_change_whose_answer_was_lost(door: Door, mood: str, times: int) -> None:
    order_no, change_no = planned(door)
    act_no = send_change(door.house, door.by, door.shop_id, change_no, door.now)
    watch = door.watch()
    act = transact(door.house.pool, lambda tx: claimed(tx, door.shop_id, watch, "w/1"))
    assert act is not None
    ready = prepared(door.house, act, watch)
    assert ready is not None
    through = transact(door.house.pool, lambda tx: let_through(tx, door.house, act, ready[1], watch))
    assert through is not None
    door.platform.mood(name=mood, **{mood: 1.0})
    carry_out(door.house, through, *ready, watch, seconds())
    door.platform.mood(name="fair")
    unsure = door.act(act_no).state

    door.later(LAG)
    door.works()
    door.later(MINUTE)
    door.works()

    assert unsure == "unsure"
    assert door.act(act_no).state == "carried_out"
    assert door.happened(CHANGE, order_sn=order_no) == times
    assert number_of(door, order_no) == RIGHT


def test_it_changes_nothing_where_the_number_is_another_by_now(door: Door) -> None:
    order_no, change_no = planned(door)
    act_no = send_change(door.house, door.by, door.shop_id, change_no, door.now)
    door.platform.call("pdd.logistics.online.send", order_sn=order_no, logistics_id=85, tracking_number="YT7300000000019", redelivery_type=2)

    door.works()

    assert door.act(act_no).state == "withdrawn"
    assert number_of(door, order_no) == "YT7300000000019"


def test_it_names_a_further_parcel_once(door: Door) -> None:
    order_no = shipped(door)
    extra_no = add_parcel(door.house, door.by, door.shop_id, order_no, ParcelKind.GIFT, "圆通快递", GIFT, door.now)

    act_no = send_parcel(door.house, door.by, door.shop_id, extra_no, door.now)
    door.works()
    read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)

    assert door.act(act_no).state == "carried_out"
    assert door.happened(EXTRA, order_sn=order_no) == 1
    assert seen(door).extras[0].state is ExtraState.TOLD
    assert [each["tracking_number"] for each in door.platform.order(order_no)["gift_delivery_list"]] == [GIFT]


def test_it_keeps_to_the_level_of_the_kind(door: Door) -> None:
    order_no, change_no = planned(door)
    door.put(CHANGE, ActLevel.OFF)

    with pytest.raises(Refused):
        send_change(door.house, door.by, door.shop_id, change_no, door.now)
    with pytest.raises(Refused):
        door.put(EXTRA, ActLevel.ACT)
    door.works()

    assert not seen(door).changes[0].may_send
    assert number_of(door, order_no) == WRONG


def test_what_the_platform_is_being_told_is_not_dropped_before_that_is_stopped(door: Door) -> None:
    order_no, change_no = planned(door)
    extra_no = add_parcel(door.house, door.by, door.shop_id, order_no, ParcelKind.GIFT, "圆通快递", GIFT, door.now)
    changing = send_change(door.house, door.by, door.shop_id, change_no, door.now)
    adding = send_parcel(door.house, door.by, door.shop_id, extra_no, door.now)
    offered = seen(door).changes[0].may_drop

    with pytest.raises(Refused, match="is being told"):
        drop_change(door.house, door.by, door.shop_id, change_no, door.now)
    with pytest.raises(Refused, match="is being told"):
        move_parcel(door.house, door.by, door.shop_id, extra_no, ExtraState.DROPPED, door.now)
    for act_no in (changing, adding):
        stop(door.house, door.by, door.shop_id, act_no, door.now)
    offered_then = seen(door).changes[0].may_drop
    drop_change(door.house, door.by, door.shop_id, change_no, door.now)
    move_parcel(door.house, door.by, door.shop_id, extra_no, ExtraState.DROPPED, door.now)

    assert (offered, offered_then) == (False, True)
    assert (seen(door).changes, seen(door).extras) == ((), ())
