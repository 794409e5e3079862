"""Rules fire on open to-dos: once, explained, never beyond the shop's own levels, caps and switch."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.automation.keeping import keep_rule, release_rule, set_level
from zhanggui.actions.automation.listing import firings_of, rules_seen
from zhanggui.actions.automation.running import automate_some, look_over, shops_to_automate
from zhanggui.actions.automation.tidying import withdraw_moot
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.house import House
from zhanggui.actions.outbox import confirm, stop, throw_switch
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.automation.fired import FiringState, How
from zhanggui.core.automation.rules import AutoRule, Deed, DeedKind, RuleLevel
from zhanggui.core.automation.writing import read_rules
from zhanggui.core.money import Fen
from zhanggui.records import around, automation
from zhanggui.records.automation_firings import FiringRow
from zhanggui.rulebook.automation import automation_terms

REFUND, NOTE = ActKind.REFUND_AGREE, ActKind.ORDER_NOTE
RULE = """
[[rule]]
id = "not_printed"
title = "没打单就退"
on = ["answer_refund"]

[rule.when]
goods_at = { is = "not_printed" }
threatens = { is = false }

[[rule.do]]
act = "refund.agree"

[[rule.case]]
says = "没打单"
fires = true
facts = { goods_at = "not_printed", threatens = false }

