"""A pasted conversation is taken in once, its promises become to-dos that the facts settle, and undoing it takes all of it back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions.conversations.saying import say_of_promise
from zhanggui.actions.conversations.seeing import promise_ledger
from zhanggui.actions.conversations.taking import Taken, take_paste
from zhanggui.actions.conversations.threading import messages_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, SubjectKind
from zhanggui.core.decide import verdict
from zhanggui.core.promises.keeping import PromiseSaid
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import conversations, deadlines, journal, locks
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook import load, scripts

A = "260301-111111111111111"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASTE = f"""
快乐的鱼 2026-03-01 15:30:00
{A} 什么时候发，我电话13812345678
客服小美 2026-03-01 15:32:00
亲，今天20点前给您发出，明天上午给您退差价
"""


@pytest.fixture
def ordered(house: House, people: Cast, tmp_path: Path) -> House:
    imported(house, people, tmp_path, row(A), NOW - timedelta(hours=1))
    return house


def imported(house: House, people: Cast, folder: Path, order: dict[str, str], now: datetime) -> None:
    view = preview(house, people.lin, people.shop_id, [orders_csv(folder / f"orders{now:%d%H%M}.csv", [order])], now, as_of=now)
    confirm(house, people.lin, people.shop_id, view.batch_id, now)


def taken(house: House, people: Cast, text: str = PASTE, now: datetime = NOW) -> Taken:
    return take_paste(house, people.mei, people.shop_id, text, now)


def todos(house: House, people: Cast, kind: DeadlineKind = DeadlineKind.KEEP_PROMISE) -> list[StoredDeadline]:
    with house.pool.connection() as tx:
        found = deadlines.of_orders(tx, people.shop_id, [A])
    return sorted((each for each in found if each.kind == kind), key=lambda each: each.due_at)


def stands(house: House, people: Cast, now: datetime = NOW) -> list[tuple[str, str, str]]:
    return [(each.kind, each.exactness, each.state) for each in reversed(promise_ledger(house, people.lin, people.shop_id, now).rows)]


def test_it_keeps_the_messages_masked_and_the_promises_with_their_hours(ordered: House, people: Cast) -> None:
    told = taken(ordered, people)

    with ordered.pool.connection() as tx:
        rows = conversations.messages_of(tx, people.shop_id, told.conversation_no)
    assert [(each.who, each.name, each.said, each.order_no) for each in rows] == [
        ("buyer", "快**鱼", f"{A} 什么时候发，我电话138****5678", A),
        ("rep", "小美", "亲，今天20点前给您发出，明天上午给您退差价", A),
    ]
    assert stands(ordered, people) == [("ship", "exact", "promise_open"), ("pay", "part_of_day", "promise_open")]
    assert [(each.state, each.due_at) for each in todos(ordered, people)] == [("open", DUE), ("open", datetime(2026, 3, 2, 4, tzinfo=UTC))]


def test_the_same_paste_again_changes_nothing(ordered: House, people: Cast) -> None:
    first = taken(ordered, people)

    again = taken(ordered, people, now=NOW + timedelta(minutes=5))

    assert (again.is_new, again.conversation_no, again.promise_nos) == (False, first.conversation_no, ())
    assert len(stands(ordered, people)) == 2


def test_the_same_words_on_another_day_are_another_conversation(ordered: House, people: Cast) -> None:
    taken(ordered, people, "买家 昨天 10:32\n在吗\n")

    later = taken(ordered, people, "买家 昨天 10:32\n在吗\n", NOW + timedelta(days=1))

    assert later.is_new


def test_a_longer_paste_brings_only_what_is_new(ordered: House, people: Cast) -> None:
    taken(ordered, people)

    longer = taken(ordered, people, f"{PASTE}客服小美 2026-03-01 15:40:00\n17点前给您单号\n")

    assert (longer.is_new, len(longer.promise_nos)) == (True, 1)
    assert stands(ordered, people)[2:] == [("reply", "exact", "promise_open")]


def test_messages_that_several_pastes_hold_take_the_place_of_no_older_ones(ordered: House, people: Cast) -> None:
    lines = [f"{'客服小美' if minute % 2 else '快乐的鱼'} 2026-03-01 15:{minute}:00\n第{minute}句话\n" for minute in range(10, 40)]
    (thread_no,) = {taken(ordered, people, "".join(lines[:many])).thread_no for many in (28, 29, 30)}

    rows = messages_of(ordered, people.mei, people.shop_id, thread_no, 20)

    assert [row.said for row in rows] == [f"第{minute}句话" for minute in range(20, 40)]


def test_shipping_in_time_keeps_the_promise(ordered: House, people: Cast, tmp_path: Path) -> None:
    taken(ordered, people)

    imported(ordered, people, tmp_path, shipped(A) | {"发货时间": "2026-03-01 18:00:00"}, NOW + timedelta(hours=3))

    assert stands(ordered, people) == [("ship", "exact", "promise_kept"), ("pay", "part_of_day", "promise_open")]
    assert [each.state for each in todos(ordered, people)] == ["met", "open"]


def test_shipping_too_late_is_told_as_late(ordered: House, people: Cast, tmp_path: Path) -> None:
    taken(ordered, people)

    imported(ordered, people, tmp_path, shipped(A) | {"发货时间": "2026-03-01 21:00:00"}, NOW + timedelta(hours=6))

    assert stands(ordered, people)[0] == ("ship", "exact", "promise_late")
    assert todos(ordered, people)[0].state == "missed"


def test_each_rep_is_counted(ordered: House, people: Cast, tmp_path: Path) -> None:
    taken(ordered, people)
    imported(ordered, people, tmp_path, shipped(A) | {"发货时间": "2026-03-01 18:00:00"}, NOW + timedelta(hours=3))

    (rep,) = promise_ledger(ordered, people.lin, people.shop_id, NOW + timedelta(days=1)).reps

    assert (rep.rep, rep.given, rep.exact, rep.kept, rep.late, rep.broken, rep.overdue) == ("小美", 2, 1, 1, 0, 0, 1)


def test_a_rep_sees_counts_of_their_own_promises_alone(ordered: House, people: Cast) -> None:
    taken(ordered, people)
    with ordered.pool.connection() as tx:
        tx.execute("update promises set rep = '别人' where kind = 'pay' and shop_id = %s", (people.shop_id,))

    own, all_of_them = (promise_ledger(ordered, by, people.shop_id, NOW) for by in (people.mei, people.lin))

    assert ([each.rep for each in own.reps], own.sees_all) == (["小美"], False)
    assert ([each.rep for each in all_of_them.reps], all_of_them.sees_all) == (["别人", "小美"], True)
    assert len(own.rows) == 2


def test_what_a_person_says_of_a_promise_goes_first_and_can_be_taken_back(ordered: House, people: Cast) -> None:
    told = taken(ordered, people)

    say_of_promise(ordered, people.mei, people.shop_id, told.promise_nos[1], PromiseSaid.KEPT, NOW)
    kept = stands(ordered, people)[1]
    say_of_promise(ordered, people.mei, people.shop_id, told.promise_nos[1], PromiseSaid.NOTHING, NOW)

    assert (kept[2], stands(ordered, people)[1][2]) == ("promise_kept", "promise_open")


def test_undoing_takes_messages_promises_and_to_dos_back(ordered: House, people: Cast) -> None:
    told = taken(ordered, people)

    undo(ordered, people.lin, people.shop_id, told.batch_id, NOW)

    assert (stands(ordered, people), todos(ordered, people), todos(ordered, people, DeadlineKind.REPLY_BUYER)) == ([], [], [])
    assert taken(ordered, people).is_new


def test_undoing_leaves_what_another_paste_still_tells(ordered: House, people: Cast) -> None:
    first = taken(ordered, people)
    taken(ordered, people, f"{PASTE}快乐的鱼 2026-03-01 15:41:00\n好\n")

    undo(ordered, people.lin, people.shop_id, first.batch_id, NOW)

    assert stands(ordered, people) == [("ship", "exact", "promise_open"), ("pay", "part_of_day", "promise_open")]
    assert len(todos(ordered, people)) == 2


def test_an_answered_buyer_does_not_wait_and_an_unanswered_one_does(ordered: House, people: Cast) -> None:
    taken(ordered, people)
    answered = todos(ordered, people, DeadlineKind.REPLY_BUYER)

    taken(ordered, people, f"{PASTE}快乐的鱼 2026-03-01 15:55:00\n到底发不发\n")

    assert [each.state for each in answered] == ["met"]
    assert [(each.state, each.due_at) for each in todos(ordered, people, DeadlineKind.REPLY_BUYER)] == [("open", datetime(2026, 3, 1, 7, 58, tzinfo=UTC))]


def test_today_shows_the_promise_with_who_gave_it(ordered: House, people: Cast) -> None:
    taken(ordered, people)

    with ordered.pool.connection() as tx:
        known = orders_known(tx, people.shop_id, [A])[A]
        row = todos(ordered, people)[0]
        judged = verdict(row.deadline(), order=known, case=None, messages=(), review=None, now=DUE + timedelta(hours=1), rulebook=load(), scripts=scripts())

    assert judged.act is Act.KEEP_PROMISE
    assert judged.because[0] == say("{rep} promised the buyer: {words}", rep="小美", words="今天20点前给您发")
    assert judged.message is not None
    assert judged.message.script == "promise_late"


def test_the_journal_tells_of_it_without_anybodys_words(ordered: House, people: Cast, tmp_path: Path) -> None:
    taken(ordered, people)
    imported(ordered, people, tmp_path, shipped(A) | {"发货时间": "2026-03-01 18:00:00"}, NOW + timedelta(hours=3))

    with ordered.pool.connection() as tx:
        told = [row for row in journal.of_subject(tx, people.shop_id, SubjectKind.ORDER.value, A, 50) if row.kind in {"conversation_taken", "promise_moved"}]

    assert [(row.kind, "发" in row.data, "20点" in row.data) for row in told] == [("promise_moved", False, False), ("conversation_taken", False, False)]


def test_a_promise_long_over_is_history_and_no_to_do(ordered: House, people: Cast) -> None:
    taken(ordered, people, now=NOW + timedelta(days=5))

    assert (len(stands(ordered, people)), todos(ordered, people)) == (2, [])


def test_it_refuses_what_it_cannot_read_and_orders_it_does_not_know(ordered: House, people: Cast) -> None:
    with pytest.raises(Refused):
        taken(ordered, people, "在吗")
    with pytest.raises(Refused):
        take_paste(ordered, people.mei, people.shop_id, PASTE, NOW, order_no="260301-222222222222222")

    assert stands(ordered, people) == []


def test_the_warehouse_and_strangers_may_not_paste(ordered: House, people: Cast) -> None:
    for nobody in (people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            take_paste(ordered, nobody, people.shop_id, PASTE, NOW)

    assert stands(ordered, people) == []


def test_nobody_waits_while_a_paste_is_read(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        locks.hold_shop(tx, people.shop_id)
        with pytest.raises(Refused, match="No message"):
            taken(house, people, "xyz")


def test_an_answer_of_the_very_minute_answers_whatever_the_messages_are_called(ordered: House, people: Cast) -> None:
    for number in range(4):
        text = f"快乐的鱼 2026-03-01 15:3{number}\n在吗{number}\n客服小美 2026-03-01 15:3{number}\n在的{number}"
        take_paste(ordered, people.mei, people.shop_id, text, NOW, order_no=A)

        assert [each.state for each in todos(ordered, people, DeadlineKind.REPLY_BUYER)] == ["met"]
