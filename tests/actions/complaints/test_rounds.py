"""The platform may step into one case more than once: each time has its own row, clock, evidence and packet."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.complaints.court import CASE, NOW, A, bring, case_row, in_court, told
from tests.cast import Cast
from zhanggui.actions.disputes.handing import submit
from zhanggui.actions.disputes.preparing import Choice, propose, sign
from zhanggui.actions.disputes.seeing import dispute_view, handed_in
from zhanggui.actions.disputes.telling import tell_of_dispute
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.records import deadlines, disputes
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.migrate import migrations

HOUR = timedelta(hours=1)


@pytest.fixture
def court(house: House, people: Cast, tmp_path: Path) -> House:
    return in_court(house, people, tmp_path)


def rows(house: House, people: Cast) -> list[DisputeRecord]:
    with house.pool.connection() as tx:
        return disputes.of_orders(tx, people.shop_id, [A])


def stands(house: House, people: Cast) -> list[tuple[int, str]]:
    return [(row.round, row.state) for row in rows(house, people)]


def evidence_due(house: House, people: Cast) -> StoredDeadline:
    with house.pool.connection() as tx:
        found = [row for row in deadlines.of_subjects(tx, people.shop_id, "aftersale", [CASE]) if row.kind == "answer_platform"]
    return found[0]


def submitted(house: House, people: Cast, dispute_no: int, at: datetime, name: str) -> None:
    seq = bring(house, people.zhou, people, name)
    propose(house, people.mei, people.shop_id, dispute_no, Choice(images=(seq,), note="少件举证", claim=ClaimType.MISSING_ITEMS), at)
    sign(house, people.lin, people.shop_id, dispute_no, at)
    submit(house, people.mei, people.shop_id, dispute_no, at)


def taken_over_twice(house: House, people: Cast, folder: Path) -> int:
    """Evidence was handed in, the case came back, and a day later the platform has it once more; the number of that import."""
    submitted(house, people, rows(house, people)[0].dispute_no, NOW + HOUR, "打包.png")
    told(house, people, folder, case_row(CASE, A, "待商家处理"), at=NOW + 2 * HOUR)
    return told(house, people, folder, case_row(CASE, A, reason="少件漏发"), at=NOW + 26 * HOUR)


def test_a_second_intervention_has_its_own_row_and_clock(court: House, people: Cast, tmp_path: Path) -> None:
    taken_over_twice(court, people, tmp_path)

    first, second = rows(court, people)
    due = evidence_due(court, people)
    assert [(first.round, first.state), (second.round, second.state)] == [(1, DisputeState.HANDED_BACK), (2, DisputeState.GATHERING)]
    assert (second.images, second.note, second.submitted_at, second.noticed_at) == ([], "", None, NOW + 26 * HOUR)
    assert (due.state, due.due_at) == ("open", NOW + 50 * HOUR), "48 hours from when the case was last seen without the platform"


def test_what_was_handed_in_the_first_time_stays_as_it_is(court: House, people: Cast, tmp_path: Path) -> None:
    taken_over_twice(court, people, tmp_path)
    first, second = rows(court, people)

    submitted(court, people, second.dispute_no, NOW + 30 * HOUR, "出库称重.png")

    before, after = handed_in(court, people.mei, people.shop_id, first.dispute_no), handed_in(court, people.mei, people.shop_id, second.dispute_no)
    assert rows(court, people)[0] == first
    assert before.sha256 == first.packet_sha256 != after.sha256
    assert evidence_due(court, people).state == "met"


def test_a_ruling_is_that_of_the_latest_intervention(court: House, people: Cast, tmp_path: Path) -> None:
    taken_over_twice(court, people, tmp_path)

    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 40 * HOUR)

    assert stands(court, people) == [(1, DisputeState.HANDED_BACK), (2, DisputeState.RULED_AGAINST)]


def test_an_undone_import_takes_the_second_intervention_back(court: House, people: Cast, tmp_path: Path) -> None:
    batch = taken_over_twice(court, people, tmp_path)

    undo(court, people.lin, people.shop_id, batch, NOW + 27 * HOUR)

    assert stands(court, people) == [(1, DisputeState.HANDED_BACK), (2, DisputeState.HANDED_BACK)]


def test_an_undone_import_that_told_of_the_end_is_no_second_intervention(court: House, people: Cast, tmp_path: Path) -> None:
    batch = told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 2 * HOUR)
    ruled = stands(court, people)

    undo(court, people.lin, people.shop_id, batch, NOW + 3 * HOUR)

    assert ruled == [(1, DisputeState.RULED_AGAINST)]
    assert stands(court, people) == [(1, DisputeState.GATHERING)]


def test_a_word_that_nobody_knows_is_no_time_without_the_platform(court: House, people: Cast, tmp_path: Path) -> None:
    told(court, people, tmp_path, case_row(CASE, A, "某种新状态"), at=NOW + HOUR)
    told(court, people, tmp_path, case_row(CASE, A, reason="少件漏发"), at=NOW + 2 * HOUR)

    assert stands(court, people) == [(1, DisputeState.GATHERING)]


def test_people_may_still_tell_how_the_first_one_ended(court: House, people: Cast, tmp_path: Path) -> None:
    taken_over_twice(court, people, tmp_path)
    first, second = rows(court, people)

    tell_of_dispute(court, people.mei, people.shop_id, first.dispute_no, DisputeEvent.RULE_FOR, "", NOW + 27 * HOUR)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 40 * HOUR)

    seen = dispute_view(court, people.mei, people.shop_id, second.dispute_no, NOW + 40 * HOUR)
    assert stands(court, people) == [(1, DisputeState.RULED_FOR), (2, DisputeState.RULED_AGAINST)]
    assert ([each.round for each in seen.rounds], seen.row.is_latest) == ([1, 2], True)


@pytest.mark.parametrize(("is_spoken_of_again", "rounds"), [(True, [2]), (False, [1])])
def test_the_one_row_of_older_data_belongs_to_the_intervention_last_spoken_of(
    court: House, people: Cast, tmp_path: Path, is_spoken_of_again: bool, rounds: list[int]
) -> None:
    taken_over_twice(court, people, tmp_path)
    first, second = rows(court, people)
    kept, gone = (second, first) if is_spoken_of_again else (first, second)
    with court.pool.connection() as tx:
        tx.execute("delete from deadlines where shop_id = %s and subject_kind = 'dispute'", [people.shop_id])
        tx.execute("delete from disputes where shop_id = %s and dispute_no = %s", [people.shop_id, gone.dispute_no])
        tx.execute("update disputes set round = 1 where shop_id = %s and dispute_no = %s", [people.shop_id, kept.dispute_no])

    with court.pool.connection() as tx:
        tx.execute(next(step.sql for step in migrations() if step.name.startswith("0031")))

    assert [row.round for row in rows(court, people)] == rounds
