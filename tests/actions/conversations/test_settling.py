"""Whose talk needs no answer has no to-do either: said by a person, long over, or answered about another order; and the next message begins anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.actions.files import orders_csv, row
from tests.actions.recount import differences
from tests.cast import Cast
from zhanggui.actions.conversations import telling
from zhanggui.actions.conversations.bridging import Incoming, answered, take_message
from zhanggui.actions.conversations.settling import settle
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.conversations.telling import tell_orders, tell_some
from zhanggui.actions.conversations.threading import link_order, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.order_page import order
from zhanggui.actions.today import settle as settle_time
from zhanggui.core.chats.shapes import Who
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.records import deadlines, locks
from zhanggui.records.migrate import migrations

A, B = "260301-111111111111111", "260301-222222222222222"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""
MINUTE = timedelta(minutes=1)
States = Callable[..., list[tuple[str, bool]]]


@pytest.fixture
def ordered(house: House, people: Cast, tmp_path: Path) -> House:
    at = NOW - timedelta(hours=1)
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(A), row(B)])], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    return house


@pytest.fixture
def states(ordered: House, people: Cast) -> States:
    """How the to-do to answer the buyer of an order stands, and whether it runs, a while later."""

    def found(order_no: str = A, minutes: float = 10) -> list[tuple[str, bool]]:
        settle_time(ordered, [people.shop_id], NOW + minutes * MINUTE)
        assert differences(ordered, people.shop_id, NOW + minutes * MINUTE) == []
        with ordered.pool.connection() as tx:
            rows = deadlines.of_orders(tx, people.shop_id, [order_no])
        return [(each.state, each.band is not None) for each in rows if each.kind == DeadlineKind.REPLY_BUYER]

    return found


def started(house: House, people: Cast, order_no: str = A) -> datetime:
    """Since when the to-do to answer the buyer of an order counts."""
    with house.pool.connection() as tx:
        (row,) = [each for each in deadlines.of_orders(tx, people.shop_id, [order_no]) if each.kind == DeadlineKind.REPLY_BUYER]
    return row.started_at


def writes(house: House, people: Cast, text: str, minutes: float, order_no: str | None = A) -> int:
    """What the buyer writes through the tool; the number of the thread."""
    at = NOW + minutes * MINUTE
    told = Incoming(message_id=f"m{minutes}", external_id="c1", who=Who.BUYER, said=text, name="快乐的鱼", order_no=order_no, at=at)
    return take_message(house, people.mei, people.shop_id, told, max(at, NOW)).thread_no


def test_a_talk_that_needs_no_answer_leaves_no_to_do_until_the_buyer_writes_again(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    waits = states()
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE)
    settled = states()
    seen = order(ordered, people.lin, people.shop_id, A, NOW + 10 * MINUTE)
    writes(ordered, people, "什么时候发货", 11)

    assert (waits, settled, states(minutes=20)) == ([("open", True)], [("waived", False)], [("open", True)])
    assert seen is not None
    assert [each.deadline.state.value for each in seen.explanations if each.deadline.kind is DeadlineKind.REPLY_BUYER] == ["waived"]
    assert started(ordered, people) == NOW + 11 * MINUTE


def test_what_was_settled_stays_so_when_a_rep_speaks_later(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE)
    answered(ordered, people.mei, people.shop_id, thread_no, "亲，到货了吗", NOW + timedelta(days=1))
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + timedelta(days=1))

    assert states(minutes=60 * 25) == [("waived", False)]


def test_what_was_settled_begins_no_turn_that_is_asked_and_answered_later(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE)
    writes(ordered, people, "什么时候发货", 60 * 24)
    answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + timedelta(days=1) + MINUTE)

    assert (states(minutes=60 * 25), started(ordered, people)) == ([("met", False)], NOW + timedelta(days=1))


def test_a_late_answer_stays_late_whatever_is_settled_after_it(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "在吗", 0)
    answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + 10 * MINUTE)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + 11 * MINUTE, seen_to=NOW)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + 11 * MINUTE)
    paste = "忧伤的猫 2026-02-20 16:02\n在吗\n客服小美 2026-02-20 16:12\n在的\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW, order_no=B)

    assert (states(A, 20), states(B, 20)) == ([("missed", False)], [("missed", False)])


def test_a_late_answer_that_was_long_over_when_it_came_in_stays_late(ordered: House, people: Cast, states: States) -> None:
    writes(ordered, people, "在吗", -60 * 24 * 5)
    at = NOW - timedelta(days=5) + 10 * MINUTE
    told = Incoming(message_id="r", external_id="c1", who=Who.REP, said="在的亲", name="小美", buyer="快乐的鱼", at=at)
    take_message(ordered, people.mei, people.shop_id, told, NOW)

    assert states() == [("missed", False)]


def test_its_order_learns_a_moment_later_where_facts_are_being_stored(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    with ordered.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE)
    served = tell_some(ordered, people.shop_id, NOW + MINUTE, NOW, "worker")

    assert (served, states()) == (True, [("waived", False)])


def test_what_was_only_coming_in_is_answered_all_the_same(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    writes(ordered, people, "对了什么时候发货", 1)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE, seen_to=NOW)

    assert states() == [("open", True)]


def test_history_makes_no_to_do_whichever_way_it_comes_in(ordered: House, people: Cast, states: States) -> None:
    writes(ordered, people, "好的谢谢", -60 * 24 * 5)
    paste = "忧伤的猫 2026-02-20 16:00\n在吗\n客服小美 2026-02-20 16:01\n在的\n忧伤的猫 2026-02-20 16:02\n好的谢谢\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW, order_no=B)

    assert (states(A), states(B)) == ([("waived", False)], [("waived", False)])


def test_a_paste_that_was_settled_leaves_no_to_do(ordered: House, people: Cast, states: States) -> None:
    pasted = take_paste(ordered, people.mei, people.shop_id, "买家 2026-03-01 15:59\n好的谢谢\n", NOW, order_no=A)
    settle(ordered, people.mei, people.shop_id, pasted.thread_no, NOW)

    assert states() == [("waived", False)]


def test_another_buyer_who_waits_about_the_same_order_goes_on_waiting(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    told = Incoming(message_id="other", external_id="c2", who=Who.BUYER, said="我朋友的单发了吗", name="忧伤的猫", order_no=A, at=NOW - MINUTE)
    take_message(ordered, people.mei, people.shop_id, told, NOW)
    settle(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE)

    assert states() == [("open", True)]


def test_an_answer_about_another_order_answers_what_was_asked_before_the_talk_went_over(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "在吗", 0)
    writes(ordered, people, f"{B} 这单什么时候发货", 1, None)
    waits = states(A, 2), states(B, 2)
    answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + 2 * MINUTE)

    assert waits == ([("open", True)], [("open", True)])
    assert (states(A), states(B)) == ([("waived", False)], [("met", False)])


def test_what_was_answered_about_another_order_stays_so_when_the_talk_comes_back(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "在吗", 0)
    writes(ordered, people, f"{B} 这单什么时候发货", 1, None)
    answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + 2 * MINUTE)
    link_order(ordered, people.mei, people.shop_id, thread_no, A, NOW + 3 * MINUTE)
    linked = states(A)
    writes(ordered, people, f"{A} 那这单呢", 60)

    assert (linked, states(A, 61), started(ordered, people)) == ([("waived", False)], [("open", True)], NOW + 60 * MINUTE)


def test_an_answer_in_a_talk_that_is_about_no_order_any_more_answers_too(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "在吗", 0)
    link_order(ordered, people.mei, people.shop_id, thread_no, None, NOW + MINUTE)
    waits = states(A, 2)
    answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + 2 * MINUTE)

    assert (waits, states(A)) == ([("open", True)], [("waived", False)])


def test_a_buyer_waits_again_once_the_paste_that_held_the_answer_is_undone(ordered: House, people: Cast, states: States) -> None:
    writes(ordered, people, "在吗", 0)
    writes(ordered, people, f"{B} 这单什么时候发货", 1, None)
    paste = f"快乐的鱼 2026-03-01 16:01\n{B} 这单什么时候发货\n客服小美 2026-03-01 16:02\n在的亲\n"
    pasted = take_paste(ordered, people.mei, people.shop_id, paste, NOW + 3 * MINUTE, order_no=B)
    had = states(A), states(B)
    undo(ordered, people.lin, people.shop_id, pasted.batch_id, NOW + 4 * MINUTE)

    assert had == ([("waived", False)], [("met", False)])
    assert (states(A), states(B)) == ([("open", True)], [("open", True)])


def test_the_migration_closes_what_was_settled_before_orders_learnt_of_it(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "好的谢谢", 0)
    step = next(step for step in migrations() if step.name == "0051_settled_talks.sql")
    with ordered.pool.connection() as tx:
        tx.execute("update threads set settled_at = last_at, waiting_since = null where thread_no = %s", (thread_no,))
        tx.execute(step.sql)
    tell_some(ordered, people.shop_id, NOW + MINUTE, NOW, "worker")

    assert states() == [("waived", False)]


def test_the_migration_closes_what_was_answered_about_another_order_too(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "在吗", 0)
    writes(ordered, people, f"{B} 这单什么时候发货", 1, None)
    step = next(step for step in migrations() if step.name == "0051_settled_talks.sql")
    with ordered.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        answered(ordered, people.mei, people.shop_id, thread_no, "在的亲", NOW + 2 * MINUTE)
        writes(ordered, people, f"{B} 好的，发什么快递", 5, None)
    with ordered.pool.connection() as tx:
        tx.execute("update conversation_messages set is_told = true")
        tx.execute(step.sql)
    tell_some(ordered, people.shop_id, NOW + 6 * MINUTE, NOW, "worker")

    assert states() == [("waived", False)]


def test_what_is_settled_while_its_order_is_being_told_is_told_after_it(ordered: House, people: Cast, states: States, monkeypatch: pytest.MonkeyPatch) -> None:
    with ordered.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        thread_no = writes(ordered, people, "好的谢谢", 0)
    follow, meanwhile = telling.follow_talks, Thread(target=settle, args=(ordered, people.mei, people.shop_id, thread_no, NOW + MINUTE))

    def followed(*told: Any) -> None:
        follow(*told)
        meanwhile.start()
        meanwhile.join(1)

    with monkeypatch.context() as slow:
        slow.setattr(telling, "follow_talks", followed)
        tell_orders(ordered, people.shop_id, NOW + MINUTE)
    meanwhile.join()
    tell_orders(ordered, people.shop_id, NOW + MINUTE)

    assert states() == [("waived", False)]


def test_who_waited_for_days_goes_on_waiting_when_the_talk_is_pasted(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "什么时候发货", 0)
    paste = "快乐的鱼 2026-03-01 16:00\n什么时候发货\n快乐的鱼 2026-03-01 16:10\n人呢\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW + timedelta(days=4), order_no=A)

    assert thread_of(ordered, people.mei, people.shop_id, thread_no).waiting_since == NOW
    assert states(minutes=60 * 24 * 4 + 10) == [("open", True)]


def test_who_was_answered_days_ago_does_not_wait_by_the_thanks_of_that_day(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "什么时候发货", 0)
    paste = "快乐的鱼 2026-03-01 16:00\n什么时候发货\n客服小美 2026-03-01 16:02\n今天发\n快乐的鱼 2026-03-01 16:10\n好的谢谢\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW + timedelta(days=4), order_no=A)

    assert thread_of(ordered, people.mei, people.shop_id, thread_no).waiting_since is None
    assert states(minutes=60 * 24 * 4 + 10) == [("waived", False)]


def test_who_waited_for_days_goes_on_waiting_when_the_tool_fills_in_what_it_had_missed(ordered: House, people: Cast, states: States) -> None:
    thread_no = writes(ordered, people, "什么时候发货", 0)
    missed = Incoming(message_id="missed", external_id="c1", who=Who.BUYER, said="人呢", name="快乐的鱼", order_no=A, at=NOW + 10 * MINUTE)
    take_message(ordered, people.mei, people.shop_id, missed, NOW + timedelta(days=4))

    assert thread_of(ordered, people.mei, people.shop_id, thread_no).waiting_since == NOW
    assert states(minutes=60 * 24 * 4 + 10) == [("open", True)]
