"""Who hears of a matter over the hours: the next person, nobody once acknowledged, nobody in quiet hours but for money, the digest once a day."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from tests.actions.alerting.conftest import DUE, KEY, MINUTE, NIGHT, Alerting, number_of
from tests.actions.files import ONE, row
from zhanggui.actions.alerting import acknowledge, channels, end_alert, raise_alert
from zhanggui.actions.alerting.channels import channels_seen, keep_quiet
from zhanggui.actions.alerting.seeing import Bell, alerts_seen, bell_of
from zhanggui.actions.alerting.sending import WITHHELD
from zhanggui.actions.marks import hand_over
from zhanggui.actions.people import remove_member
from zhanggui.actions.refused import Refused
from zhanggui.core.alerts.matters import AlertState, Matter
from zhanggui.core.alerts.quiet import Quiet
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people import factors
from zhanggui.people.permissions import NotAllowed, Role
from zhanggui.records.db import transact

WARNED = DUE - timedelta(hours=5)
MEIS, ZHOUS = "mei-own-key", "zhou-own-key"


def test_it_tells_the_next_person_while_nobody_acknowledges(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    people = shop.people
    shop.channel(MEIS, by=people.mei)
    shop.channel(ZHOUS, by=people.zhou)
    shop.terms(people=(number_of(people.lin), number_of(people.mei), number_of(people.zhou)), escalate_minutes=15)

    rung = [shop.at(WARNED + minutes * MINUTE) for minutes in (0, 14, 15, 30, 45)]

    # 林 has no channel of her own: nobody waits for her
    assert rung == [[KEY, MEIS], [], [ZHOUS], [], []]
    assert "还没有人知悉。" in shop.texts[2]
    assert sorted(shop.at(DUE)) == sorted([KEY, MEIS, ZHOUS])


def test_it_tells_nobody_further_once_it_is_acknowledged(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    people = shop.people
    shop.channel(MEIS, by=people.mei)
    shop.channel(ZHOUS, by=people.zhou)
    shop.terms(people=(number_of(people.mei), number_of(people.zhou)))
    shop.at(WARNED)

    acknowledged = acknowledge(shop.house, people.mei, shop.shop_id, [1], WARNED + MINUTE)

    assert (acknowledged, acknowledge(shop.house, people.mei, shop.shop_id, [1], WARNED + MINUTE)) == (1, 0)
    assert [shop.at(WARNED + minutes * MINUTE) for minutes in (15, 30)] == [[], []]
    # once overdue those who were told before hear of it once more
    assert sorted(shop.at(DUE)) == sorted([KEY, MEIS])


def test_nobody_else_s_alert_can_be_acknowledged(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    with pytest.raises(NotAllowed):
        acknowledge(shop.house, shop.people.zheng, shop.shop_id, [1], WARNED)

    assert acknowledge(shop.house, shop.people.zheng, shop.people.other_shop_id, [1], WARNED) == 0
    assert [alert.state for alert in shop.alerts()] == ["open"]
    assert alerts_seen(shop.house, shop.people.zheng, WARNED).alerts == ()
    assert (bell_of(shop.house, shop.people.zheng), bell_of(shop.house, shop.people.mei)) == (Bell(0, is_money=False), Bell(1, is_money=True))


def test_money_rings_by_night_and_the_rest_in_the_morning(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.terms(quiet=(Quiet(time(22), time(8)),))
    transact(shop.house.pool, lambda tx: raise_alert(tx, shop.shop_id, no_money(), NIGHT))

    rung = [shop.at(NIGHT), shop.at(NIGHT + 149 * MINUTE), shop.at(NIGHT + 150 * MINUTE)]

    assert rung == [[KEY], [], [KEY]]
    assert (ONE in shop.texts[0], "Look at it" in shop.texts[0]) == (True, False)
    assert (ONE in shop.texts[1], "Look at it" in shop.texts[1]) == (False, True)


def test_whoever_has_left_by_the_morning_hears_nothing_of_the_night(alerting: Alerting) -> None:
    people = alerting.people
    alerting.channel(MEIS, by=people.mei)
    alerting.channel(KEY)
    alerting.terms(quiet=(Quiet(time(22), time(8)),), people=(number_of(people.mei),))
    transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, no_money(), NIGHT))
    remove_member(alerting.house, people.lin, alerting.shop_id, number_of(people.mei), NIGHT)

    rung = alerting.at(NIGHT + 150 * MINUTE)

    assert rung == [KEY]
    assert {send.channel_name: send.state for send in alerting.sends()} == {KEY: "sent", MEIS: "withdrawn"}


def test_whose_role_asks_a_second_factor_that_they_have_not_hears_nothing_through_channels_of_their_own(alerting: Alerting) -> None:
    people, mei = alerting.people, number_of(alerting.people.mei)
    alerting.channel(MEIS, by=people.mei, tells="both")
    alerting.channel(KEY)
    alerting.terms(quiet=(Quiet(time(22), time(8)),), people=(mei,))
    transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, no_money(), NIGHT))
    transact(alerting.house.pool, lambda tx: factors.put_terms(tx, alerting.shop_id, frozenset({Role.REP}), None, NIGHT))

    rung = alerting.at(NIGHT + 150 * MINUTE)
    alerting.raised("later")
    later, own = alerting.at(DUE), channels_seen(alerting.house, people.lin, alerting.shop_id, NIGHT)
    transact(alerting.house.pool, lambda tx: (factors.begin_app(tx, mei, b"x", NIGHT), factors.prove_app(tx, mei, b"x", 1, NIGHT)))
    again = [channel.problem for channel in channels_seen(alerting.house, people.lin, alerting.shop_id, NIGHT)]
    alerting.raised("last")

    assert (rung, MEIS in later, MEIS in alerting.at(DUE)) == ([KEY], False, True)
    assert (KEY, "sent") in {(send.channel_name, send.state) for send in alerting.sends()}
    assert {channel.name: channel.problem for channel in own} == {KEY: None, MEIS: WITHHELD}
    assert again == [None, None]


def test_nobody_s_own_channels_take_the_place_of_the_shop_s(alerting: Alerting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MOST_CHANNELS", 6)
    for number in range(channels.MOST_OWN):
        alerting.channel(f"zhou-own-{number}", by=alerting.people.zhou)

    with pytest.raises(Refused):
        alerting.channel("zhou-own-last", by=alerting.people.zhou)

    assert [alerting.channel(f"shop-key-{number}") for number in range(6)] == list(range(6, 12))


def test_each_person_has_quiet_hours_of_their_own(alerting: Alerting) -> None:
    people = alerting.people
    alerting.imported(row(ONE, 商品总价="0"))
    alerting.channel(MEIS, by=people.mei)
    alerting.channel(KEY)
    alerting.terms(quiet=(), people=(number_of(people.mei),))
    keep_quiet(alerting.house, people.mei, alerting.shop_id, (Quiet(time(0), time(6)), Quiet(time(12), time(14))))
    transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, no_money(), NIGHT))

    planned = {send.channel_name: send.send_at for send in alerting.sends()}

    assert planned == {KEY: NIGHT, MEIS: NIGHT + 30 * MINUTE}


def test_the_same_matter_is_one_alert_whoever_raises_it(alerting: Alerting) -> None:
    alerting.channel()
    alerting.terms(quiet=())

    numbers = {transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, no_money(), NIGHT)) for _ in range(3)}

    assert len(numbers) == 1
    assert alerting.at(NIGHT) == [KEY]


def test_a_matter_that_is_no_deadline_is_ended_by_whoever_raised_it(alerting: Alerting) -> None:
    alerting.channel()
    matter = no_money()
    transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, matter, NIGHT))

    still = alerting.at(NIGHT)
    ended = transact(alerting.house.pool, lambda tx: end_alert(tx, alerting.shop_id, matter.kind, matter.subject, NIGHT))

    assert (still, ended) == ([], True)
    assert [send.state for send in alerting.sends()] == ["withdrawn"]
    assert alerting.at(DUE) == []


def test_what_was_withdrawn_unsaid_is_said_once_the_matter_stands_again(alerting: Alerting) -> None:
    alerting.channel()
    alerting.terms(quiet=(Quiet(time(22), time(8)),))
    matter = no_money()
    for _ in range(2):
        transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, matter, NIGHT))
        transact(alerting.house.pool, lambda tx: end_alert(tx, alerting.shop_id, matter.kind, matter.subject, NIGHT))
    ended = alerting.at(NIGHT + 150 * MINUTE)
    transact(alerting.house.pool, lambda tx: raise_alert(tx, alerting.shop_id, matter, NIGHT + 151 * MINUTE))

    rung = [alerting.at(NIGHT + 151 * MINUTE), alerting.at(NIGHT + 152 * MINUTE)]

    assert (ended, rung) == ([], [[KEY], []])


def test_the_digest_goes_out_once_a_day_at_its_hour(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.channel("digest-key", tells="digest")
    shop.terms(is_on=True, digest_at=time(7), warn_minutes={"ship_by": None})
    seven = DUE - timedelta(hours=3)

    rung = [shop.at(moment) for moment in (seven - MINUTE, seven, seven + 60 * MINUTE, seven + timedelta(hours=24), seven + timedelta(hours=51))]

    assert rung == [[], ["digest-key"], [], ["digest-key"], []]
    assert shop.texts[0].startswith("林记坚果：2026-03-03 未办事项\n")
    assert ONE in shop.texts[0]


def test_what_was_told_is_seen_on_the_page(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    (alert,) = alerts_seen(shop.house, shop.people.mei, WARNED).alerts

    assert (alert.order_no, alert.act.text, alert.due_at, alert.money) == (ONE, "Ship it", DUE, 300)
    assert [(said.channel, said.stage, said.state) for said in alert.said] == [(KEY, "warned", "sent")]
    assert alerts_seen(shop.house, shop.people.mei, WARNED, state=AlertState.ENDED).alerts == ()


def no_money() -> Matter:
    """A matter that costs nothing."""
    return Matter(
        kind=DeadlineKind.RENEW_TOKEN,
        subject=Subject(SubjectKind.CONNECTION, "pdd"),
        act=say("Look at it"),
        because=say("It ends soon."),
        due_at=DUE,
        money=Fen(0),
    )


def test_whoever_it_is_handed_to_is_told_next_and_nobody_twice(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    people = shop.people
    shop.channel(MEIS, by=people.mei)
    shop.channel(ZHOUS, by=people.zhou)
    shop.terms(people=(number_of(people.mei),))
    shop.at(WARNED)

    order = Subject(SubjectKind.ORDER, ONE)
    hand_over(shop.house, people.mei, shop.shop_id, order, DeadlineKind.SHIP_BY, assignee=number_of(people.zhou), now=WARNED)
    rung = [shop.at(WARNED + minutes * MINUTE) for minutes in (15, 30, 45)]

    assert rung == [[], [], []]
    assert sorted(shop.at(DUE)) == sorted([KEY, MEIS, ZHOUS])
