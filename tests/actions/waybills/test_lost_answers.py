"""Answers that are lost, people who press twice, a platform that names two numbers: never two for one parcel unseen, and none asked for in vain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.actions.waybills.counter import WaybillCounter
from zhanggui.actions.waybills import give_back, refresh_accounts
from zhanggui.actions.waybills.accounts import accounts_of
from zhanggui.connectors.pdd.errors import refusal
from zhanggui.connectors.pdd.waybill import GET
from zhanggui.core.waybills import EndedBecause

LATER = timedelta(minutes=2)


@pytest.mark.parametrize("mishap", ["timeout_after", "cut_after", "broken_json"])
def test_a_lost_answer_is_asked_for_again_and_brings_the_same_number(counter: WaybillCounter, mishap: str) -> None:
    account = counter.opened()
    orders = counter.orders(3)
    counter.platform.mood(name="slow", delay_seconds=0.0, hold_seconds=0.1, **{mishap: 0.0})
    with_answer_lost(counter, orders, account.account_no, mishap)

    states = [row.state for row in counter.rows()]
    counter.wait(LATER)
    counter.works()

    assert states == ["unsure"] * 3
    assert [(row.state, row.asked_times) for row in counter.rows()] == [("held", 2)] * 3
    assert sorted(row.number or "" for row in counter.rows()) == sorted(counter.taken_there())
    assert len(counter.taken_there()) == 3


def with_answer_lost(counter: WaybillCounter, orders: list[str], account_no: int, mishap: str) -> None:
    """Somebody asks while the platform loses its answers to `waybill.get` alone: the receivers are still read."""
    account = next(each for each in accounts_of(counter.house, counter.by, counter.shop_id, counter.now) if each.account_no == account_no)
    receiving = counter.read_receivers_first()
    receiving(lambda: counter.platform.mood(name="fair", hold_seconds=0.1, **{mishap: 1.0}))
    outcomes = counter.takes(orders, account)
    counter.platform.mood(name="fair")
    receiving(None)
    assert all(each.waybill_no is None and each.why is not None for each in outcomes)


class _KilledError(BaseException):
    """Whoever asks dies between the mark and the answer."""


def _killed() -> None:
    raise _KilledError


def _refused() -> None:
    raise refusal(GET, 50001, "业务服务错误", "WAYBILL_BALANCE_NOT_ENOUGH", "电子面单余额不足", "r1", is_act=True)


def test_a_refusal_does_not_end_what_somebody_who_died_may_have_been_given(counter: WaybillCounter) -> None:
    account = counter.opened()
    orders = counter.orders(2)
    receiving = counter.read_receivers_first()
    receiving(_killed)
    with pytest.raises(_KilledError):
        counter.takes(orders[:1], account)
    receiving(_refused)
    counter.wait(LATER)

    counter.works()
    counter.takes(orders[1:], account)
    refused = {row.order_nos[0]: row.state for row in counter.rows()}
    receiving(None)
    counter.wait(LATER)
    counter.works()

    # the second was asked for just once, and clearly refused
    assert refused == {orders[0]: "unsure", orders[1]: "not_taken"}
    assert [row.number for row in counter.rows() if row.state == "held"] == counter.taken_there()
    assert len(counter.taken_there()) == 1


def test_two_who_ask_at_once_get_one_number_each_order(counter: WaybillCounter) -> None:
    account = counter.opened()
    orders = counter.orders(12)

    with ThreadPoolExecutor(4) as people:
        told = list(people.map(lambda _: counter.takes(orders, account), range(4)))
    again = counter.takes(orders, account)

    assert len(counter.taken_there()) == 12
    assert {each.order_no: each.waybill_no for each in again} == {row.order_nos[0]: row.number for row in counter.rows()}
    assert {(each.order_no, each.waybill_no) for one in told for each in one if each.waybill_no} <= {(each.order_no, each.waybill_no) for each in again}


def test_a_second_number_for_one_parcel_is_seen_and_given_back(counter: WaybillCounter) -> None:
    account = counter.opened()
    order = counter.orders()[0]
    with_answer_lost(counter, [order], account.account_no, "cut_after")
    counter.platform.mood(name="fair", waybill_doubled=1.0)
    counter.wait(LATER)

    counter.works()
    refresh_accounts(counter.house, counter.shop_id, counter.now, counter.wall)
    shown = next(each for each in accounts_of(counter.house, counter.by, counter.shop_id, counter.now) if each.account_no == account.account_no)

    # nobody can know the number of an answer that never came; that one left the account is seen all the same
    assert len(counter.taken_there()) == 2
    assert shown.unknown == 1


def test_a_late_answer_with_another_number_gives_that_one_back(counter: WaybillCounter) -> None:
    account = counter.opened()
    order = counter.orders()[0]
    first = counter.takes([order], account)[0]
    stray = counter.told_late(first.waybill_id or 0, "YT9990001112223")

    counter.works()

    assert [(row.number, row.state, row.ended_because) for row in counter.rows()][-1][0] == stray
    assert counter.takes([order], account)[0].waybill_no == first.waybill_no


def test_an_order_that_may_not_leave_gets_none(counter: WaybillCounter) -> None:
    account = counter.opened()
    refunded, shipped, foreign = *counter.orders(2), "260101-000000000000001"
    counter.platform.do("buyer.asks", order_sn=refunded, kind=1)
    counter.platform.ship(shipped, "YT7600000000001")

    outcomes = counter.takes([refunded, shipped, foreign], account)

    assert [each.waybill_no for each in outcomes] == [None] * 3
    assert all(each.why is not None for each in outcomes)
    assert counter.taken_there() == []


def test_one_bad_order_does_not_keep_the_others_from_theirs(counter: WaybillCounter) -> None:
    account = counter.opened()
    orders = counter.orders(6)
    counter.platform.do("buyer.asks", order_sn=orders[2], kind=1)

    outcomes = counter.takes(orders, account)

    assert [each.waybill_no is not None for each in outcomes] == [True, True, False, True, True, True]


def test_a_number_goes_back_once_and_the_next_is_another(counter: WaybillCounter) -> None:
    account = counter.opened()
    order = counter.orders()[0]
    first = counter.takes([order], account)[0]
    counter.platform.mood(name="fair", hold_seconds=0.1, cut_after=1.0)
    give_back(counter.house, counter.by, counter.shop_id, [first.waybill_id or 0], EndedBecause.WRONG_CARRIER, counter.now, counter.wall)
    between = counter.rows()[0].state
    counter.platform.mood(name="fair")
    counter.wait(LATER)

    counter.works()
    second = counter.takes([order], account)[0]

    assert (between, counter.rows()[0].state) == ("giving_back", "given_back")
    assert counter.given_back_there() == [first.waybill_no]
    assert second.waybill_no not in (None, first.waybill_no)


def test_a_number_that_travels_is_not_given_back(counter: WaybillCounter) -> None:
    account = counter.opened()
    order = counter.orders()[0]
    taken = counter.takes([order], account)[0]
    counter.platform.ship(order, taken.waybill_no or "")
    counter.settle_orders()

    told = give_back(counter.house, counter.by, counter.shop_id, [taken.waybill_id or 0], EndedBecause.MISTAKE, counter.now, counter.wall)

    assert (told[0].is_back, counter.given_back_there()) == (False, [])


def test_orders_of_one_door_share_a_number_and_others_do_not(counter: WaybillCounter) -> None:
    account = counter.opened()
    first, second = counter.orders(2)

    outcomes = counter.takes([], account, together=[[first, second]])

    same_door = len({counter.platform.order(each)["open_address_id_2"] for each in (first, second)}) == 1
    assert [each.waybill_no is not None for each in outcomes] == [same_door] * 2
    assert len(counter.taken_there()) == (1 if same_door else 0)
