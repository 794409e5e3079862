"""Cases of a whole platform: what happens to them there arrives here step by step, none of it as a jump."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.cases.telling import steps
from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House

HOUR = timedelta(hours=1)


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def received(door: Door) -> str:
    (order_no,) = door.orders()
    door.platform.ship(order_no, "YT7600000000123")
    door.later(HOUR)
    door.platform.do("parcel.arrives", order_sn=order_no)
    return order_no


def then(door: Door, order_no: str, case_no: str, deed: str, **about: object) -> None:
    """Something happens there, and the case is read again here."""
    door.platform.do(deed, after_sales_id=int(case_no), **about)
    door.later(HOUR)
    assert door.reads(case_no, order_no)


def test_a_rejected_return_goes_to_the_platform(door: Door) -> None:
    order_no = received(door)
    case_no = door.asks(order_no, kind=2)

    then(door, order_no, case_no, "seller.rejects", text="请补充照片")
    then(door, order_no, case_no, "platform.steps_in")
    then(door, order_no, case_no, "platform.rules")

    told = steps(door.house, door.shop_id, case_no)
    assert [(event, after) for event, _, after in told][:3] == [
        ("case.ask", "return_asked"),
        ("case.reject", "request_rejected"),
        ("case.call_platform", "with_platform"),
    ]
    assert told[3][0] in ("case.rule_for_buyer", "case.skip")
    assert [event for event, _, _ in told if event in ("case.jump", "case.seen")] == []


def test_an_exchange_comes_back_and_goes_out_again(door: Door) -> None:
    order_no = received(door)
    case_no = door.asks(order_no, kind=3)

    then(door, order_no, case_no, "seller.lets_return")
    then(door, order_no, case_no, "buyer.sends_back")
    then(door, order_no, case_no, "return.arrives")
    then(door, order_no, case_no, "seller.replaces")

    told = [(event, after) for event, _, after in steps(door.house, door.shop_id, case_no)]
    assert told[:3] == [("case.ask", "exchange_asked"), ("case.agree_return", "to_send_back"), ("case.send_back", "on_way_back")]
    assert told[-1] == ("case.send_goods", "sent_again")
