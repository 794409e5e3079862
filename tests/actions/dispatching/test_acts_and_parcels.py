"""Acts on a real platform against parcels in a real house: whoever comes second sees what the first one did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import Cast, make_cast
from tests.emulator.caller import quiet, running
from zhanggui import rulebook
from zhanggui.actions.dispatching import destroyed, handed_over, may_print, printed, recalled
from zhanggui.actions.house import House
from zhanggui.actions.outbox.seeing import offer
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, CannotHold
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.dispatch import DispatchState, PrintedPaper, StepOutcome
from zhanggui.records import dispatches
from zhanggui.records.db import Pool

REFUND, CANCEL, GOES_ON = ActKind.REFUND_AGREE, ActKind.SENDING_CANCEL, ActKind.SENDING_GOES_ON


@pytest.fixture
def door(pool: Pool, tmp_path: Path) -> Iterator[Door]:
    people: Cast = make_cast(pool)
    with running(quiet()) as platform:
        yield Door(House(pool=pool, home=tmp_path, rulebook=rulebook.load()), people.lin, people.shop_id, platform)


def paper(door: Door, order_no: str) -> StepOutcome:
    """A label of the order, asked for and printed."""
    assert may_print(door.house, door.by, door.shop_id, [order_no], door.now, door.wall)[0].done
    return printed(door.house, door.by, door.shop_id, [PrintedPaper(order_no, "圆通快递", "YT7351946208153")], door.now)[0]


def state(door: Door, order_no: str) -> DispatchState | None:
    with door.house.pool.connection() as tx:
        found = dispatches.of_orders(tx, door.shop_id, [order_no]).get(order_no)
    return found.state if found else None


def offered(door: Door, case_no: str) -> ActKind | None:
    told = offer(door.house, door.by, door.shop_id, Subject(SubjectKind.AFTERSALE, case_no), DeadlineKind.ANSWER_REFUND, door.now)
    return told.proposal.kind if told and told.proposal else None


def test_a_refund_that_nobody_told_us_of_is_found_before_the_label_is_printed(door: Door) -> None:
    order_no = door.orders()[0]
    door.platform.step(3 * 3600)
    door.platform.do("buyer.asks", order_sn=order_no, kind=1)

    unasked = may_print(door.house, door.by, door.shop_id, [order_no], door.now)[0]
    asked = may_print(door.house, door.by, door.shop_id, [order_no], door.now, door.wall)[0]

    assert unasked.done
    assert not asked.done
    assert state(door, order_no) is DispatchState.TO_DESTROY  # since the first answer let somebody print it


def test_a_refund_before_the_label_goes_by_itself(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    order_no, case_no = door.refund_asked()
    door.works()
    door.later(6 * MINUTE)
    door.works()

    again = may_print(door.house, door.by, door.shop_id, [order_no], door.now, door.wall)[0]

    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert not again.done


def test_a_printed_label_holds_the_refund_until_it_is_destroyed(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.put(CANCEL, ActLevel.SUGGEST)
    order_no = door.orders()[0]
    paper(door, order_no)
    door.later(180 * MINUTE)
    case_no = door.asks(order_no)
    while_about = state(door, order_no), offered(door, case_no), door.works(), door.told(REFUND)
    destroyed(door.house, door.by, door.shop_id, [order_no], door.now)

    door.later(MINUTE)
    door.works()
    door.later(6 * MINUTE)
    door.works()

    assert while_about == (DispatchState.TO_DESTROY, None, 0, 0)
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_the_platform_is_told_that_a_printed_parcel_cannot_be_held_back_yet(door: Door) -> None:
    door.put(GOES_ON, ActLevel.ACT, wait_minutes=0)
    order_no = door.orders()[0]
    paper(door, order_no)
    door.later(180 * MINUTE)
    case_no = door.asks(order_no)

    door.works()
    door.later(MINUTE)
    door.works()

    assert door.happened(GOES_ON) == 1
    assert [act.asked for act in door.acts()] == [CannotHold(order_no=order_no, case_no=case_no, reason=1003)]


def test_a_parcel_that_has_left_is_told_as_shipped_and_only_a_person_who_sees_that_agrees(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.put(CANCEL, ActLevel.SUGGEST)
    order_no = door.orders()[0]
    paper(door, order_no)
    handed_over(door.house, door.by, door.shop_id, [order_no], door.now, door.wall)
    door.later(180 * MINUTE)
    case_no = door.asks(order_no)

    door.works()
    door.later(20 * MINUTE)
    door.works()

    assert state(door, order_no) is DispatchState.HANDED_OVER
    assert (door.told(REFUND), door.told(CANCEL)) == (0, 0)
    with pytest.raises(Refused):
        door.sends(case_no, CANCEL)


def test_what_came_back_lets_the_money_go(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    order_no = door.orders()[0]
    paper(door, order_no)
    handed_over(door.house, door.by, door.shop_id, [order_no], door.now, door.wall)
    door.later(180 * MINUTE)
    case_no = door.asks(order_no)
    recalled(door.house, door.by, door.shop_id, [order_no], door.now)

    door.sends(case_no)
    door.works()

    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_a_label_printed_after_the_decision_stops_the_refund_at_the_door(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    order_no, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    printed(door.house, door.by, door.shop_id, [PrintedPaper(order_no, "圆通快递", "YT7351946208153")], door.now)

    door.works()

    assert door.act(act_no).state == "withdrawn"
    assert door.told(REFUND) == 0
    assert state(door, order_no) is DispatchState.TO_DESTROY