[[rule.case]]
says = "打了单"
fires = false
facts = { goods_at = "printed", threatens = false }
"""


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def test_it_announces_at_the_level_act_and_the_act_leaves_once(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door)
    order_no, case_no = door.refund_asked()

    fired, again = _look(door), _look(door)
    door.later(timedelta(minutes=5, seconds=1))
    door.works()

    firing = _only(door)
    assert (fired, again) == (1, 0)
    assert (firing.order_no, firing.subject_no, firing.at) == (order_no, case_no, FiringState.DONE)
    assert [(each.fact, each.value) for each in firing.seen] == [("goods_at", "not_printed"), ("threatens", False)]
    assert [(each.how, each.no) for each in firing.deeds] == [(How.ANNOUNCED, door.acts()[0].act_no)]
    assert firing.money == door.acts()[0].money > 0
    assert door.acts()[0].state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_goes_where_the_advice_alone_would_not_and_the_house_does_not_answer_twice(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door)
    door.refund_asked()

    _look(door)
    door.works()
    door.works()

    assert [act.by_itself for act in door.acts()] == [True]


def test_it_only_proposes_where_the_shop_only_suggests(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _on(door)
    _, case_no = door.refund_asked()

    _look(door)
    door.works()
    act = door.acts()[0]
    before = door.told(REFUND)
    confirm(door.house, door.by, door.shop_id, act.act_no, door.now)
    door.works()

    assert [each.how for each in _only(door).deeds] == [How.PROPOSED]
    assert act.state == "proposed"
    assert before == 0
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_does_nothing_where_the_shop_has_the_act_off(door: Door) -> None:
    _on(door)
    door.refund_asked()

    _look(door)

    firing = _only(door)
    assert firing.at is FiringState.IN_VAIN
    assert [each.how for each in firing.deeds] == [How.NOT_DONE]
    assert firing.deeds[0].because is not None
    assert door.acts() == []


def test_what_could_not_be_done_is_tried_again_once_nothing_hinders_it(door: Door) -> None:
    _on(door)
    door.refund_asked()
    off, still_off = _look(door), _look(door)

    door.put(REFUND, ActLevel.ACT)
    on, again = _look(door), _look(door)

    assert (off, still_off, on, again) == (1, 0, 1, 0)
    assert [each.at for each in firings_of(door.house, door.by, door.shop_id).firings] == [FiringState.DONE, FiringState.IN_VAIN]
    assert [act.state for act in door.acts()] == ["announced"]


def test_what_is_proposed_is_withdrawn_once_its_to_do_is_closed(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _on(door)
    order_no, case_no = door.refund_asked()
    _look(door)

    withdraw_moot(door.house, door.now)
    before = door.acts()[0].state
    door.platform.do("buyer.withdraws", after_sales_id=int(case_no))
    door.later(MINUTE)
    door.reads(case_no, order_no)
    withdraw_moot(door.house, door.now)

    assert (before, door.acts()[0].state) == ("proposed", "withdrawn")


def test_what_was_announced_is_not_sent_once_the_rule_is_off(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    rule_no = _on(door)
    _look_at_one(door)

    set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.OFF, door.now)
    door.later(timedelta(minutes=6))
    door.works()

    assert door.acts()[0].state == "withdrawn"
    assert door.told(REFUND) == 0


def test_what_a_person_stopped_no_rule_announces_again_however_it_fires(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    rule_no = _on(door)
    _, case_no = door.refund_asked()
    _look(door)
    stopped = door.acts()[0].act_no
    stop(door.house, door.by, door.shop_id, stopped, door.now)

    renamed = msgspec.structs.replace(read_rules(RULE)[0], title="没打单的就退")
    keep_rule(door.house, door.by, door.shop_id, renamed, door.now, rule_no=rule_no)
    by_another_version = _look(door)
    door.asks_for(case_no, Fen(100))
    in_another_state = _look(door)
    door.later(timedelta(minutes=6))
    door.works()

    assert (by_another_version, in_another_state) == (1, 1)
    newest = firings_of(door.house, door.by, door.shop_id).firings[0]
    assert (newest.at, [each.how for each in newest.deeds]) == (FiringState.IN_VAIN, [How.NOT_DONE])
    assert newest.deeds[0].because is not None
    assert newest.deeds[0].because.slots == {"act_no": stopped}
    assert [act.state for act in door.acts()] == ["stopped"]
    assert door.told(REFUND) == 0


def test_the_one_switch_stops_rules_too(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door)
    door.refund_asked()

    throw_switch(door.house, door.keeper(), door.now)

    assert _look(door) == 0
    assert firings_of(door.house, door.by, door.shop_id).firings == ()


def test_its_caps_hold_and_the_next_day_it_goes_on(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door, a_day=1)
    door.refund_asked()
    door.refund_asked()

    first, second = _look(door), _look(door)
    later = look_over(door.house, door.shop_id, door.now + timedelta(days=1), door.wall)

    assert (first, second, later) == (1, 0, 1)


def test_its_money_of_the_day_holds(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door, money_a_day=Fen(1))
    door.refund_asked()

    assert _look(door) == 0
    assert door.acts() == []


def test_a_rule_that_fires_far_too_often_is_held_and_let_go_on_by_a_person(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.put(REFUND, ActLevel.ACT)
    rule_no = _on(door)
    terms = msgspec.structs.replace(automation_terms(), brake_floor=1)
    monkeypatch.setattr("zhanggui.actions.automation.firing.automation_terms", lambda: terms)
    door.refund_asked()
    door.refund_asked()

    _look(door)

    firings = firings_of(door.house, door.by, door.shop_id).firings
    seen = rules_seen(door.house, door.by, door.shop_id, door.now)[0]
    assert sorted(each.deeds[0].how.value for each in firings) == ["deed_announced", "deed_not_done"]
    assert seen.is_held
    release_rule(door.house, door.by, door.shop_id, rule_no, door.now)
    assert not rules_seen(door.house, door.by, door.shop_id, door.now)[0].is_held


def test_what_is_suggested_or_refused_eats_no_cap_of_acts_and_holds_no_rule(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = msgspec.structs.replace(automation_terms(), brake_floor=1)
    monkeypatch.setattr("zhanggui.actions.automation.firing.automation_terms", lambda: terms)
    _on(door, a_day=1)
    door.refund_asked()
    in_vain = _look(door)
    door.put(REFUND, ActLevel.SUGGEST)
    proposed = _look(door)
    door.put(REFUND, ActLevel.ACT)
    door.refund_asked()

    acted = _look(door)

    seen = rules_seen(door.house, door.by, door.shop_id, door.now)[0]
    assert (in_vain, proposed, acted) == (1, 1, 1)
    assert [act.state for act in door.acts()].count("announced") == 1
    assert (seen.acted_today, seen.today, seen.is_held) == (1, 2, False)


def test_an_act_that_was_withdrawn_gives_its_place_back_and_one_that_a_person_stopped_does_not(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=30)
    _on(door, a_day=2)
    door.refund_asked()
    _look(door)
    second = door.acts()[0]
    stop(door.house, door.by, door.shop_id, second.act_no, door.now)
    order_no, case_no = door.refund_asked()
    _look(door)
    first = next(act for act in door.acts() if act.subject_no == case_no)
    door.platform.do("buyer.withdraws", after_sales_id=int(case_no))
    door.later(MINUTE)
    door.reads(case_no, order_no)
    door.later(timedelta(minutes=40))
    door.works()
    full = rules_seen(door.house, door.by, door.shop_id, door.now)[0].acted_today
    door.refund_asked()
    door.refund_asked()

    fired = _look(door)

    states = {act.act_no: act.state for act in door.acts()}
    assert (states[first.act_no], states[second.act_no]) == ("withdrawn", "stopped")
    assert (full, fired) == (2, 1)


def test_what_was_proposed_before_does_not_keep_a_rule_from_announcing_what_holds_now(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _on(door)
    _, case_no = door.refund_asked()
    _look(door)
    before = [act.state for act in door.acts()]

    door.put(REFUND, ActLevel.ACT)
    door.asks_for(case_no, Fen(100))
    _look(door)

    assert before == ["proposed"]
    assert [(act.state, act.money) for act in door.acts()][1:] == [("announced", 100)]
    assert door.acts()[0].state == "withdrawn"


def test_what_was_held_back_the_rule_announces_anew_once_the_level_is_at_act_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door, a_day=2)
    _, case_no = door.refund_asked()
    _look(door)
    door.put(REFUND, ActLevel.SUGGEST)
    meanwhile = _look(door), [act.state for act in door.acts()]

    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    again, no_more = _look(door), _look(door)
    announced = [act.state for act in door.acts()]
    door.later(timedelta(minutes=6))
    door.works()

    assert meanwhile == (0, ["proposed"])
    assert (again, no_more, announced) == (1, 0, ["withdrawn", "announced"])
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert rules_seen(door.house, door.by, door.shop_id, door.now)[0].acted_today == 1


def test_what_was_held_back_for_its_money_is_left_as_it_is_until_so_much_may_go_alone_again(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door)
    door.refund_asked()
    _look(door)
    standing = _only(door).standing
    door.put(REFUND, ActLevel.ACT, wait_minutes=5, most_money=door.acts()[0].money - 1)
    door.later(timedelta(minutes=6))
    door.works()
    meanwhile = [_look(door) for _ in range(3)], [act.state for act in door.acts()], _only(door).standing

    door.put(REFUND, ActLevel.ACT, wait_minutes=5)

    assert meanwhile == ([0, 0, 0], ["proposed"], standing)
    assert (_look(door), [act.state for act in door.acts()]) == (1, ["withdrawn", "announced"])


def test_what_was_held_back_takes_no_place_and_no_money_of_the_day_in_which_it_is_announced_anew(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _, case_no = door.refund_asked()
    _on(door, a_day=1, money_a_day=_asked(door, case_no))
    _look(door)
    standing, money = _only(door).standing, _only(door).money
    door.put(REFUND, ActLevel.SUGGEST)
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)

    looks = [_look(door) for _ in range(3)]

    told = [(each.standing, each.money) for each in firings_of(door.house, door.by, door.shop_id).firings]
    seen = rules_seen(door.house, door.by, door.shop_id, door.now)[0]
    assert (looks, [act.state for act in door.acts()]) == ([1, 0, 0], ["withdrawn", "announced"])
    assert told == [(standing, money), (f"{standing}|held_back", 0)]
    assert (seen.acted_today, seen.money_today) == (1, money)


def test_what_was_held_back_is_taken_up_once_while_the_day_of_its_rule_is_full(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door, do=(Deed(act=DeedKind.REFUND_AGREE), ALERT), a_day=1)
    door.refund_asked()
    _look(door)
    standing = _only(door).standing
    door.put(REFUND, ActLevel.SUGGEST)
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)

    looks = [_look(door) for _ in range(3)]

    assert (looks, _only(door).standing) == ([0, 0, 0], f"{standing}|held_back")
    assert look_over(door.house, door.shop_id, door.now + timedelta(days=1), door.wall) == 1


def test_a_note_that_was_held_back_is_announced_anew_too_and_that_of_another_rule_is_left(door: Door) -> None:
    door.put(NOTE, ActLevel.ACT, wait_minutes=5)
    _on(door, id="first", do=(Deed(act=DeedKind.ORDER_NOTE, text="易碎"),))
    door.refund_asked()
    _look(door)
    door.put(NOTE, ActLevel.SUGGEST)
    _on(door, id="second", do=(Deed(act=DeedKind.ORDER_NOTE, text="加急"),))
    _look(door)
    meanwhile = [act.state for act in door.acts()]

    door.put(NOTE, ActLevel.ACT, wait_minutes=5)
    _look(door)
    _look(door)

    assert meanwhile == ["proposed"]
    assert [act.state for act in door.acts()] == ["withdrawn", "announced"]
    assert all("易碎" in act.request for act in door.acts())


ALERT = Deed(act=DeedKind.ALERT, text="看一下")


def test_a_rule_that_also_does_something_here_announces_anew_what_was_held_back(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door, do=(Deed(act=DeedKind.REFUND_AGREE), ALERT))
    door.refund_asked()
    _look(door)
    door.put(REFUND, ActLevel.SUGGEST)
    _look(door)

    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    looks = [_look(door) for _ in range(3)]

    assert (looks, [act.state for act in door.acts()]) == ([1, 0, 0], ["withdrawn", "announced"])


def test_a_rule_that_also_does_something_here_announces_once_more_what_was_withdrawn(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    rule_no = _on(door, do=(Deed(act=DeedKind.REFUND_AGREE), ALERT))
    _look_at_one(door)
    came = []
    for _ in range(3):
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.SUGGEST, door.now)
        door.later(timedelta(minutes=6))
        door.works()
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.ACT, door.now)
        came.append(_look(door))

    assert (came, [act.state for act in door.acts()]) == ([1, 0, 0], ["withdrawn", "withdrawn"])
    assert rules_seen(door.house, door.by, door.shop_id, door.now)[0].acted_today == 2


def test_a_rule_that_also_does_something_here_has_the_money_back_of_what_was_withdrawn(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _, case_no = door.refund_asked()
    money = _asked(door, case_no)
    rule_no = _on(door, do=(Deed(act=DeedKind.REFUND_AGREE), ALERT), money_a_day=money)
    came = [_look(door)]
    left = []
    for _ in range(2):
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.SUGGEST, door.now)
        door.later(timedelta(minutes=6))
        door.works()
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.ACT, door.now)
        came.append(_look(door))
        left.append(rules_seen(door.house, door.by, door.shop_id, door.now)[0].money_today)

    assert (came, [act.state for act in door.acts()]) == ([1, 1, 0], ["withdrawn", "withdrawn"])
    assert left == [money, 0]


def test_what_a_rule_could_only_propose_stays_so_until_a_person_decides(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    rule_no = _on(door)
    door.refund_asked()
    _look(door)
    door.put(REFUND, ActLevel.SUGGEST)
    set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.SUGGEST, door.now)

    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _look(door)

    assert [act.state for act in door.acts()] == ["proposed"]


def test_what_was_withdrawn_at_the_door_the_rule_announces_once_more_and_no_oftener(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    rule_no = _on(door)
    _look_at_one(door)
    came = []

    for _ in range(3):
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.SUGGEST, door.now)
        door.later(timedelta(minutes=6))
        door.works()
        set_level(door.house, door.by, door.shop_id, rule_no, RuleLevel.ACT, door.now)
        came.append(_look(door))

    assert came == [1, 0, 0]
    assert [act.state for act in door.acts()] == ["withdrawn", "withdrawn"]
    assert door.told(REFUND) == 0


def test_what_another_rule_claims_by_now_is_not_sent_though_the_rule_itself_still_holds(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT, wait_minutes=5)
    _on(door, gives_way_to=("sly",))
    _look_at_one(door)
    sly = read_rules(RULE.replace('id = "not_printed"', 'id = "sly"').replace('act = "refund.agree"', 'act = "alert"\ntext = "先别退"'))[0]
    kept = keep_rule(door.house, door.by, door.shop_id, sly, door.now)
    set_level(door.house, door.by, door.shop_id, kept.rule_no, RuleLevel.SUGGEST, door.now)

    door.later(timedelta(minutes=6))
    door.works()

    act = door.acts()[0]
    assert act.state == "withdrawn"
    assert '"other":"sly"' in (act.because or "").replace(" ", "")
    assert door.told(REFUND) == 0


def test_two_rules_that_note_on_one_order_follow_each_other_and_neither_note_is_lost(door: Door) -> None:
    door.put(NOTE, ActLevel.ACT, wait_minutes=5)
    _on(door, id="first", do=(Deed(act=DeedKind.ORDER_NOTE, text="易碎"),))
    _on(door, id="second", do=(Deed(act=DeedKind.ORDER_NOTE, text="加急"),))
    order_no, case_no = door.refund_asked()

    at_once, meanwhile = _look(door), _look(door)
    door.later(timedelta(minutes=6))
    door.works()
    unread = _look(door)
    door.reads(case_no, order_no)
    read = _look(door)
    door.later(timedelta(minutes=6))
    door.works()
    door.reads(case_no, order_no)

    # what hinders the second is told once, and again when it is another thing that hinders it
    assert (at_once, meanwhile, unread, read, _look(door)) == (2, 0, 0, 1, 0)
    assert [act.state for act in door.acts()] == ["carried_out", "carried_out"]
    with door.house.pool.connection() as tx:
        assert around.orders(tx, door.shop_id, [order_no])[order_no].facts.seller_note in {"易碎 加急", "加急 易碎"}


def test_only_money_that_leaves_counts_as_money_of_the_day(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    door.put(NOTE, ActLevel.ACT, wait_minutes=5)
    _on(door, do=(Deed(act=DeedKind.REFUND_AGREE), Deed(act=DeedKind.ORDER_NOTE, text="退款中")))
    door.refund_asked()

    _look(door)

    assert [each.how for each in _only(door).deeds] == [How.PROPOSED, How.ANNOUNCED]
    assert _only(door).money == 0


def test_a_worker_looks_over_a_shop_in_its_rounds(door: Door) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door)
    door.refund_asked()

    first = automate_some(door.house, door.shop_id, door.now, door.wall, "w")
    at_once = automate_some(door.house, door.shop_id, door.now, door.wall, "w")
    door.refund_asked()
    door.wait(MINUTE)
    later = automate_some(door.house, door.shop_id, door.now, door.wall, "w")

    assert (first, at_once, later) == (True, False, True)


@pytest.mark.parametrize("ahead", [timedelta(minutes=50), timedelta(days=1)])
def test_it_looks_again_after_a_clock_that_was_ahead(door: Door, ahead: timedelta) -> None:
    door.put(REFUND, ActLevel.ACT)
    _on(door)
    door.refund_asked()
    with door.house.pool.connection() as tx:
        automation.claim_round(tx, door.shop_id, door.wall + ahead, door.wall + ahead + timedelta(seconds=20))
    stuck = shops_to_automate(door.house, door.now, door.wall)

    mend_moments(door.house, door.wall)

    assert (list(stuck), list(shops_to_automate(door.house, door.now, door.wall))) == ([], [door.shop_id])
    assert automate_some(door.house, door.shop_id, door.now, door.wall, "w")


def _on(door: Door, level: RuleLevel = RuleLevel.ACT, **changes: object) -> int:
    """The rule, kept and switched on."""
    rule: AutoRule = msgspec.structs.replace(read_rules(RULE)[0], **changes)
    kept = keep_rule(door.house, door.by, door.shop_id, rule, door.now)
    set_level(door.house, door.by, door.shop_id, kept.rule_no, level, door.now)
    return kept.rule_no


def _look(door: Door) -> int:
    return look_over(door.house, door.shop_id, door.now, door.wall)


def _look_at_one(door: Door) -> None:
    door.refund_asked()
    assert _look(door) == 1


def _only(door: Door) -> FiringRow:
    (firing,) = firings_of(door.house, door.by, door.shop_id).firings
    return firing


def _asked(door: Door, case_no: str) -> Fen:
    with door.house.pool.connection() as tx:
        return around.cases_by_no(tx, door.shop_id, [case_no])[case_no].facts.refund_amount or Fen(0)
