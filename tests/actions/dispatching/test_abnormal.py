"""Suspected orders: found by their signs, looked at by a person, and not shipped where the platform agrees."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, Warehouse
from tests.cast import Cast
from zhanggui.actions.abnormal import abnormal_orders, answer, ask, clear, finding, look_again, suspect, withdraw
from zhanggui.actions.dispatching import may_print
from zhanggui.actions.house import House
from zhanggui.actions.orders import last_month, state_counts
from zhanggui.actions.refused import Refused
from zhanggui.core.abnormal import STEPS, AbnormalState, Sign, SignKind
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.core.dispatch import DispatchState
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines

NOS = tuple(f"260302-10000000000000{each}" for each in range(1, 6))
ONE = NOS[0]


@pytest.fixture
def warehouse(house: House, people: Cast) -> Warehouse:
    return Warehouse(house, people)


def test_orders_of_one_receiver_within_a_day_are_suspected_with_the_sign_and_their_clock(warehouse: Warehouse) -> None:
    warehouse.comes(*NOS[:3], receiver_masked="张* 138****0001")
    warehouse.comes(*NOS[3:], receiver_masked="李* 139****0002")

    found = suspect(warehouse.house, warehouse.shop_id, warehouse.now)
    again = suspect(warehouse.house, warehouse.shop_id, warehouse.now)
    page = abnormal_orders(warehouse.house, warehouse.by, warehouse.shop_id, AbnormalState.SUSPECTED, warehouse.now)

    assert (found, again) == (3, 0)
    assert {row.abnormal.order_no for row in page.rows} == set(NOS[:3])
    assert page.rows[0].abnormal.signs == (Sign(SignKind.SAME_RECEIVER, 3, 0),)
    assert page.rows[0].due_at == START + timedelta(hours=23)
    assert _deadline(warehouse, ONE) == (DeadlineState.OPEN, START + timedelta(hours=23))


def test_of_too_many_at_once_those_whose_groups_formed_first_come_first(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.comes(*NOS[:3], receiver_masked="张* 138****0001")
    warehouse.changes(ONE, group_formed_at=START - timedelta(minutes=30))
    monkeypatch.setattr(finding, "MOST_FOUND", 2)

    first = suspect(warehouse.house, warehouse.shop_id, warehouse.now)
    page = abnormal_orders(warehouse.house, warehouse.by, warehouse.shop_id, AbnormalState.SUSPECTED, warehouse.now)

    assert (first, {row.abnormal.order_no for row in page.rows}) == (2, set(NOS[1:3]))
    assert suspect(warehouse.house, warehouse.shop_id, warehouse.now) == 1


def test_a_suspicion_alone_keeps_nothing_back(warehouse: Warehouse) -> None:
    warehouse.comes(*NOS[:3], receiver_masked="张* 138****0001")
    suspect(warehouse.house, warehouse.shop_id, warehouse.now)

    assert may_print(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], warehouse.now)[0].done


def test_what_was_asked_about_is_kept_back_until_the_answer_and_a_refusal_brings_it_back(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE)

    told = ask(house, by, shop_id, [ONE], "same hand as yesterday", warehouse.now)
    while_asked = may_print(house, by, shop_id, [ONE], warehouse.now)[0]
    answer(house, by, shop_id, [ONE], warehouse.now, is_approved=False)
    refused = may_print(house, by, shop_id, [ONE], warehouse.now)[0]

    assert told == {ONE: None}
    assert (while_asked.done, while_asked.why.text if while_asked.why else None) == (
        False,
        "The platform was asked whether it need not be shipped, and has not answered yet.",
    )
    assert refused.done
    assert _deadline(warehouse, ONE)[0] is DeadlineState.MET


def test_an_approved_order_is_never_printed_its_label_is_destroyed_and_it_is_no_sale(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(*NOS[:2])
    warehouse.prints(ONE)
    before = last_month(house, by, [shop_id], warehouse.now)[-1]
    ask(house, by, shop_id, [ONE], "", warehouse.now)
    asked = warehouse.state(ONE)
    answer(house, by, shop_id, [ONE], warehouse.now, is_approved=True)

    after = last_month(house, by, [shop_id], warehouse.now)[-1]

    assert asked is DispatchState.PRINTED  # held, not destroyed, while the answer is open
    assert warehouse.state(ONE) is DispatchState.TO_DESTROY
    assert ((before.orders, before.paid), (after.orders, after.paid)) == ((2, 6000), (1, 3000))
    assert [count.orders for count in state_counts(house, by, [shop_id]) if count.stage == "to_ship"] == [1]


def test_a_wrong_answer_is_taken_back(warehouse: Warehouse) -> None:
    house, by, shop_id = warehouse.house, warehouse.by, warehouse.shop_id
    warehouse.comes(ONE)
    warehouse.prints(ONE)
    ask(house, by, shop_id, [ONE], "", warehouse.now)
    answer(house, by, shop_id, [ONE], warehouse.now, is_approved=True)
    look_again(house, by, shop_id, [ONE], warehouse.now)
    withdraw(house, by, shop_id, [ONE], warehouse.now)

    assert warehouse.state(ONE) is DispatchState.PRINTED
    assert may_print(house, by, shop_id, [ONE], warehouse.now)[0].done


def test_a_request_after_its_term_is_refused_with_the_moment(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)

    told = ask(warehouse.house, warehouse.by, warehouse.shop_id, [ONE, "260302-404"], "", START + timedelta(hours=24))

    assert [why.text if why else None for why in told.values()] == [
        "The request could be filed until {due_at}. Ship it anyway, or say when it was asked.",
        "The shop has no such order.",
    ]
    assert abnormal_orders(warehouse.house, warehouse.by, warehouse.shop_id, AbnormalState.ASKED, warehouse.now).rows == ()


def test_a_request_that_is_written_down_later_is_held_against_when_it_was_asked(warehouse: Warehouse) -> None:
    house, by, shop_id, later = warehouse.house, warehouse.by, warehouse.shop_id, START + timedelta(hours=24)
    warehouse.comes(ONE)

    told = ask(house, by, shop_id, [ONE], "", later, asked_at=START + timedelta(hours=22))

    (row,) = abnormal_orders(house, by, shop_id, AbnormalState.ASKED, later).rows
    assert told == {ONE: None}
    assert (row.abnormal.asked_at, row.abnormal.moved_at) == (START + timedelta(hours=22), later)
    assert not may_print(house, by, shop_id, [ONE], later)[0].done


@pytest.mark.parametrize(
    ("hours", "why"),
    [(23.5, "The request could be filed until {due_at}. Ship it anyway."), (-2, "Its group had not formed yet at {at}. Mend the moment.")],
)
def test_a_request_asked_outside_its_term_is_refused(warehouse: Warehouse, hours: float, why: str) -> None:
    warehouse.comes(ONE)
    asked_at = START + timedelta(hours=hours)

    told = ask(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], "", START + timedelta(hours=24), asked_at=asked_at)

    assert [each.text if each else None for each in told.values()] == [why]


def test_nothing_was_asked_later_than_now(warehouse: Warehouse) -> None:
    warehouse.comes(ONE)

    with pytest.raises(Refused):
        ask(warehouse.house, warehouse.by, warehouse.shop_id, [ONE], "", START, asked_at=START + timedelta(minutes=1))


def test_what_a_person_cleared_is_not_suspected_again(warehouse: Warehouse) -> None:
    warehouse.comes(*NOS[:3], receiver_masked="张* 138****0001")
    suspect(warehouse.house, warehouse.shop_id, warehouse.now)
    clear(warehouse.house, warehouse.by, warehouse.shop_id, NOS[:3], warehouse.now)

    assert suspect(warehouse.house, warehouse.shop_id, warehouse.now) == 0
    assert _deadline(warehouse, ONE)[0] is DeadlineState.WAIVED


def test_strangers_may_not_ask(warehouse: Warehouse, people: Cast) -> None:
    warehouse.comes(ONE)

    with pytest.raises(NotAllowed):
        ask(warehouse.house, people.zheng, warehouse.shop_id, [ONE], "", warehouse.now)


def test_every_state_is_reached(warehouse: Warehouse) -> None:
    del warehouse

    assert {step.after for step in STEPS} == set(AbnormalState)
    assert len({(step.before, step.event) for step in STEPS}) == len(STEPS)


def _deadline(warehouse: Warehouse, order_no: str) -> tuple[DeadlineState, object]:
    with warehouse.house.pool.connection() as tx:
        row = deadlines.one(tx, warehouse.shop_id, Subject(SubjectKind.ORDER, order_no), DeadlineKind.ASK_NOT_TO_SHIP)
    assert row is not None
    deadline = row.deadline()
    return deadline.state, deadline.due_at
