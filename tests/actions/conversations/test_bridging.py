"""Messages of a service tool come in once, masked, into the buyer's thread; who waits is known at once, and the order learns of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row
from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, Taken, answered, take_message, take_messages
from zhanggui.actions.conversations.threading import assign, link_order, messages_of, settle, snooze, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.shapes import Who
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.records import around, deadlines
from zhanggui.records.threads import ThreadRecord

A, B = "260301-111111111111111", "260301-222222222222222"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""


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
