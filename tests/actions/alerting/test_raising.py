"""One matter is told once, whatever is imported again; it ends when it is met, and is said once more when it is overdue."""

from collections.abc import Callable
from datetime import timedelta

from tests.actions.alerting.conftest import DUE, KEY, MINUTE, NIGHT, WALL, Alerting
from tests.actions.files import ONE, TWO, row, shipped
from zhanggui.actions.alerting.sending import send_alerts
from zhanggui.actions.alerting.watching import watch_alerts

WARNED = DUE - timedelta(hours=5)


def test_it_rings_five_hours_before_the_limit_and_not_earlier(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()

    before, then = shop.at(WARNED - MINUTE), shop.at(WARNED)

    assert (before, then) == ([], [KEY])
    (alert,) = shop.alerts()
    assert (alert.kind, alert.subject_no, alert.due_at, alert.state, alert.is_money_clock) == ("ship_by", ONE, DUE, "open", True)


def test_it_names_the_order_the_limit_and_the_next_act(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()

    shop.at(WARNED)

    assert shop.texts == [f"林记坚果：发货，2026-03-03 10:00 前\n2026-03-03 10:00 · 发货 · {ONE} · ¥3.00\n  下一步：发货（已付款、已成团，没有不能发货的情形）"]


def test_it_rings_once_however_often_the_same_is_imported(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()

    rung = [shop.at(WARNED)]
    for minutes in (1, 2, 3):
        shop.imported(row(ONE), now=WARNED + minutes * MINUTE)
        rung.append(shop.at(WARNED + minutes * MINUTE))

    assert rung == [[KEY], [], [], []]


def test_it_does_not_ring_twice_where_the_moment_differs_by_minutes(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    shop.imported(row(ONE, 承诺发货时间="2026-03-03 10:05:00"), now=WARNED + MINUTE)

    assert shop.at(WARNED + 2 * MINUTE) == []


def test_it_ends_when_the_to_do_is_met_and_says_nothing_more(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    shop.imported(shipped(ONE, at="2026-03-03 06:00:00"), now=WARNED + 70 * MINUTE)
    after = shop.at(DUE + MINUTE)

    assert after == []
    assert [alert.state for alert in shop.alerts()] == ["ended"]


def test_it_says_once_more_when_it_is_overdue(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    rung = [shop.at(DUE + minutes * MINUTE) for minutes in (0, 1, 2, 60)]

    assert rung == [[KEY], [], [], []]
    assert shop.texts[1].startswith("林记坚果：发货已超时（2026-03-03 10:00 到期）\n")


def test_it_rings_anew_when_the_limit_moved(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.at(WARNED)

    shop.imported(row(ONE, 承诺发货时间="2026-03-04 10:00:00"), now=WARNED + MINUTE)
    rung = [shop.at(WARNED + 2 * MINUTE), shop.at(WARNED + timedelta(hours=24))]

    assert rung == [[], [KEY]]
    assert [(alert.ring, alert.state) for alert in shop.alerts()] == [(2, "open")]


def test_it_does_not_ring_for_what_has_been_overdue_for_a_day(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()

    assert shop.at(DUE + timedelta(hours=25)) == []
    assert shop.alerts() == []


def test_it_tells_several_matters_in_one_message(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.imported(row(ONE), row(TWO, 承诺发货时间="2026-03-03 09:30:00"))

    rung = shop.at(WARNED)

    assert rung == [KEY]
    assert shop.texts[0].startswith("林记坚果：2 件待办要人处理，最早一件 2026-03-03 09:30 到期\n")
    assert shop.texts[0].index(TWO) < shop.texts[0].index(ONE)


def test_it_leaves_out_what_was_met_while_the_message_waited(ringing: Callable[[], Alerting]) -> None:
    shop = ringing()
    shop.imported(row(ONE), row(TWO))
    watch_alerts(shop.house, NIGHT)

    shop.imported(shipped(TWO, at="2026-03-03 05:31:00"), row(ONE), now=NIGHT + MINUTE)
    send_alerts(shop.house, shop.shop_id, NIGHT + MINUTE, WALL, "test")

    assert TWO not in shop.texts[0]
    assert sorted(send.state for send in shop.sends()) == ["sent", "withdrawn"]
