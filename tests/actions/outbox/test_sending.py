"""What leaves through the door leaves once, and only while everything it rests on still stands."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.house import House
from zhanggui.actions.outbox import Stopped, confirm, decide, open_switch, stop, stop_shop, throw_switch
from zhanggui.actions.outbox.seeing import acts, offer
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, NoteOrder
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Person
from zhanggui.records import act_limits, act_rounds
from zhanggui.records.db import transact

REFUND, NOTE = ActKind.REFUND_AGREE, ActKind.ORDER_NOTE


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


@pytest.fixture
def keeper(people: Cast) -> Person:
    return Person(person_id=people.lin.person_id, display_name="林", roles=people.lin.roles, is_keeper=True)


def test_it_sends_what_a_person_pressed_for_once(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()

    act_no = door.sends(case_no)
    door.works()
    door.works()

    act = door.act(act_no)
    assert act.state == "carried_out"
    assert act.told is not None
    assert act.told.request_id != ""
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.told(REFUND) == 1
    assert door.journal() == ["act_limits_set", "act_announced", "sending", "carried_out"]


def test_it_is_one_act_when_the_button_is_pressed_twice(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()

    first, second = door.sends(case_no), door.sends(case_no)
    door.works()
    third = door.sends(case_no, after=first)  # what we know still shows the case open
    door.works()

    assert first == second == third
    assert len(door.acts()) == 1
    assert door.happened(REFUND) == 1


def test_it_sends_nothing_at_the_level_off(door: Door) -> None:
    _, case_no = door.refund_asked()

    with pytest.raises(Refused, match="is off in this shop"):
        door.sends(case_no)
    door.works()

    assert door.acts() == []
    assert door.told(REFUND) == 0


def test_it_announces_and_waits_at_the_level_act(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _, case_no = door.refund_asked()

    door.works()
    door.wait(MINUTE)
    door.works()
    announced = door.acts()
    before = door.told(REFUND)
    door.later(timedelta(minutes=5, seconds=1))
    door.works()

    assert [act.state for act in announced] == ["announced"]
    assert announced[0].by_itself
    assert before == 0
    assert door.act(announced[0].act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_a_round_that_ends_between_two_to_dos_of_one_thing_goes_on_with_the_second(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _, case_no = door.refund_asked()
    with door.house.pool.connection() as tx:
        tx.execute("create temporary table told on commit drop as select * from deadlines where subject_no = %s and kind = 'answer_refund'", (case_no,))
        tx.execute("update told set kind = 'inspect_return'")
        tx.execute("insert into deadlines select * from told")
    kinds = ["answer_refund", "inspect_return"]
    with door.house.pool.connection() as tx:
        first = act_rounds.unspoken_for(tx, door.shop_id, kinds, [], ("", ""), 1)
        second = act_rounds.unspoken_for(tx, door.shop_id, kinds, [], (first[0].subject_no, first[0].kind), 1)

    assert [(row.subject_no, row.kind) for row in [*first, *second]] == [(case_no, kind) for kind in kinds]


def test_it_does_not_announce_what_moves_more_money_than_it_may(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, most_money=1)
    door.refund_asked()

    door.works()

    assert door.acts() == []


def test_it_never_sends_what_was_stopped_nor_announces_it_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()
    act = door.acts()[0]

    brought = stop(door.house, door.by, door.shop_id, act.act_no, door.now)
    door.later(timedelta(hours=1))
    door.works()
    door.works()

    assert brought is Stopped.STOPPED
    assert [each.state for each in door.acts()] == ["stopped"]
    assert door.told(REFUND) == 0


def test_it_stops_what_was_announced_when_the_level_is_put_to_off(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()

    door.put(REFUND, ActLevel.OFF)
    door.later(timedelta(hours=1))
    door.works()

    assert [act.state for act in door.acts()] == ["stopped"]
    assert door.told(REFUND) == 0


@pytest.mark.parametrize("ahead", [timedelta(minutes=50), timedelta(days=1)])
def test_it_announces_though_a_clock_that_was_ahead_looked_before(door: Door, ahead: timedelta) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    with door.house.pool.connection() as tx:
        act_limits.claim_round(tx, door.shop_id, door.wall + ahead, door.wall + ahead + timedelta(seconds=20))
    stuck = door.works()

    mend_moments(door.house, door.wall)
    door.works()

    assert stuck == 0
    assert [act.state for act in door.acts()] == ["announced"]


def test_it_announces_anew_once_the_level_is_at_act_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _, case_no = door.refund_asked()
    door.works()
    door.put(REFUND, ActLevel.OFF)
    door.wait(MINUTE)
    door.works()

    door.put(REFUND, ActLevel.ACT)
    door.wait(MINUTE)
    door.works()
    door.later(timedelta(minutes=6))
    door.works()

    assert [act.state for act in door.acts()] == ["stopped", "carried_out"]
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_what_a_person_stopped_is_sent_when_a_person_decides_it_anew(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    request = NoteOrder(order_no=door.orders()[0], note="装紧")

    def decided() -> int:
        return transact(door.house.pool, lambda tx: decide(tx, door.house, door.by, door.shop_id, request, door.now))

    first, twice = decided(), decided()
    stop(door.house, door.by, door.shop_id, first, door.now)
    second, again = decided(), decided()
    stop(door.house, door.by, door.shop_id, second, door.now)
    third = decided()
    door.works()

    assert (first, second, len({first, second, third})) == (twice, again, 3)
    assert [act.state for act in door.acts()] == ["stopped", "stopped", "carried_out"]
    assert door.happened(NOTE) == 1


def test_it_waits_for_a_person_when_the_level_is_put_to_suggest(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()
    act_no = door.acts()[0].act_no

    door.put(REFUND, ActLevel.SUGGEST)
    door.later(timedelta(minutes=6))
    door.works()
    waiting, told = door.act(act_no).state, door.told(REFUND)
    confirm(door.house, door.by, door.shop_id, act_no, door.now)
    door.works()

    assert (waiting, told) == ("proposed", 0)
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND) == 1


def test_what_was_held_back_is_announced_anew_once_the_level_is_at_act_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _, case_no = door.refund_asked()
    door.works()
    door.put(REFUND, ActLevel.SUGGEST)
    held_back = [act.state for act in door.acts()]

    door.put(REFUND, ActLevel.ACT)
    door.wait(MINUTE)
    door.works()
    announced = [act.state for act in door.acts()]
    door.later(timedelta(minutes=6))
    door.works()

    assert (held_back, announced) == (["proposed"], ["withdrawn", "announced"])
    assert [act.state for act in door.acts()] == ["withdrawn", "carried_out"]
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_what_moves_too_much_money_stays_proposed_though_the_level_is_at_act_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()
    door.put(REFUND, ActLevel.SUGGEST)

    door.put(REFUND, ActLevel.ACT, most_money=1)
    door.wait(MINUTE)
    door.works()

    assert [act.state for act in door.acts()] == ["proposed"]


def test_it_sends_nothing_that_was_announced_before_the_switch_was_thrown(door: Door, keeper: Person) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()
    first = door.acts()[0].act_no

    stopped = throw_switch(door.house, keeper, door.now)
    door.later(timedelta(hours=1))
    door.works()
    open_switch(door.house, keeper, door.now)
    door.wait(MINUTE)
    door.works()

    assert stopped == 1
    assert door.act(first).state == "stopped"
    assert door.told(REFUND) == 0
    assert [act.state for act in door.acts()] == ["stopped", "announced"]  # announced anew, with its whole wait before it


def test_it_does_not_even_send_what_the_sweep_of_the_switch_missed(door: Door, keeper: Person) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    with door.house.pool.connection() as tx:  # the switch was thrown, and whoever threw it died before the sweep; then it was set back
        tx.execute("update act_switch set epoch = epoch + 1")

    door.works()

    assert door.act(act_no).state == "stopped"
    assert door.told(REFUND) == 0


def test_it_refuses_a_person_too_while_the_switch_is_thrown(door: Door, keeper: Person) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()

    throw_switch(door.house, keeper, door.now)

    with pytest.raises(Refused, match="switched off for the whole house"):
        door.sends(case_no)
    assert door.acts() == []


def test_it_puts_every_kind_of_a_shop_to_off_at_once(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()
    door.works()

    stop_shop(door.house, door.by, door.shop_id, door.now)
    door.later(timedelta(hours=1))
    door.works()

    assert [act.state for act in door.acts()] == ["stopped"]
    assert door.told(REFUND) == 0


def test_it_withdraws_what_somebody_did_in_the_back_office_meanwhile(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    order_no, case_no = door.refund_asked()
    door.works()
    door.platform.call("pdd.refund.agree", request={"order_sn": order_no, "after_sales_id": int(case_no)})

    door.later(timedelta(minutes=6))
    door.works()

    act = door.acts()[0]
    assert act.state == "withdrawn"
    assert act.reason is not None
    assert act.reason.text.startswith("It is done already")
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_withdraws_what_the_buyer_took_back(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    order_no, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    door.platform.do("buyer.withdraws", order_sn=order_no)

    door.works()

    assert door.act(act_no).state == "withdrawn"
    assert door.told(REFUND) == 0


def test_it_withdraws_a_refund_whose_amount_is_another_now(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    with door.house.pool.connection() as tx:  # as if the buyer had asked for less at the time
        tx.execute("update acts set grounds = (grounds::jsonb || '{\"refund_amount\": 1}')::json")

    door.works()

    act = door.act(act_no)
    assert act.state == "withdrawn"
    assert act.reason is not None
    assert act.reason.text == "The amount has changed from {before_fen} to {after_fen}."
    assert door.told(REFUND) == 0


def test_it_agrees_to_a_return_and_names_the_default_address(door: Door) -> None:
    door.put(ActKind.RETURN_AGREE, ActLevel.SUGGEST)
    order_no = door.orders()[0]
    door.platform.ship(order_no, "YT1234567890123")
    door.platform.do("parcel.arrives", order_sn=order_no)
    case_no = door.asks(order_no, kind=2)

    act_no = door.sends(case_no, ActKind.RETURN_AGREE)
    door.works()

    act = door.act(act_no)
    assert act.state == "carried_out"
    assert door.happened(ActKind.RETURN_AGREE, after_sales_id=case_no) == 1


def test_it_offers_the_act_on_the_to_do_and_then_shows_how_far_it_is(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    subject = Subject(SubjectKind.AFTERSALE, case_no)

    before = offer(door.house, door.by, door.shop_id, subject, DeadlineKind.ANSWER_REFUND, door.now)
    act_no = door.sends(case_no)
    during = offer(door.house, door.by, door.shop_id, subject, DeadlineKind.ANSWER_REFUND, door.now)

    assert before is not None
    assert before.proposal is not None
    assert before.proposal.kind is REFUND
    assert before.why_not is None
    assert during is not None
    assert during.proposal is None
    assert during.current is not None
    assert during.current.act.act_no == act_no


def test_it_shows_what_is_in_hand_and_what_came_to_rest(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    first, second = door.refund_asked(), door.refund_asked()
    done = door.sends(first[1])
    door.works()
    waiting = door.sends(second[1])

    listed = acts(door.house, door.by)

    assert [view.act.act_no for view in listed.in_hand] == [waiting]
    assert [view.act.act_no for view in listed.at_rest] == [done]
    assert listed.switch.is_open


def test_whoever_answers_buyers_may_stop_an_act_and_not_send_one(door: Door, people: Cast) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)

    with pytest.raises(NotAllowed):
        door.sends(case_no, after=act_no, by=people.mei)
    brought = stop(door.house, people.mei, door.shop_id, act_no, door.now)

    assert brought is Stopped.STOPPED


def test_the_owner_of_another_shop_neither_sees_nor_stops_anything(door: Door, people: Cast) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)

    seen = acts(door.house, people.zheng)
    for work in (
        lambda: stop(door.house, people.zheng, door.shop_id, act_no, door.now),
        lambda: stop_shop(door.house, people.zheng, door.shop_id, door.now),
        lambda: throw_switch(door.house, people.zheng, door.now),
        lambda: acts(door.house, people.zheng, [door.shop_id]),
    ):
        with pytest.raises(NotAllowed):
            work()

    assert (seen.in_hand, seen.at_rest) == ((), ())
    assert door.act(act_no).state == "announced"
    assert acts(door.house, door.by).switch.is_open
