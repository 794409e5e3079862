"""Messages of a service tool come in once, masked, into the buyer's thread; who waits is known at once, and the order learns of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, Taken, answered, take_message, take_messages
from zhanggui.actions.conversations.replaying import reply_rate
from zhanggui.actions.conversations.saying import say_of_promise
from zhanggui.actions.conversations.settling import settle
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.conversations.telling import know_named_orders, shops_with_untold, tell_orders, tell_some
from zhanggui.actions.conversations.threading import assign, link_order, messages_of, snooze, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.shapes import Who
from zhanggui.core.clocks.replies import Answer
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.promises.keeping import PromiseSaid
from zhanggui.records import around, deadlines, locks, promises
from zhanggui.records.threads import ThreadRecord

A, B = "260301-111111111111111", "260301-222222222222222"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""
PASTE = """
快乐的鱼 2026-03-01 16:00
什么时候发货
客服小美 2026-03-01 16:02
今天20点前给您发出
"""


@pytest.fixture
def ordered(house: House, people: Cast, tmp_path: Path) -> House:
    at = NOW - timedelta(hours=1)
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(A), row(B)])], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    return house


def said(text: str, number: int = 1, who: Who = Who.BUYER, minutes: float = 0, **more: str | None) -> Incoming:
    told = {"external_id": "c1", "name": "快乐的鱼" if who is Who.BUYER else "小美", **more}
    return Incoming(message_id=f"m{number}", who=who, said=text, at=NOW + timedelta(minutes=minutes), **told)  # type: ignore[arg-type]


def taken(house: House, people: Cast, message: Incoming, now: datetime | None = None) -> Taken:
    return take_message(house, people.mei, people.shop_id, message, now or message.at or NOW)


def thread(house: House, people: Cast, thread_no: int) -> ThreadRecord:
    return thread_of(house, people.mei, people.shop_id, thread_no)


def test_it_keeps_a_message_masked_and_says_who_waits_for_what(ordered: House, people: Cast) -> None:
    told = taken(ordered, people, said("什么时候发货呀，打我电话13812345678", order_no=A))

    stands = thread(ordered, people, told.thread_no)
    (message,) = messages_of(ordered, people.mei, people.shop_id, told.thread_no)
    assert (told.is_new, told.order_no, message.said, message.name) == (True, A, "什么时候发货呀，打我电话138****5678", "快**鱼")
    assert (stands.waiting_since, stands.waiting_known, stands.waiting_text) == (NOW, True, "什么时候发货呀，打我电话138****5678")
    assert (stands.order_no, stands.shown, stands.last_who, stands.wanted[0].intent.value) == (A, "快**鱼", "buyer", "chase_shipping")


def test_it_takes_the_same_message_once(ordered: House, people: Cast) -> None:
    first = taken(ordered, people, said("在吗"))
    again = taken(ordered, people, said("在吗"), NOW + timedelta(minutes=5))

    assert (again.is_new, again.thread_no, again.message_key) == (False, first.thread_no, first.message_key)
    assert len(messages_of(ordered, people.mei, people.shop_id, first.thread_no)) == 1


def test_its_order_learns_of_it_and_the_clock_of_the_reply_runs_and_is_met(ordered: House, people: Cast) -> None:
    taken(ordered, people, said("什么时候发货", order_no=A))
    with ordered.pool.connection() as tx:
        open_one = [each for each in deadlines.of_orders(tx, people.shop_id, [A]) if each.kind == DeadlineKind.REPLY_BUYER]
    taken(ordered, people, said("今天18点前发出", 2, Who.REP, 2, order_no=A))

    with ordered.pool.connection() as tx:
        closed = [each for each in deadlines.of_orders(tx, people.shop_id, [A]) if each.kind == DeadlineKind.REPLY_BUYER]
        facts = around.messages(tx, people.shop_id, [A])[A]
        promised = [each.state for each in deadlines.of_orders(tx, people.shop_id, [A]) if each.kind == DeadlineKind.KEEP_PROMISE]
    assert [each.state for each in open_one] == ["open"]
    assert [each.state for each in closed] == ["met"]
    assert [known.facts.text for known in facts] == ["什么时候发货", "今天18点前发出"]
    assert promised == ["open"]


def test_it_finds_the_echo_of_what_a_rep_said_here_and_keeps_it_once(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货", order_no=A)).thread_no
    here = answered(ordered, people.mei, people.shop_id, thread_no, "今天18点前发出", NOW + timedelta(minutes=1))
    echo = taken(ordered, people, said("今天18点前发出", 2, Who.REP, 2))
    twice = answered(ordered, people.mei, people.shop_id, thread_no, "今天18点前发出", NOW + timedelta(minutes=3))

    assert (here.is_new, echo.is_new, twice.is_new) == (True, False, True)
    assert here.message_key == echo.message_key
    assert len(here.promise_nos) == 1


def test_it_knows_a_pasted_message_again_whichever_comes_first(ordered: House, people: Cast) -> None:
    first = taken(ordered, people, said("什么时候发货", order_no=A, minutes=0.5))
    pasted = take_paste(ordered, people.mei, people.shop_id, PASTE, NOW + timedelta(minutes=5), order_no=A)
    second = taken(ordered, people, said("今天20点前给您发出", 2, Who.REP, 2.2), NOW + timedelta(minutes=6))

    rows = messages_of(ordered, people.mei, people.shop_id, first.thread_no)
    assert pasted.thread_no == second.thread_no == first.thread_no
    assert [row.said for row in rows] == ["什么时候发货", "今天20点前给您发出"]
    assert (len(pasted.promise_nos), second.promise_nos) == (1, ())
    with ordered.pool.connection() as tx:
        assert [known.facts.text for known in around.messages(tx, people.shop_id, [A])[A]] == ["什么时候发货", "今天20点前给您发出"]


def test_it_settles_what_the_rep_had_seen_and_not_what_was_just_coming_in(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("好的谢谢")).thread_no
    seen_to = thread(ordered, people, thread_no).last_at
    taken(ordered, people, said("对了什么时候发货", 2, minutes=1))

    settle(ordered, people.mei, people.shop_id, thread_no, NOW + timedelta(minutes=1), seen_to=seen_to)

    stands = thread(ordered, people, thread_no)
    assert (stands.waiting_since, stands.waiting_text) == (NOW + timedelta(minutes=1), "对了什么时候发货")


def test_a_coupon_that_was_promised_is_a_to_do_until_somebody_says_it_was_given(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("怎么还不发货", order_no=A)).thread_no

    (promise_no,) = answered(ordered, people.mei, people.shop_id, thread_no, "是我们慢了，另外送您一张5元的店铺优惠券。", NOW).promise_nos

    with ordered.pool.connection() as tx:
        stood = [(each.state, each.due_at) for each in deadlines.of_orders(tx, people.shop_id, [A]) if each.kind == DeadlineKind.KEEP_PROMISE]
    say_of_promise(ordered, people.mei, people.shop_id, promise_no, PromiseSaid.KEPT, NOW)
    with ordered.pool.connection() as tx:
        kept = [each.state for each in deadlines.of_orders(tx, people.shop_id, [A]) if each.kind == DeadlineKind.KEEP_PROMISE]
    assert (stood, kept) == ([("open", NOW + timedelta(days=1))], ["met"])


def test_a_rep_is_one_person_however_the_tool_calls_them(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    taken(ordered, people, said("在的", 2, Who.REP, 1, name="客服小美"))

    assert [row.name for row in messages_of(ordered, people.mei, people.shop_id, thread_no)] == ["快**鱼", "小美"]


def test_it_keeps_what_the_tool_brought_when_the_paste_is_undone_and_forgets_a_thread_of_pastes_alone(ordered: House, people: Cast) -> None:
    first = taken(ordered, people, said("什么时候发货", order_no=A))
    pasted = take_paste(ordered, people.mei, people.shop_id, PASTE, NOW + timedelta(minutes=5), order_no=A)
    alone = take_paste(ordered, people.mei, people.shop_id, PASTE.replace("快乐的鱼", "忧伤的猫"), NOW + timedelta(minutes=5), order_no=B)
    for each in (pasted, alone):
        undo(ordered, people.lin, people.shop_id, each.batch_id, NOW + timedelta(minutes=6))

    assert [row.said for row in messages_of(ordered, people.mei, people.shop_id, first.thread_no)] == ["什么时候发货"]
    assert thread(ordered, people, first.thread_no).waiting_since == NOW
    with pytest.raises(Refused):
        thread(ordered, people, alone.thread_no)


def test_it_tells_two_buyers_of_one_name_apart_by_the_tools_own_ids(ordered: House, people: Cast) -> None:
    one, other = (taken(ordered, people, said("在吗", number, external_id=f"c{number}")) for number in (1, 2))
    later = take_message(ordered, people.mei, people.shop_id, Incoming(message_id="x", who=Who.BUYER, said="人呢", name="快乐的鱼"), NOW + timedelta(minutes=1))

    assert one.thread_no != other.thread_no
    assert later.thread_no == other.thread_no


def test_a_robot_answers_nobody_and_a_person_does(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    taken(ordered, people, said("您好，请描述您的问题", 2, Who.BOT, 0.1))
    by_robot = thread(ordered, people, thread_no)
    taken(ordered, people, said("在的", 3, Who.REP, 1))
    taken(ordered, people, said("尺码偏大吗", 4, minutes=-1), NOW + timedelta(minutes=2))

    assert (by_robot.waiting_since, by_robot.last_who) == (NOW, "bot")
    assert thread(ordered, people, thread_no).waiting_since is None


def test_it_lays_a_thread_aside_gives_it_to_somebody_and_has_it_back_with_the_next_message(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    snooze(ordered, people.mei, people.shop_id, thread_no, NOW + timedelta(hours=1), NOW)
    assign(ordered, people.mei, people.shop_id, thread_no, people.mei.person_id, NOW)
    aside = thread(ordered, people, thread_no)
    taken(ordered, people, said("人呢", 2, minutes=3))

    assert (aside.snoozed_until, aside.owner) == (NOW + timedelta(hours=1), people.mei.person_id)
    assert (thread(ordered, people, thread_no).snoozed_until, thread(ordered, people, thread_no).owner) == (None, people.mei.person_id)
    assert people.zheng.person_id is not None
    with pytest.raises(Refused):
        assign(ordered, people.mei, people.shop_id, thread_no, people.zheng.person_id, NOW)
    with pytest.raises(Refused):
        snooze(ordered, people.mei, people.shop_id, thread_no, NOW - timedelta(hours=1), NOW)


def test_it_settles_what_needs_no_answer_until_the_buyer_writes_again(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("好的谢谢")).thread_no
    settle(ordered, people.mei, people.shop_id, thread_no, NOW)
    settled = thread(ordered, people, thread_no)
    taken(ordered, people, said("那个，什么时候发", 2, minutes=3))

    assert settled.waiting_since is None
    assert thread(ordered, people, thread_no).waiting_since == NOW + timedelta(minutes=3)


def test_nobody_is_said_to_wait_by_what_was_long_over_when_it_came_in(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗", minutes=-60 * 24 * 5), NOW).thread_no

    assert thread(ordered, people, thread_no).waiting_since is None


def test_what_was_said_about_no_order_is_about_the_one_that_a_person_names(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货")).thread_no
    link_order(ordered, people.mei, people.shop_id, thread_no, A, NOW)
    tell_orders(ordered, people.shop_id, NOW)
    link_order(ordered, people.mei, people.shop_id, thread_no, B, NOW)
    taken(ordered, people, said("这个呢", 2, minutes=1))

    with ordered.pool.connection() as tx:
        told = around.messages(tx, people.shop_id, [A, B])
    assert {no: [known.facts.text for known in each] for no, each in told.items()} == {A: ["什么时候发货"], B: ["这个呢"]}
    with pytest.raises(Refused):
        link_order(ordered, people.mei, people.shop_id, thread_no, "260301-999999999999999", NOW)


def test_it_learns_of_an_order_that_comes_in_after_it_was_named(house: House, people: Cast, tmp_path: Path) -> None:
    thread_no = taken(house, people, said("什么时候发货", order_no=A)).thread_no
    before = thread(house, people, thread_no)
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(A)])], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)
    know_named_orders(house, NOW)

    with house.pool.connection() as tx:
        (message,) = around.messages(tx, people.shop_id, [A])[A]
    assert (before.order_no, before.named_order_no, thread(house, people, thread_no).order_no) == (None, A, A)
    assert message.facts.text == "什么时候发货"


def test_it_follows_no_number_of_somebody_elses_order_that_a_buyer_types(ordered: House, people: Cast) -> None:
    mine = taken(ordered, people, said(f"{A} 什么时候发货"))
    theirs = taken(ordered, people, said(f"{A} 什么时候发货", 2, external_id="c2", name="忧伤的猫"))

    assert (mine.order_no, theirs.order_no) == (A, None)


def test_a_buyer_who_names_another_order_speaks_of_that_one_from_then_on(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said(f"{A} 什么时候发货")).thread_no
    taken(ordered, people, said("今天18点前发出", 2, Who.REP, 1))
    moved = taken(ordered, people, said(f"{B} 这单什么时候发货", 3, minutes=2))
    by_rep = taken(ordered, people, said(f"{A} 今天发", 4, Who.REP, 3))

    assert (moved.order_no, by_rep.order_no, thread(ordered, people, thread_no).order_no) == (B, B, B)
    with ordered.pool.connection() as tx:
        assert [known.facts.text for known in around.messages(tx, people.shop_id, [A])[A]] == [f"{A} 什么时候发货", "今天18点前发出"]


def test_a_talk_stays_with_the_order_that_the_tool_tells_and_history_moves_none(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗", order_no=A)).thread_no
    told = taken(ordered, people, said(f"{B} 什么时候发货", 2, minutes=1, order_no=A))
    both = taken(ordered, people, said(f"{A} 和 {B} 一起发吗", 3, minutes=2))
    long_ago = taken(ordered, people, said(f"{B} 在吗", 4, minutes=-60 * 24 * 5), NOW + timedelta(minutes=3))

    assert [each.order_no for each in (told, both, long_ago)] == [A, A, A]
    assert thread(ordered, people, thread_no).order_no == A


def test_an_older_message_and_one_that_was_pasted_take_no_talk_over(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said(f"{A} 什么时候发货")).thread_no
    taken(ordered, people, said(f"那 {B} 呢", 2, minutes=5))
    older = taken(ordered, people, said(f"{A} 在吗", 3, minutes=2), NOW + timedelta(minutes=6))
    paste = f"客服小美 2026-03-01 16:06\n在的\n快乐的鱼 2026-03-01 16:07\n帮我改地址，订单 {A}\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW + timedelta(minutes=8), order_no=B)
    again = taken(ordered, people, said(f"帮我改地址，订单 {A}", 4, minutes=7), NOW + timedelta(minutes=9))

    assert [each.order_no for each in (older, again)] == [B, B]
    assert thread(ordered, people, thread_no).order_no == B


def test_of_messages_that_come_at_once_an_older_one_takes_no_talk_over(ordered: House, people: Cast) -> None:
    together = [said(f"{A} 什么时候发货"), said(f"那 {B} 呢", 2, minutes=5), said(f"{A} 在吗", 3, minutes=2)]
    told = take_messages(ordered, people.mei, people.shop_id, together, NOW + timedelta(minutes=6))

    assert [each.order_no for each in told] == [A, B, B]
    assert thread(ordered, people, told[0].thread_no).order_no == B


def test_no_import_keeps_a_buyer_waiting(ordered: House, people: Cast) -> None:
    with ordered.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        thread_no = taken(ordered, people, said("什么时候发货", order_no=A)).thread_no
        stands = thread(ordered, people, thread_no)
        assert not around.messages(importing, people.shop_id, [A])
    served = tell_some(ordered, people.shop_id, NOW, NOW, "worker")

    assert (stands.waiting_since, served, shops_with_untold(ordered, NOW, NOW)) == (NOW, True, [])
    with ordered.pool.connection() as tx:
        assert len(around.messages(tx, people.shop_id, [A])[A]) == 1


def test_it_refuses_in_words_what_it_cannot_take(ordered: House, people: Cast) -> None:
    wrong = [
        said(" "),
        said("在吗", external_id=" "),
        said("长" * 5000),
        said("在吗", name="长" * 300),
        Incoming(message_id="", who=Who.BUYER, said="在吗"),
        Incoming(message_id="r", who=Who.REP, said="在的", name="小美"),
        Incoming(message_id="r", who=Who.BUYER, said="在吗", at=datetime(2026, 3, 1)),  # noqa: DTZ001 - that is what is refused
    ]

    for message in wrong:
        with pytest.raises(Refused):
            take_message(ordered, people.mei, people.shop_id, message, NOW)
    with pytest.raises(Refused):
        take_messages(ordered, people.mei, people.shop_id, [said("在吗", number) for number in range(101)], NOW)
    with pytest.raises(Refused):
        answered(ordered, people.mei, people.shop_id, 1, " ", NOW)


def test_the_same_words_once_more_after_the_buyer_wrote_again_are_another_answer(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    here = answered(ordered, people.mei, people.shop_id, thread_no, "稍等", NOW + timedelta(minutes=1))
    taken(ordered, people, said("人呢", 2, minutes=2))
    by_tool = taken(ordered, people, said("稍等", 3, Who.REP, 3))
    taken(ordered, people, said("还在吗", 4, minutes=4))
    again = answered(ordered, people.mei, people.shop_id, thread_no, "稍等", NOW + timedelta(minutes=5))
    echo = taken(ordered, people, said("稍等", 5, Who.REP, 5.5))

    assert (here.is_new, by_tool.is_new, again.is_new, echo.is_new) == (True, True, True, False)
    assert echo.message_key == again.message_key
    assert thread(ordered, people, thread_no).waiting_since is None


def test_a_talk_that_was_put_off_is_taken_up_by_the_buyer_although_a_robot_answers_at_once(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货")).thread_no
    snooze(ordered, people.mei, people.shop_id, thread_no, NOW + timedelta(hours=20), NOW + timedelta(minutes=1))

    take_messages(
        ordered,
        people.mei,
        people.shop_id,
        [said("人呢", 2, minutes=30), said("亲，客服稍后回复您", 3, Who.BOT, 30.1, name="机器人")],
        NOW + timedelta(minutes=31),
    )

    assert thread(ordered, people, thread_no).snoozed_until is None


def test_a_talk_that_was_put_off_is_taken_up_by_a_message_of_the_same_minute(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货")).thread_no
    snooze(ordered, people.mei, people.shop_id, thread_no, NOW + timedelta(hours=20), NOW + timedelta(seconds=20))

    taken(ordered, people, said("急", 2), NOW + timedelta(seconds=40))

    assert thread(ordered, people, thread_no).snoozed_until is None


def test_what_comes_in_late_was_not_settled_by_somebody_who_could_not_see_it(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("好的谢谢")).thread_no
    settle(ordered, people.mei, people.shop_id, thread_no, NOW)

    taken(ordered, people, said("那个，什么时候发", 2, minutes=1), NOW + timedelta(minutes=3))

    assert thread(ordered, people, thread_no).waiting_since == NOW + timedelta(minutes=1)


def test_an_answer_of_the_same_minute_is_an_answer_to_each_of_many_buyers(ordered: House, people: Cast) -> None:
    for number in range(12):
        paste = f"买家{number}号 2026-03-01 15:30\n这款{number}有货吗\n客服小美 2026-03-01 15:30\n{number}有的\n"
        take_paste(ordered, people.mei, people.shop_id, paste, NOW)

    rate = reply_rate(ordered, people.mei, people.shop_id, Answer.THREE_MINUTES, NOW)

    assert (rate.asked, rate.failed) == (12, 0)


def test_a_message_on_its_way_while_a_rep_answered_still_waits_and_the_same_words_answer_it(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("掉色了")).thread_no
    first = answered(ordered, people.mei, people.shop_id, thread_no, "亲，您发张照片", NOW + timedelta(seconds=30))
    taken(ordered, people, said("[图片]", 2, minutes=0.45), NOW + timedelta(seconds=40))
    waits = thread(ordered, people, thread_no).waiting_since

    again = answered(ordered, people.mei, people.shop_id, thread_no, "亲，您发张照片", NOW + timedelta(seconds=50))

    assert waits == NOW + timedelta(seconds=27)
    assert (first.is_new, again.is_new) == (True, True)
    assert thread(ordered, people, thread_no).waiting_since is None


def imported(house: House, people: Cast, folder: Path, order: dict[str, str], minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    view = preview(house, people.lin, people.shop_id, [orders_csv(folder / f"orders{minutes}.csv", [order])], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)


def promised_about(house: House, people: Cast, order_no: str) -> list[tuple[str, str]]:
    """How the promises about an order stand, and their to-dos."""
    with house.pool.connection() as tx:
        todos = [each.state for each in deadlines.of_orders(tx, people.shop_id, [order_no]) if each.kind == DeadlineKind.KEEP_PROMISE]
        return list(zip([each.state for each in promises.of_order(tx, people.shop_id, order_no)], todos, strict=True))


def test_a_promise_given_before_its_order_came_in_is_kept_by_what_the_order_shows(house: House, people: Cast, tmp_path: Path) -> None:
    taken(house, people, said("什么时候发货", order_no=A))
    taken(house, people, said("今天18点前发出", 2, Who.REP, 1, order_no=A))
    imported(house, people, tmp_path, row(A), 10)
    know_named_orders(house, NOW + timedelta(minutes=10))
    known = promised_about(house, people, A)
    imported(house, people, tmp_path, shipped(A, "2026-03-01 17:00:00"), 70)

    assert (known, promised_about(house, people, A)) == ([("promise_open", "open")], [("promise_kept", "met")])


def test_what_was_promised_about_no_order_is_about_the_one_that_a_person_names_and_no_other(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货")).thread_no
    answered(ordered, people.mei, people.shop_id, thread_no, "今天18点前发出", NOW + timedelta(minutes=1))
    link_order(ordered, people.mei, people.shop_id, thread_no, A, NOW + timedelta(minutes=2))
    tell_orders(ordered, people.shop_id, NOW + timedelta(minutes=2))
    link_order(ordered, people.mei, people.shop_id, thread_no, B, NOW + timedelta(minutes=3))
    tell_orders(ordered, people.shop_id, NOW + timedelta(minutes=3))

    assert (promised_about(ordered, people, A), promised_about(ordered, people, B)) == ([("promise_open", "open")], [])


def test_history_that_the_tool_tells_of_another_order_is_kept_there_and_takes_the_talk_nowhere(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货", order_no=B)).thread_no
    older = taken(ordered, people, said("到哪了", 2, minutes=-60, order_no=A), NOW + timedelta(minutes=1))
    stands = thread(ordered, people, thread_no).order_no
    newer = taken(ordered, people, said("那这个呢", 3, minutes=2, order_no=A))

    assert (older.order_no, stands, newer.order_no, thread(ordered, people, thread_no).order_no) == (A, B, A, A)
    with ordered.pool.connection() as tx:
        assert [known.facts.text for known in around.messages(tx, people.shop_id, [B])[B]] == ["什么时候发货"]


def test_of_messages_that_come_at_once_the_order_of_the_last_one_counts(ordered: House, people: Cast) -> None:
    together = [said("在吗"), said("什么时候发货", 2, minutes=5, order_no=B), said("到哪了", 3, minutes=2, order_no=A)]
    told = take_messages(ordered, people.mei, people.shop_id, together, NOW + timedelta(minutes=6))

    assert [each.order_no for each in told] == [None, B, A]
    assert thread(ordered, people, told[0].thread_no).order_no == B


def test_an_older_message_about_an_order_that_is_not_known_yet_takes_no_talk_over_once_it_is(ordered: House, people: Cast, tmp_path: Path) -> None:
    unknown = "260301-333333333333333"
    thread_no = taken(ordered, people, said("什么时候发货", order_no=B)).thread_no
    taken(ordered, people, said("到哪了", 2, minutes=-60, order_no=unknown), NOW + timedelta(minutes=1))
    imported(ordered, people, tmp_path, row(unknown), 10)
    know_named_orders(ordered, NOW + timedelta(minutes=10))

    assert thread(ordered, people, thread_no).order_no == B


@pytest.mark.parametrize(
    ("day", "named", "stands"),
    [("2026-02-22", None, B), ("2026-02-22", A, A), ("2026-03-01", None, A)],
    ids=["an old talk", "a person names it", "it goes on longer"],
)
def test_a_pasted_old_talk_takes_a_running_one_over_only_where_a_person_says_so(ordered: House, people: Cast, day: str, named: str | None, stands: str) -> None:
    thread_no = taken(ordered, people, said("什么时候发货", order_no=B)).thread_no
    paste = f"快乐的鱼 {day} 16:01\n订单 {A} 收到了吗\n客服小美 {day} 16:02\n收到了\n"
    pasted = take_paste(ordered, people.mei, people.shop_id, paste, NOW + timedelta(minutes=5), order_no=named)

    assert (pasted.thread_no, pasted.order_no, thread(ordered, people, thread_no).order_no) == (thread_no, A, stands)


def test_what_was_kept_as_sent_is_the_message_that_a_paste_brings_later(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("什么时候发货", order_no=A)).thread_no
    here = answered(ordered, people.mei, people.shop_id, thread_no, "今天20点前给您发出", NOW + timedelta(minutes=3, seconds=5))
    pasted = take_paste(ordered, people.mei, people.shop_id, PASTE, NOW + timedelta(hours=2), order_no=A)

    rows = messages_of(ordered, people.mei, people.shop_id, thread_no)
    assert (pasted.thread_no, pasted.promise_nos, len(here.promise_nos)) == (thread_no, (), 1)
    assert [row.said for row in rows] == ["什么时候发货", "今天20点前给您发出"]
    with ordered.pool.connection() as tx:
        assert [known.facts.text for known in around.messages(tx, people.shop_id, [A])[A]] == ["什么时候发货", "今天20点前给您发出"]


def test_of_the_same_words_in_a_paste_the_nearest_are_those_that_were_kept_as_sent(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    taken(ordered, people, said("人呢", 2, minutes=5))
    here = answered(ordered, people.mei, people.shop_id, thread_no, "在的", NOW + timedelta(minutes=7, seconds=20))
    paste = "快乐的鱼 2026-03-01 16:00\n在吗\n客服小美 2026-03-01 16:01\n在的\n快乐的鱼 2026-03-01 16:05\n人呢\n客服小美 2026-03-01 16:06\n在的\n"
    take_paste(ordered, people.mei, people.shop_id, paste, NOW + timedelta(hours=2))

    rows = messages_of(ordered, people.mei, people.shop_id, thread_no)
    assert [row.said for row in rows] == ["在吗", "在的", "人呢", "在的"]
    assert [row.key == here.message_key for row in rows] == [False, False, False, True]


def test_the_same_words_in_a_paste_after_the_buyer_wrote_again_are_another_answer(ordered: House, people: Cast) -> None:
    thread_no = taken(ordered, people, said("在吗")).thread_no
    answered(ordered, people.mei, people.shop_id, thread_no, "在的", NOW + timedelta(minutes=1))
    taken(ordered, people, said("人呢", 2, minutes=5))
    take_paste(ordered, people.mei, people.shop_id, "快乐的鱼 2026-03-01 16:05\n人呢\n客服小美 2026-03-01 16:06\n在的\n", NOW + timedelta(hours=2))

    assert [row.said for row in messages_of(ordered, people.mei, people.shop_id, thread_no)] == ["在吗", "在的", "人呢", "在的"]
    assert thread(ordered, people, thread_no).waiting_since is None
