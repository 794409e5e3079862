"""What buyers are told is found in the facts, let go by a person, sent once, and ceases when the facts change."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.cases.guiding import order_steps
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.threading import messages_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.notices.finding import Queue, notices_of
from zhanggui.actions.notices.money import AWAITED, wants_money
from zhanggui.actions.notices.releasing import release, sent, skip
from zhanggui.actions.notices.seeing import seen_of_order, waiting
from zhanggui.actions.refused import Refused
from zhanggui.actions.scans import paste_scans
from zhanggui.actions.today import settle
from zhanggui.core.cases.guided import StepKind
from zhanggui.core.chats.shapes import Who
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.people.permissions import NotAllowed, Person, ShopId
from zhanggui.records import deadlines, threads
from zhanggui.records import notices as records
from zhanggui.records.threads import ThreadRecord

FORMED, PRINTED, DELAYED, STALLED, DELIVERED, REVIEW = (
    NoticeStep.FORMED,
    NoticeStep.PRINTED,
    NoticeStep.DELAYED,
    NoticeStep.STALLED,
    NoticeStep.DELIVERED,
    NoticeStep.REVIEW,
)
A, B, C = (f"260301-{digit * 15}" for digit in "123")
NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
"""12:00 in Shanghai on 1 March, two hours after the groups formed; due 3 March 10:00."""
HOUR = timedelta(hours=1)


def brought(house: House, people: Cast, folder: Path, rows: list[Mapping[str, str]], now: datetime = NOW) -> None:
    file = orders_csv(folder / f"orders{now:%d%H%M}.csv", rows)
    view = preview(house, people.lin, people.shop_id, [file], now, as_of=now)
    confirm(house, people.lin, people.shop_id, view.batch_id, now)


@pytest.fixture
def formed(house: House, people: Cast, tmp_path: Path) -> House:
    brought(house, people, tmp_path, [row(A), row(B)])
    return house


def asked(house: House, people: Cast, folder: Path, order_no: str, now: datetime) -> None:
    """The buyer asks for the money in the order."""
    head = "售后编号,订单编号,售后状态,退款类型,退款原因,订单状态,交易金额,退款金额,申请时间,买家"
    file = folder / "cases.csv"
    told = f"8801,{order_no},待商家处理,仅退款,不想要了,未发货,29.90,29.90,{in_shanghai(now):%Y-%m-%d %H:%M:%S},王*"
    file.write_text(f"{head}\n{told}\n", encoding="utf-8")
    view = preview(house, people.lin, people.shop_id, [file], now, as_of=now)
    confirm(house, people.lin, people.shop_id, view.batch_id, now)


def told(queue: Queue) -> dict[str, list[str]]:
    return {batch.script: [due.notice.order_no for due in batch.due] for batch in queue.batches}


def queue(house: House, people: Cast, now: datetime = NOW, step: NoticeStep | None = None) -> dict[str, list[str]]:
    return told(notices_of(house, people.mei, people.shop_id, step, now))


def said_in(house: House, by: Person, shop_id: ShopId, order_no: str) -> list[str]:
    return [message.said for each in threads_of(house, shop_id, order_no) for message in messages_of(house, by, shop_id, each.thread_no)]


def threads_of(house: House, shop_id: ShopId, order_no: str) -> list[ThreadRecord]:
    with house.pool.connection() as tx:
        return [each for each in threads.latest(tx, shop_id, (NOW + timedelta(days=99), 2**62), 9) if each.order_no == order_no]


def promised(house: House, shop_id: ShopId, order_no: str) -> list[tuple[datetime, str]]:
    with house.pool.connection() as tx:
        rows = deadlines.of_orders(tx, shop_id, [order_no])
    return [(each.due_at, each.state) for each in rows if each.kind == DeadlineKind.KEEP_PROMISE]


def test_it_tells_of_groups_that_formed_with_an_hour_within_the_limit(formed: House, people: Cast) -> None:
    found = notices_of(formed, people.mei, people.shop_id, None, NOW)

    assert told(found) == {"notice_formed": [A, B]}
    due = found.batches[0].due[0]
    assert due.findings == ()
    assert due.notice.promise_at == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert "3月1日14点前从我们这里发出" in due.notice.draft.zh


def test_an_order_of_which_nothing_is_to_be_told_now_keeps_no_other_waiting(
    formed: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The money of the older one is asked for, so nobody will decide about its notice."""
    monkeypatch.setattr("zhanggui.actions.notices.finding.AT_ONCE", 1)
    asked(formed, people, tmp_path, A, NOW)

    found = notices_of(formed, people.mei, people.shop_id, FORMED, NOW)

    assert (told(found), found.is_more) == ({"notice_formed": [B]}, True)


