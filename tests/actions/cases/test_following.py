"""Every change of a case is kept as a step, with who took it, when, and by whom it is known; also where the steps between were not seen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, moves, order_told, platform_tells, scan_told, steps
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.knowing import orders_known
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleKind, AftersaleState, InstantRefund, ScanStage
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.records import deadlines, journal
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.journal_entries import worded

T = datetime(2026, 3, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RETURN = {"kind": AftersaleKind.RETURN_AND_REFUND}


def tell(house: House, people: Cast, hours: float, **fields: object) -> None:
    at = T + hours * HOUR
    platform_tells(house, people.shop_id, [case_told(at, applied_at=T, **fields)], at)


def file_tells(house: House, people: Cast, folder: Path, hours: float, **fields: object) -> int:
    """A file of that moment tells of the case, and is stored."""
    at = T + hours * HOUR
    told = {"fact": "aftersale", "case_no": CASE, "order_no": ORDER, "as_of": at, **fields}
    file = folder / f"{hours}.jsonl"
    file.write_text(json.dumps(told, default=datetime.isoformat), "utf-8")
    batch = preview(house, people.lin, people.shop_id, [file], at).batch_id
    confirm(house, people.lin, people.shop_id, batch, at)
    return batch


def deadline(house: House, people: Cast, kind: DeadlineKind) -> StoredDeadline:
    with house.pool.connection() as tx:
        row = deadlines.one(tx, people.shop_id, Subject(SubjectKind.AFTERSALE, CASE), kind)
    assert row is not None
    return row


def test_it_keeps_the_steps_of_a_return_from_request_to_money(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(T - 48 * HOUR)], T)

    tell(house, people, 0, **RETURN, status_code=3)
    tell(house, people, 2, **RETURN, status_code=7, state=AftersaleState.BUYER_TO_SEND)
    tell(house, people, 20, **RETURN, status_code=3, state=AftersaleState.SELLER_TO_RECEIVE, return_tracking_no="ZT9")
    platform_tells(house, people.shop_id, [scan_told(T + 60 * HOUR, tracking_no="ZT9", text="已签收", stage=ScanStage.DELIVERED)], T + 60 * HOUR)
    tell(house, people, 62, **RETURN, status_code=4, state=AftersaleState.REFUNDED, return_tracking_no="ZT9")
    tell(house, people, 63, **RETURN, status_code=10, state=AftersaleState.REFUNDED, return_tracking_no="ZT9")

    assert steps(house, people.shop_id) == [
        ("case.ask", "by_buyer", "return_asked"),
        ("case.agree_return", "by_seller", "to_send_back"),
        ("case.send_back", "by_buyer", "on_way_back"),
        ("case.arrive", "by_carrier", "back_here"),
        ("case.agree_refund", "by_seller", "refund_agreed"),
        ("case.pay", "by_platform", "refunded"),
    ]
    assert [move.at for move in moves(house, people.shop_id)] == [T + hours * HOUR for hours in (0, 2, 20, 60, 62, 63)]
    assert {move.source for move in moves(house, people.shop_id)} == {"platform"}


def test_it_says_of_a_jump_that_no_steps_lead_there_and_keeps_it(house: House, people: Cast) -> None:
    tell(house, people, 0)
    tell(house, people, 1, status_code=10, state=AftersaleState.REFUNDED)
    tell(house, people, 2, status_code=6, state=AftersaleState.REJECTED)

    assert [(move.event, move.steps, move.is_sure) for move in moves(house, people.shop_id)] == [
        ("case.ask", 1, True),
        ("case.skip", 2, False),
        ("case.jump", 0, False),
    ]


def test_it_keeps_nothing_twice(house: House, people: Cast) -> None:
    tell(house, people, 0)
    tell(house, people, 1)

    assert len(moves(house, people.shop_id)) == 1


def test_it_keeps_a_changed_sum_as_a_step(house: House, people: Cast) -> None:
    tell(house, people, 0)
    tell(house, people, 1, refund_amount=Fen(2000))

    assert [(move.event, move.amount) for move in moves(house, people.shop_id)] == [("case.ask", 5990), ("case.change", 2000)]


def test_it_knows_an_instant_refund_from_consent_and_from_silence(house: House, people: Cast) -> None:
    tell(house, people, 0, expire_at=T + 24 * HOUR)
    tell(house, people, 30, status_code=5, state=AftersaleState.REFUNDED, expire_at=T + 24 * HOUR)
    platform_tells(house, people.shop_id, [case_told(T, case_no="9000002")], T)
    at_once = case_told(T + HOUR, case_no="9000002", status_code=5, state=AftersaleState.REFUNDED, instant_refund=InstantRefund.SUCCEEDED)
    platform_tells(house, people.shop_id, [at_once], T + HOUR)

    assert steps(house, people.shop_id)[-1] == ("case.time_out", "by_clock", "platform_refunds")
    assert steps(house, people.shop_id, "9000002")[-1] == ("case.refund_at_once", "by_platform", "platform_refunds")


def test_it_tells_of_each_step_in_the_journal_of_the_order(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(T)], T)
    tell(house, people, 0)
    tell(house, people, 1, status_code=6, state=AftersaleState.REJECTED)

    with house.pool.connection() as tx:
        told = [worded(entry.kind, entry.data) for entry in journal.of_subject(tx, people.shop_id, "order", ORDER, 10) if entry.kind == "case_stepped"]

    assert told[0].slots == {"case_no": CASE, "event": "case.reject", "who": "by_seller", "before": "refund_asked", "after": "request_rejected", "steps": 1}


def test_it_takes_the_steps_of_an_undone_import_along(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, 0)
    file = tmp_path / "facts.jsonl"
    line = '{"fact": "aftersale", "case_no": "9000001", "order_no": "260301-111111111111111", "state": "closed", "kind": "refund_only"}\n'
    file.write_text(line, "utf-8")
    now = T + 5 * HOUR
    batch = preview(house, people.lin, people.shop_id, [file], now, as_of=now).batch_id

    confirm(house, people.lin, people.shop_id, batch, now)
    told = moves(house, people.shop_id)[-1]
    undo(house, people.lin, people.shop_id, batch, now + HOUR)

    assert (told.event, told.after, told.source, told.at) == ("case.skip", "closed", "file", now)
    assert steps(house, people.shop_id) == [("case.ask", "by_buyer", "refund_asked")]


def test_it_counts_the_evidence_from_when_the_platform_took_the_case_and_not_from_its_last_change(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(T)], T)
    tell(house, people, 0)
    tell(house, people, 10, status_code=8, state=AftersaleState.PLATFORM_HANDLES)
    tell(house, people, 30, status_code=8, state=AftersaleState.PLATFORM_HANDLES, remark="举证中")

    with house.pool.connection() as tx:
        row = deadlines.one(tx, people.shop_id, Subject(SubjectKind.AFTERSALE, CASE), DeadlineKind.ANSWER_PLATFORM)
        known = orders_known(tx, people.shop_id, [ORDER])[ORDER]

    assert row is not None
    assert (row.due_at, row.counts_from) == (T + 58 * HOUR, "entered_at")
    assert known.cases_entered == {CASE: T + 10 * HOUR}


HERE = {**RETURN, "state": AftersaleState.SELLER_TO_RECEIVE, "return_sent_at": T - 48 * HOUR, "return_state_text": "已签收"}


@pytest.mark.parametrize("is_known", [True, False], ids=["its order is known", "nobody told of its order"])
def test_a_return_that_only_a_word_shows_as_delivered_is_due_by_when_that_was_first_told(house: House, people: Cast, tmp_path: Path, *, is_known: bool) -> None:
    if is_known:
        platform_tells(house, people.shop_id, [order_told(T - 96 * HOUR)], T)
    file_tells(house, people, tmp_path, -24, **HERE | {"return_state_text": "运输中"})

    first, again, later = (file_tells(house, people, tmp_path, hours, **HERE) for hours in (0, 23, 47))

    row = deadline(house, people, DeadlineKind.INSPECT_RETURN)
    assert (row.due_at, row.counts_from, row.basis) == (T + 24 * HOUR, "as_of", Basis.ASSUMED)
    for batch, due_at in ((later, T + 24 * HOUR), (first, T + 47 * HOUR), (again, T + 5 * 24 * HOUR)):
        undo(house, people.lin, people.shop_id, batch, T + 48 * HOUR)
        assert deadline(house, people, DeadlineKind.INSPECT_RETURN).due_at == due_at


@pytest.mark.parametrize("is_known", [True, False], ids=["its order is known", "nobody told of its order"])
def test_a_request_made_again_is_due_no_earlier_than_by_when_it_was_last_seen_closed(house: House, people: Cast, tmp_path: Path, *, is_known: bool) -> None:
    if is_known:
        platform_tells(house, people.shop_id, [order_told(T - 96 * HOUR)], T)
    asked = {"kind": AftersaleKind.REFUND_ONLY, "applied_at": T, "shipped": True, "state": AftersaleState.SELLER_TO_ANSWER}
    file_tells(house, people, tmp_path, 1, **asked)
    before = deadline(house, people, DeadlineKind.ANSWER_REFUND)
    file_tells(house, people, tmp_path, 30, **asked | {"state": AftersaleState.CLOSED})
    again = file_tells(house, people, tmp_path, 46, **asked | {"state": AftersaleState.CLOSED})
    file_tells(house, people, tmp_path, 50, **asked | {"state": AftersaleState.UNKNOWN})

    file_tells(house, people, tmp_path, 52, **asked)

    row = deadline(house, people, DeadlineKind.ANSWER_REFUND)
    assert (before.started_at, before.due_at) == (T, T + 36 * HOUR)
    assert (row.started_at, row.due_at) == (T + 46 * HOUR, T + 82 * HOUR)
    assert (row.counts_from, row.basis) == ("entered_at", Basis.ASSUMED)
    undo(house, people.lin, people.shop_id, again, T + 53 * HOUR)
    assert deadline(house, people, DeadlineKind.ANSWER_REFUND).due_at == T + 66 * HOUR


def test_a_request_made_again_counts_from_when_the_platform_changed_it(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(T - 96 * HOUR)], T)
    tell(house, people, 1, shipped=True)
    tell(house, people, 30, shipped=True, status_code=5, state=AftersaleState.CLOSED)
    tell(house, people, 46, shipped=True, status_code=5, state=AftersaleState.CLOSED)

    tell(house, people, 53, shipped=True, updated_at=T + 52 * HOUR)

    row = deadline(house, people, DeadlineKind.ANSWER_REFUND)
    assert (row.started_at, row.due_at) == (T + 52 * HOUR, T + 88 * HOUR)
    assert (row.counts_from, row.basis) == ("entered_at", Basis.ASSUMED)
