"""What changed after a notice was let go, or sent, is not overlooked: another number on the parcel, goods that left before the money was asked for."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import row, shipped
from tests.actions.notices.test_notices import DELAYED, FORMED, HOUR, NOW, PRINTED, A, B, asked, brought, promised, queue, said_in
from tests.cast import Cast
from zhanggui.actions.cases.guiding import order_steps
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.handing import answer_failed, take_back_answer
from zhanggui.actions.house import House
from zhanggui.actions.notices.money import wants_money
from zhanggui.actions.notices.releasing import release, sent
from zhanggui.actions.notices.seeing import decided, seen_of_order, waiting
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import settle
from zhanggui.core.chats.shapes import Who
from zhanggui.core.notices.steps import NoticeState
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import threads


@pytest.fixture
def formed(house: House, people: Cast, tmp_path: Path) -> House:
    brought(house, people, tmp_path, [row(A), row(B)])
    return house


def test_goods_that_left_meanwhile_are_not_paid_back_because_of_the_notice(formed: House, people: Cast, tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 3, tzinfo=UTC)
    settle(formed, [people.shop_id], late)
    release(formed, people.mei, people.shop_id, DELAYED, [A], late)
    sent(formed, people.mei, people.shop_id, DELAYED, A, late)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-03 18:00:00")], late + 8 * HOUR)
    asked(formed, people, tmp_path, A, late + 24 * HOUR)

    with pytest.raises(Refused) as refused:
        wants_money(formed, people.mei, people.shop_id, A, late + 25 * HOUR)

    assert "left" in refused.value.say.text
    assert not order_steps(formed, people.mei, people.shop_id, A)


def test_a_number_that_was_changed_is_not_told_as_it_was(formed: House, people: Cast, tmp_path: Path) -> None:
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:00:00")], NOW + 2 * HOUR)
    release(formed, people.mei, people.shop_id, PRINTED, [A], NOW + 2 * HOUR)
    (told,) = waiting(formed, people.mei, people.shop_id, NOW + 2 * HOUR)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:00:00") | {"快递单号": "YT2222222222222"}], NOW + 2.1 * HOUR)

    left = waiting(formed, people.mei, people.shop_id, NOW + 2.1 * HOUR)

    assert "YT1111111111" in told.said
    assert left == ()
    assert A in queue(formed, people, NOW + 2.1 * HOUR)["notice_printed"]


def test_what_a_person_has_sent_before_they_heard_of_the_change_was_read_all_the_same(formed: House, people: Cast, tmp_path: Path) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    (told,) = waiting(formed, people.mei, people.shop_id, NOW)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 12:05:00")], NOW + HOUR / 2)

    kept = sent(formed, people.mei, people.shop_id, FORMED, A, NOW + HOUR / 2)

    (row,) = decided(formed, people.mei, people.shop_id, NoticeState.SENT).rows
    assert (kept.state, row.because and row.because.text) == ("notice_sent", "It has shipped meanwhile.")
    assert said_in(formed, people.mei, people.shop_id, A) == [told.said]
    assert promised(formed, people.shop_id, A), "what it promises was promised"


def test_words_that_came_up_anew_are_not_kept_as_those_that_were_sent(formed: House, people: Cast) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    (shown,) = waiting(formed, people.mei, people.shop_id, NOW)
    assert waiting(formed, people.mei, people.shop_id, NOW + 3 * HOUR) == (), "its hour has passed"
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW + 3 * HOUR)

    with pytest.raises(Refused, match="other words"):
        sent(formed, people.mei, people.shop_id, FORMED, A, NOW + 3 * HOUR, said=shown.said)

    assert said_in(formed, people.mei, people.shop_id, A) == []
    (anew,) = waiting(formed, people.mei, people.shop_id, NOW + 3 * HOUR)
    assert sent(formed, people.mei, people.shop_id, FORMED, A, NOW + 3 * HOUR, said=f" {anew.said}\r\n").state == "notice_sent"


def test_a_tool_gets_nothing_that_does_not_hold_any_more(formed: House, people: Cast, tmp_path: Path) -> None:
    asked_by_tool = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼", order_no=A, at=NOW)
    take_message(formed, people.mei, people.shop_id, asked_by_tool, NOW)
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 12:05:00")], NOW + HOUR / 2)

    with pytest.raises(Refused) as refused:
        sent(formed, people.mei, people.shop_id, FORMED, A, NOW + HOUR / 2, by_bridge=True)

    assert refused.value.say.text == "It has shipped meanwhile."
    assert [each.state for each in seen_of_order(formed, people.mei, people.shop_id, A)] == ["notice_ceased"]
    assert said_in(formed, people.mei, people.shop_id, A) == ["在吗"]


@pytest.mark.parametrize("not_sent", [take_back_answer, answer_failed])
def test_what_the_tool_did_not_send_was_told_to_nobody(not_sent: Callable[[House, Person, ShopId, str, datetime], None], formed: House, people: Cast) -> None:
    asked_by_tool = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼", order_no=A, at=NOW)
    thread_no = take_message(formed, people.mei, people.shop_id, asked_by_tool, NOW).thread_no
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    sent(formed, people.mei, people.shop_id, FORMED, A, NOW, by_bridge=True)
    with formed.pool.connection() as tx:
        (row,) = threads.sending_of(tx, people.shop_id, thread_no)

    not_sent(formed, people.mei, people.shop_id, row.key, NOW)

    assert [each.state for each in seen_of_order(formed, people.mei, people.shop_id, A)] == ["notice_ceased"]
    assert A in queue(formed, people)["notice_formed"]