def test_it_lets_them_go_once(formed: House, people: Cast) -> None:
    first = release(formed, people.mei, people.shop_id, FORMED, [A, B], NOW)
    again = release(formed, people.lin, people.shop_id, FORMED, [A], NOW)

    assert first.order_nos == (A, B)
    assert (again.order_nos, [no for no, _ in again.left]) == ((), [A])
    assert queue(formed, people) == {}
    assert [each.order_no for each in waiting(formed, people.mei, people.shop_id, NOW)] == [A, B]


def test_sent_it_is_a_message_of_the_rep_and_its_hour_a_deadline_that_shipping_meets(formed: House, people: Cast, tmp_path: Path) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)

    done = sent(formed, people.mei, people.shop_id, FORMED, A, NOW)

    assert (done.state, done.way, done.moved_by) == ("notice_sent", "copied", people.mei.person_id)
    assert said_in(formed, people.mei, people.shop_id, A) == [done.said]
    assert promised(formed, people.shop_id, A) == [(datetime(2026, 3, 1, 6, tzinfo=UTC), "open")]
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:30:00")], NOW + 2 * HOUR)
    assert promised(formed, people.shop_id, A) == [(datetime(2026, 3, 1, 6, tzinfo=UTC), "met")]


def test_said_twice_it_is_one_message(formed: House, people: Cast) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)

    sent(formed, people.mei, people.shop_id, FORMED, A, NOW)
    sent(formed, people.lin, people.shop_id, FORMED, A, NOW + HOUR)

    assert len(said_in(formed, people.mei, people.shop_id, A)) == 1


def test_it_ceases_when_the_order_ships_or_its_money_is_asked_for(formed: House, people: Cast, tmp_path: Path) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A, B], NOW)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 12:05:00"), row(B, 售后状态="退款中")], NOW + HOUR / 2)

    assert waiting(formed, people.mei, people.shop_id, NOW + HOUR / 2) == ()
    states = {each.order_no: each.state for no in (A, B) for each in seen_of_order(formed, people.mei, people.shop_id, no)}
    assert states == {A: "notice_ceased", B: "notice_ceased"}
    assert said_in(formed, people.mei, people.shop_id, A) == []


def test_what_ceased_comes_up_again_when_the_facts_change_back(formed: House, people: Cast, tmp_path: Path) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [B], NOW)
    brought(formed, people, tmp_path, [row(B, 售后状态="退款中")], NOW + HOUR / 4)
    assert waiting(formed, people.mei, people.shop_id, NOW + HOUR / 4) == ()

    brought(formed, people, tmp_path, [row(B)], NOW + HOUR / 2)

    assert queue(formed, people, NOW + HOUR / 2) == {"notice_formed": [A, B]}
    assert release(formed, people.mei, people.shop_id, FORMED, [B], NOW + HOUR / 2).order_nos == (B,)


def test_a_promise_that_can_no_more_be_kept_is_not_sent(formed: House, people: Cast) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)

    left = waiting(formed, people.mei, people.shop_id, NOW + 3 * HOUR)

    assert left == ()
    assert queue(formed, people, NOW + 3 * HOUR) == {"notice_formed": [A, B]}


def test_a_person_decides_that_a_buyer_is_not_told(formed: House, people: Cast) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)

    skipped = skip(formed, people.mei, people.shop_id, FORMED, [A, B], NOW)

    assert skipped == 2
    assert queue(formed, people) == {}
    assert waiting(formed, people.mei, people.shop_id, NOW) == ()
    with pytest.raises(Refused):
        sent(formed, people.mei, people.shop_id, FORMED, A, NOW)


def test_at_night_nothing_is_given_to_a_service_tool(formed: House, people: Cast) -> None:
    night = NOW + timedelta(hours=11)
    release(formed, people.mei, people.shop_id, FORMED, [A], night)

    with pytest.raises(Refused) as refused:
        sent(formed, people.mei, people.shop_id, FORMED, A, night, by_bridge=True)

    assert "night" in refused.value.say.text
    assert [each.state for each in seen_of_order(formed, people.mei, people.shop_id, A)] == ["notice_released"]


def test_the_bridge_is_given_it_as_an_answer_that_waits(formed: House, people: Cast) -> None:
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    with pytest.raises(Refused):
        sent(formed, people.mei, people.shop_id, FORMED, A, NOW, by_bridge=True)
    asked_by_tool = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼", order_no=A, at=NOW)
    take_message(formed, people.mei, people.shop_id, asked_by_tool, NOW)

    done = sent(formed, people.mei, people.shop_id, FORMED, A, NOW, by_bridge=True)

    assert done.way == "bridge"
    (thread,) = threads_of(formed, people.shop_id, A)
    assert thread.on_its_way == 1


