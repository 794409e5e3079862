"""Calm conversations are graded, again when more is said; who leads the shop sees everybody, others themselves; a shift is replayed from them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.files import orders_csv, row
from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.handing import answer_failed, release
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.own_account import rename_self
from zhanggui.actions.quality.grading import grade_shop, grade_talks
from zhanggui.actions.quality.seeing import QualitySeen, quality_seen
from zhanggui.actions.quality.staffing import measured, shift_seen, waits_in
from zhanggui.core.chats.shapes import Who
from zhanggui.core.grading import FaultKind
from zhanggui.people.permissions import NotAllowed, Role

A = "260301-111111111111111"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""
LATER = NOW + timedelta(hours=2)


def told(house: House, people: Cast, talk: str, *lines: tuple[float, str, str], order_no: str | None = None) -> int:
    """A talk told message by message: after how many minutes, who, what."""
    thread_no = 0
    for place, (minutes, who, text) in enumerate(lines):
        at = NOW + timedelta(minutes=minutes)
        name = "快乐的鱼" if who == "buyer" else who
        incoming = Incoming(
            message_id=f"{talk}-{place}", external_id=talk, who=Who.BUYER if who == "buyer" else Who.REP, name=name, said=text, at=at, order_no=order_no
        )
        thread_no = take_message(house, people.mei, people.shop_id, incoming, at).thread_no
    return thread_no


def seen(house: House, people: Cast, kind: str = "") -> QualitySeen:
    return quality_seen(house, people.lin, people.shop_id, LATER, days=7, kind=kind)


@pytest.fixture
def talked(house: House, people: Cast) -> House:
    told(house, people, "c1", (0, "buyer", "快递三天没动了"), (1, "小美", "物流的事不归我们管"), (2, "buyer", "好吧"))
    told(house, people, "c2", (0, "buyer", "能机洗吗"), (9, "小王", "可以机洗的，建议套洗衣袋"))
    grade_talks(house, LATER)
    return house


def test_it_grades_by_person_with_how_many(talked: House, people: Cast) -> None:
    page = seen(talked, people)

    assert [(each.rep, each.talks, each.answers, each.left, dict(each.kinds)) for each in page.reps] == [
        ("小王", 1, 1, 92.0, {FaultKind.LATE: 1}),
        ("小美", 1, 1, 85.0, {FaultKind.PASSED_BUCK: 1}),
    ]
    assert (page.talks, page.left) == (2, 88.5)


def test_it_shows_the_words_that_decided_and_what_is_better(talked: House, people: Cast) -> None:
    (shown,) = seen(talked, people, kind="passed_buck").faults

    assert (shown.fault.words, shown.fault.rep, shown.fault.shown) == ("不归我们", "小美", "快**鱼")
    assert shown.because.text == "The buyer is sent on to somebody else."
    assert shown.good.startswith("这件事交给我")


def test_a_question_of_the_evening_is_answered_by_whoever_answers_it_after_midnight(house: House, people: Cast) -> None:
    evening, midnight = 418, 490  # 22:58, and 00:10 of the next day
    begun = ((evening - 2, "buyer", "能机洗吗"), (evening - 1, "小美", "可以机洗的"), (evening, "buyer", "多久能到？"))
    told(house, people, "c1", *begun, (midnight, "小王", "后天到"))

    grade_talks(house, NOW + timedelta(hours=10))

    page = quality_seen(house, people.lin, people.shop_id, NOW + timedelta(hours=10), days=7, kind="late")
    assert [(each.fault.rep, each.because.text, each.because.slots) for each in page.faults] == [("小王", "Answered after {minutes} min.", {"minutes": 72})]


def test_an_answer_that_was_never_sent_is_nobodys_answer(house: House, people: Cast) -> None:
    thread_no = told(house, people, "c1", (0, "buyer", "能机洗吗"))
    key = release(house, people.mei, people.shop_id, thread_no, "滚，爱买不买", NOW + timedelta(minutes=1)).message_key
    answer_failed(house, people.mei, people.shop_id, key, NOW + timedelta(minutes=2))

    grade_talks(house, LATER)

    assert [(each.fault.kind, each.because.text) for each in seen(house, people).faults] == [("late", "Nobody answered.")]


def test_a_paste_that_is_undone_takes_its_grades_along(house: House, people: Cast) -> None:
    paste = "快乐的鱼 2026-03-01 15:00:00\n快递三天没动了\n客服小美 2026-03-01 15:01:00\n物流的事不归我们管\n"
    taken = take_paste(house, people.mei, people.shop_id, paste, NOW)
    told(house, people, "c1", (1, "buyer", "能机洗吗"), (2, "小美", "可以机洗的，建议套洗衣袋"))
    grade_talks(house, LATER)
    before = [each.fault.kind for each in seen(house, people).faults]

    undo(house, people.lin, people.shop_id, taken.batch_id, LATER)
    grade_talks(house, LATER)

    page = seen(house, people)
    assert before == ["passed_buck"]
    assert (page.faults, [(each.rep, each.answers) for each in page.reps]) == ((), [("小美", 1)])


def test_a_rep_sees_only_what_bears_the_own_name(talked: House, people: Cast) -> None:
    page = quality_seen(talked, people.mei, people.shop_id, LATER, rep="小王")

    assert [each.rep for each in page.reps] == ["小美"]
    assert {each.fault.rep for each in page.faults} == {"小美"}
    with pytest.raises(NotAllowed):
        quality_seen(talked, people.zheng, people.shop_id, LATER)


def test_whoever_takes_a_colleague_s_name_sees_none_of_their_grades(talked: House, people: Cast) -> None:
    rename_self(talked, people.zhou, people.mei.display_name, LATER)
    named = msgspec.structs.replace(people.zhou, display_name=people.mei.display_name, roles={people.shop_id: Role.REP})

    page = quality_seen(talked, named, people.shop_id, LATER)

    assert (page.reps, page.faults, seen(talked, people).talks) == ((), (), 2)


def test_a_talk_that_goes_on_is_not_graded_yet(house: House, people: Cast) -> None:
    told(house, people, "c1", (0, "buyer", "在吗"))

    graded = [grade_shop(house, people.shop_id, NOW + timedelta(minutes=minutes)) for minutes in (5, 40, 45)]

    assert graded == [0, 0, 1]


def test_it_grades_again_once_more_is_said_and_nothing_twice(talked: House, people: Cast) -> None:
    assert grade_shop(talked, people.shop_id, LATER) == 0
    told(talked, people, "c1", (0, "buyer", "快递三天没动了"), (1, "小美", "物流的事不归我们管"), (2, "buyer", "好吧"), (20, "小美", "爱买不买"))

    assert grade_shop(talked, people.shop_id, LATER) == 1
    assert {each.rep: dict(each.kinds) for each in seen(talked, people).reps}["小美"] == {FaultKind.PASSED_BUCK: 1, FaultKind.RUDE: 1}


@pytest.mark.parametrize("way", ["paste", "tool"])
def test_it_grades_again_once_an_earlier_answer_comes_in_late(house: House, people: Cast, way: str) -> None:
    told(house, people, "c1", (0, "buyer", "能机洗吗"), (10, "buyer", "好的谢谢"))
    grade_talks(house, LATER)
    before = [each.because.text for each in seen(house, people).faults]
    if way == "paste":
        lines = ("快乐的鱼 2026-03-01 16:00", "能机洗吗", "客服小美 2026-03-01 16:02", "可以机洗的，建议套洗衣袋", "快乐的鱼 2026-03-01 16:10", "好的谢谢")
        take_paste(house, people.mei, people.shop_id, "\n".join(lines), LATER)
    else:
        at = NOW + timedelta(minutes=2)
        answer = Incoming(message_id="late", external_id="c1", who=Who.REP, name="小美", said="可以机洗的，建议套洗衣袋", at=at)
        take_message(house, people.mei, people.shop_id, answer, LATER)

    graded = [grade_shop(house, people.shop_id, LATER) for _ in range(2)]

    page = seen(house, people)
    assert (before, graded) == (["Nobody answered."], [1, 0])
    assert (page.faults, [(each.rep, each.answers) for each in page.reps]) == ((), [("小美", 1)])


@pytest.mark.parametrize("minutes", [-60, 2, 30])
def test_what_is_said_is_not_held_against_an_order_of_which_the_half_hour_to_do_it_is_not_known(
    house: House, people: Cast, tmp_path: Path, minutes: int
) -> None:
    at = NOW + timedelta(minutes=minutes)
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(A)])], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    told(house, people, "c1", (0, "buyer", "发货了吗"), (1, "小美", "已经给您发货了哦"), order_no=A)

    grade_talks(house, LATER)

    assert seen(house, people).faults == ()


def test_what_is_said_is_held_against_the_order(house: House, people: Cast, tmp_path: Path) -> None:
    at = NOW + timedelta(minutes=31)
    view = preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(A)])], at, as_of=at)
    confirm(house, people.lin, people.shop_id, view.batch_id, at)
    told(house, people, "c1", (0, "buyer", "发货了吗"), (1, "小美", "已经给您发货了哦"), order_no=A)

    grade_talks(house, LATER)

    (shown,) = seen(house, people).faults
    assert (shown.fault.kind, shown.because.text, shown.fault.order_no) == ("contradicted", "The order had not been shipped.", A)


def test_it_pages_through_the_faults(talked: House, people: Cast) -> None:
    first = quality_seen(talked, people.lin, people.shop_id, LATER, limit=1)
    rest = quality_seen(talked, people.lin, people.shop_id, LATER, limit=1, cursor=first.next_cursor)

    assert {each.fault.kind for each in (*first.faults, *rest.faults)} == {"passed_buck", "late"}
    assert rest.next_cursor is None


def test_a_shift_is_replayed_from_what_was_said(talked: House, people: Cast) -> None:
    shift = shift_seen(talked, people.lin, people.shop_id, LATER, days=7, reps=dict.fromkeys(range(24), 1), seconds=60)

    assert [(hour.hour, hour.was.waits, hour.was.in_time, hour.then.in_time, hour.needs) for hour in shift.hours] == [(16, 3, 1, 3, 1)]
    assert (shift.was.days, shift.was.days_in_time, shift.then.days_in_time, shift.measured) == (2, 0, 2, None)


def test_a_wait_begins_with_the_first_message_and_ends_with_a_person() -> None:
    at = [NOW + timedelta(minutes=minutes) for minutes in range(5)]
    waits = waits_in([("1", "buyer", at[0]), ("1", "buyer", at[1]), ("1", "rep", at[2]), ("1", "rep", at[3]), ("2", "buyer", at[4])])

    assert [(wait.buyer, wait.at, wait.took) for wait in waits] == [("1", at[0], timedelta(minutes=2)), ("2", at[4], None)]


# how many people answered in turn, each of them a buyer every so many seconds; whether the buyers waited by then; what is measured
@pytest.mark.parametrize(("people", "every", "waits", "seconds"), [(1, 90, True, 90), (3, 30, True, 90), (3, 30, False, None), (0, 30, True, None)])
def test_how_long_an_answer_takes_is_the_pace_of_one_person_and_only_while_buyers_wait(people: int, every: int, waits: bool, seconds: int | None) -> None:
    told_by = [
        line
        for turn in range(75)
        for answered_at in [NOW + timedelta(seconds=every * turn)]
        for line in (
            (str(turn), "buyer", NOW - timedelta(minutes=1) if waits else answered_at - timedelta(seconds=5), ""),
            (str(turn), "rep", answered_at, f"客服{turn % people}" if people else ""),
        )
    ]

    assert measured(told_by) == seconds


def test_the_pace_is_measured_by_the_names_under_which_people_wrote(house: House, people: Cast) -> None:
    for turn in range(63):
        told(house, people, f"c{turn}", (0, "buyer", "在吗"), (1 + turn / 2, f"客服{turn % 3}", "在的"))

    assert shift_seen(house, people.lin, people.shop_id, LATER, days=7).measured == 90
