"""The order's page tells everything known of it, each to those who may know it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.actions.files import ONE
from tests.cast import Cast
from zhanggui.actions import aftersales, importing, journal, notes, orders, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView, TodoItem
from zhanggui.core.deadlines import DeadlineKind, DeadlineState, Subject, SubjectKind
from zhanggui.core.decide.attention import quotes_buyer
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.people.permissions import MAY, Permission, Person, PersonId, Role, ShopId
from zhanggui.records.journal_entries import worded

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PARCEL = "YT8000000000001"
TOLD: tuple[dict[str, Any], ...] = (
    {"fact": "scan", "tracking_no": PARCEL, "at": "2026-03-01 21:00:00", "text": "已揽收", "stage": "picked_up"},
    {
        "fact": "aftersale", "case_no": "A1", "order_no": ONE, "kind": "refund_only", "state": "seller_to_answer", "applied_at": "2026-03-02 09:00:00",
        "shipped": True, "refund_amount": 2990,
    },
    {"fact": "message", "message_no": "m1", "order_no": ONE, "speaker": "buyer", "at": "2026-03-02 11:58:00", "text": "什么时候到"},
    {"fact": "review", "review_no": "r1", "order_no": ONE, "score": 1, "text": "太慢", "created_at": "2026-03-02 10:00:00"},
    {"fact": "payment", "order_no": ONE, "part_no": "1", "method": "alipay", "amount": 2990},
    {"fact": "bill_line", "line_no": "b1", "order_no": ONE, "happened_at": "2026-03-01 10:05:00", "income": 2990, "code": "0010002"},
    {"fact": "order_line", "order_no": ONE, "line_no": "1", "title": "坚果礼盒", "quantity": 1, "price": 2990},
    {
        "fact": "order", "order_no": ONE, "stage": "shipped", "group_formed_at": "2026-03-01 10:00:00", "ship_by": "2026-03-03 10:00:00",
        "shipped_at": "2026-03-01 20:00:00", "tracking_no": PARCEL, "carrier": "圆通快递", "pay_amount": 2990, "receive_amount": 2990,
    },
)  # fmt: skip


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """One order with a parcel, a case, a waiting buyer, a bad review, a payment and a line on the bill."""
    _tell(house, people, tmp_path, TOLD)
    return house


def test_it_tells_everything_known(shop: House, people: Cast) -> None:
    view = orders.order(shop, people.lin, people.shop_id, ONE, NOW)

    assert view is not None
    known = (len(view.lines), len(view.payments), len(view.cases), len(view.scans), len(view.reviews), len(view.messages), len(view.bill))
    assert known == (1, 1, 1, 1, 1, 1, 1)
    kinds = {item.deadline.kind for item in view.todos}
    assert {DeadlineKind.ANSWER_REFUND, DeadlineKind.REPLY_BUYER, DeadlineKind.ANSWER_REVIEW} <= kinds
    explained = {one.deadline.kind: one.deadline.state for one in view.explanations}
    assert explained[DeadlineKind.SHIP_BY] is DeadlineState.MET
    assert explained[DeadlineKind.PICKUP_BY] is DeadlineState.MET
    assert all(one.steps for one in view.explanations)


def test_what_is_stored_is_what_is_explained(shop: House, people: Cast) -> None:
    view = orders.order(shop, people.lin, people.shop_id, ONE, NOW)

    assert view is not None
    explained = {(one.deadline.subject, one.deadline.kind): one.deadline for one in view.explanations}
    assert view.todos
    assert all(explained[item.deadline.subject, item.deadline.kind] == item.deadline for item in view.todos)


@pytest.mark.parametrize("role", Role)
def test_the_bill_is_for_those_who_may_see_money(shop: House, people: Cast, role: Role) -> None:
    person = Person(person_id=PersonId(99), display_name="someone", roles={people.shop_id: role})

    view = orders.order(shop, person, people.shop_id, ONE, NOW)

    assert view is not None
    assert bool(view.bill) == (Permission.MONEY_READ in MAY[role])


@pytest.mark.parametrize("role", Role)
def test_what_the_buyer_wrote_is_for_those_who_may_read_conversations(shop: House, people: Cast, role: Role) -> None:
    person = Person(person_id=PersonId(99), display_name="someone", roles={people.shop_id: role})
    may_read = Permission.CONVERSATIONS_READ in MAY[role]

    view = orders.order(shop, person, people.shop_id, ONE, NOW)
    listed = today.todo(shop, person, people.shop_id, NOW, 20)

    assert view is not None
    assert bool(view.messages) == may_read
    assert _quotes((*view.todos, *listed), DeadlineKind.REPLY_BUYER) == [may_read, may_read]
    assert _quotes(view.todos, DeadlineKind.ANSWER_REVIEW) == [True]
    assert DeadlineKind.REPLY_BUYER in {one.deadline.kind for one in view.explanations}


def test_every_todo_carries_the_next_step_and_its_reasons(shop: House, people: Cast) -> None:
    todos = today.todo(shop, people.lin, people.shop_id, NOW, 20)

    assert len(todos) >= 3
    assert all(item.verdict.headline.text and item.verdict.because for item in todos)


def test_a_case_leads_to_its_order(shop: House, people: Cast) -> None:
    (listed,) = aftersales.cases(shop, people.lin, NOW, state=AftersaleState.SELLER_TO_ANSWER, kind=AftersaleKind.REFUND_ONLY).rows

    assert listed.deadline is not None
    assert (listed.case.order_no, listed.deadline.kind) == (ONE, DeadlineKind.ANSWER_REFUND)
    assert aftersales.cases(shop, people.lin, NOW, state=AftersaleState.CLOSED).rows == ()
    assert orders.find(shop, people.lin, "A1") == ((people.shop_id, "aftersale", "A1"),)
    assert [one.order.order_no for one in orders.orders(shop, people.lin, NOW, query="A1").rows] == [ONE]


def test_a_case_of_an_order_nobody_told_of_runs_all_the_same(house: House, people: Cast, tmp_path: Path) -> None:
    _tell(house, people, tmp_path, TOLD[1:2])
    assert _running(house, people, SubjectKind.AFTERSALE, "A1") == {DeadlineKind.ANSWER_REFUND}

    first = _tell(house, people, tmp_path, TOLD[7:])
    assert _running(house, people, SubjectKind.AFTERSALE, "A1") == {DeadlineKind.ANSWER_REFUND}

    importing.undo(house, people.lin, people.shop_id, first.batch_id, NOW)
    assert _running(house, people, SubjectKind.AFTERSALE, "A1") == {DeadlineKind.ANSWER_REFUND}


def test_an_answer_stops_the_clock_of_the_waiting_buyer(shop: House, people: Cast, tmp_path: Path) -> None:
    assert _running(shop, people, SubjectKind.CONVERSATION, ONE) == {DeadlineKind.REPLY_BUYER}
    answer = {"fact": "message", "message_no": "m2", "order_no": ONE, "speaker": "rep", "at": "2026-03-02 11:59:00", "text": "明天送到"}

    answered = _tell(shop, people, tmp_path, (answer,))
    assert _running(shop, people, SubjectKind.CONVERSATION, ONE) == set()

    importing.undo(shop, people.lin, people.shop_id, answered.batch_id, NOW)
    assert _running(shop, people, SubjectKind.CONVERSATION, ONE) == {DeadlineKind.REPLY_BUYER}


def test_a_note_stands_on_the_page_and_in_the_journal(shop: House, people: Cast) -> None:
    notes.add_note(shop, people.mei, people.shop_id, Subject(SubjectKind.ORDER, ONE), " called the branch ", NOW)

    view = orders.order(shop, people.lin, people.shop_id, ONE, NOW)
    assert view is not None
    assert [(note.text, note.made_by_name) for note in view.notes] == [("called the branch", "小美")]
    assert (view.journal[0].kind, view.journal[0].by_name) == ("note_added", "小美")
    with pytest.raises(Refused):
        notes.add_note(shop, people.mei, people.shop_id, Subject(SubjectKind.ORDER, ONE), "   ", NOW)


def test_the_journal_is_paged_newest_first(shop: House, people: Cast) -> None:
    for number in range(5):
        notes.add_note(shop, people.mei, people.shop_id, Subject(SubjectKind.ORDER, ONE), f"note {number}", NOW)

    first = journal.journal(shop, people.lin, [people.shop_id], limit=3)
    second = journal.journal(shop, people.lin, [people.shop_id], limit=3, cursor=first.next_cursor)

    assert [entry.say.slots["note_id"] for entry in (*first.entries, *second.entries) if entry.kind == "note_added"] == [5, 4, 3, 2, 1]


def test_an_entry_of_a_newer_program_is_shown_by_its_name() -> None:
    assert worded("parcel_weighed", "{}").slots == {"kind": "parcel_weighed"}


def _tell(house: House, people: Cast, folder: Path, facts: tuple[dict[str, Any], ...]) -> BatchView:
    path = folder / "facts.jsonl"
    path.write_text("\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts) + "\n", encoding="utf-8")
    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW, profile="facts", as_of=NOW)
    assert sum(result.refused for result in previewed.results) == 0, [result.refusals for result in previewed.results]
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)


def _running(house: House, people: Cast, kind: SubjectKind, no: str) -> set[DeadlineKind]:
    found = today.todo(house, people.lin, ShopId(people.shop_id), NOW, 50)
    return {item.deadline.kind for item in found if item.deadline.subject == Subject(kind, no)}


def _quotes(todos: Sequence[TodoItem], kind: DeadlineKind) -> list[bool]:
    """Of each to-do of this kind whether it repeats what a buyer wrote."""
    return [any(map(quotes_buyer, item.verdict.because)) for item in todos if item.deadline.kind is kind]