def test_the_bridge_is_not_given_what_the_buyer_would_read_with_stars(formed: House, people: Cast) -> None:
    asked_by_tool = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼", order_no=A, at=NOW)
    take_message(formed, people.mei, people.shop_id, asked_by_tool, NOW)
    release(formed, people.mei, people.shop_id, FORMED, [A], NOW)
    with formed.pool.connection() as tx:
        tx.execute("update notices set said = '快件已到江苏省南京市江宁区东山街道上元大街128号营业部'")

    with pytest.raises(Refused) as refused:
        sent(formed, people.mei, people.shop_id, FORMED, A, NOW, by_bridge=True)

    assert "stars" in refused.value.say.text
    assert [each.state for each in seen_of_order(formed, people.mei, people.shop_id, A)] == ["notice_released"]
    assert sent(formed, people.mei, people.shop_id, FORMED, A, NOW).way == "copied"


def test_it_tells_of_the_number_once_it_is_uploaded(formed: House, people: Cast, tmp_path: Path) -> None:
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:00:00")], NOW + 2 * HOUR)

    found = queue(formed, people, NOW + 2 * HOUR)

    assert A in found["notice_printed"]
    assert found["notice_formed"] == [B]


def test_a_buyer_who_is_told_of_a_delay_and_wants_the_money_has_it_by_hand_within_minutes(formed: House, people: Cast, tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 3, tzinfo=UTC)
    settle(formed, [people.shop_id], late)
    assert queue(formed, people, late) == {"notice_delayed": [A, B]}
    release(formed, people.mei, people.shop_id, DELAYED, [A], late)
    sent(formed, people.mei, people.shop_id, DELAYED, A, late)

    first = wants_money(formed, people.mei, people.shop_id, A, late + HOUR)
    asked(formed, people, tmp_path, A, late + HOUR)
    second = wants_money(formed, people.mei, people.shop_id, A, late + 1.2 * HOUR)

    until = late + HOUR + timedelta(minutes=30)
    assert (first.because, first.money_by, first.step_no) == (AWAITED, until, None)
    assert first.message is not None
    assert "30分钟内处理好" in first.message.zh
    assert second.money_by == until
    (step,) = order_steps(formed, people.mei, people.shop_id, A)
    assert (step.step_no, step.kind, step.amount, step.due_at) == (second.step_no, StepKind.AGREE_REFUND, Fen(2990), until)
    assert step.due_rule == "house.refund_after_notice@2015-09-01"
    with pytest.raises(Refused):
        wants_money(formed, people.mei, people.shop_id, B, late)


def test_it_tells_of_a_parcel_that_stalls_and_of_one_that_is_there_and_asks_once_for_a_review(house: House, people: Cast, tmp_path: Path) -> None:
    brought(house, people, tmp_path, [shipped(A, at="2026-03-01 11:30:00"), shipped(B, at="2026-03-01 11:30:00")])
    paste_scans(house, people.lin, people.shop_id, A, "2026-03-01 13:00:00 【义乌网点】已揽收\n2026-03-02 08:00:00 【上海转运中心】已发出", NOW + 21 * HOUR)
    delivered = "2026-03-01 13:00:00 【义乌网点】已揽收\n2026-03-03 11:00:00 快件已签收"
    paste_scans(house, people.lin, people.shop_id, B, delivered, datetime(2026, 3, 3, 4, tzinfo=UTC))
    later = datetime(2026, 3, 4, 4, tzinfo=UTC)

    found = queue(house, people, later)

    assert found["notice_stalled"] == [A]
    assert found["notice_delivered"] == [B]
    assert found["notice_review"] == [B]
    release(house, people.mei, people.shop_id, REVIEW, [B], later)
    sent(house, people.mei, people.shop_id, REVIEW, B, later)
    assert "notice_review" not in queue(house, people, later + 24 * HOUR)


def test_strangers_see_and_release_nothing(formed: House, people: Cast) -> None:
    for stranger in (people.zheng,):
        with pytest.raises(NotAllowed):
            notices_of(formed, stranger, people.shop_id, None, NOW)
        with pytest.raises(NotAllowed):
            release(formed, stranger, people.shop_id, FORMED, [A], NOW)
    with pytest.raises(NotAllowed):
        release(formed, people.zhou, people.shop_id, FORMED, [A], NOW)
    with pytest.raises(NotAllowed):
        sent(formed, people.zhou, people.shop_id, FORMED, A, NOW)

    with formed.pool.connection() as tx:
        assert records.count(tx, people.shop_id, NoticeState.RELEASED) == 0
