"""What was noted by mistake, or let go, is taken back: evidence that was not handed in, a complaint that was not filed, one that was dropped."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.complaints.court import CASE, NOW, A, bring, case_row, in_court, told
from tests.cast import Cast
from zhanggui.actions.cases.outcomes import record_outcome
from zhanggui.actions.complaints import Complaint, ComplaintKind, begin_complaint
from zhanggui.actions.complaints.seeing import ComplaintRow, complaints_seen
from zhanggui.actions.complaints.stepping import step_complaint
from zhanggui.actions.disputes.handing import submit
from zhanggui.actions.disputes.preparing import Choice, propose, sign
from zhanggui.actions.disputes.seeing import DisputeView, dispute_view, disputes_seen
from zhanggui.actions.disputes.telling import tell_of_dispute
from zhanggui.actions.evidence import content_of
from zhanggui.actions.house import House
from zhanggui.actions.order_page import order
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import StepOutcome
from zhanggui.core.complaints.states import ComplaintEvent, ComplaintState
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.records import deadlines
from zhanggui.records.deadlines import StoredDeadline

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEXT_MONTH = datetime(2026, 4, 2, 2, tzinfo=UTC)


@pytest.fixture
def court(house: House, people: Cast, tmp_path: Path) -> House:
    return in_court(house, people, tmp_path)


def handed_in(house: House, people: Cast, *, by_step: bool) -> int:
    """The number of a dispute whose evidence was said to be handed in an hour after it was signed, on its page or as a step done by hand."""
    no = disputes_seen(house, people.mei, people.shop_id).rows[0].dispute.dispute_no
    seq = bring(house, people.zhou, people, "打包.png")
    propose(house, people.mei, people.shop_id, no, Choice(images=(seq,), note="少件举证", claim=ClaimType.MISSING_ITEMS), NOW)
    sign(house, people.lin, people.shop_id, no, NOW)
    if by_step:
        record_outcome(house, people.mei, people.shop_id, view(house, people, no).steps[0].step_no, StepOutcome.ENTERED, "", NOW + HOUR)
    else:
        submit(house, people.mei, people.shop_id, no, NOW + HOUR)
    return no


def view(house: House, people: Cast, dispute_no: int) -> DisputeView:
    return dispute_view(house, people.mei, people.shop_id, dispute_no, NOW)


def evidence_due(house: House, people: Cast) -> StoredDeadline:
    with house.pool.connection() as tx:
        (found,) = [row for row in deadlines.of_subjects(tx, people.shop_id, "aftersale", [CASE]) if row.kind == "answer_platform"]
    return found


@pytest.mark.parametrize("by_step", [False, True])
def test_evidence_that_was_not_handed_in_is_signed_again_and_the_clock_of_the_case_runs_on(court: House, people: Cast, by_step: bool) -> None:
    before = evidence_due(court, people)
    no = handed_in(court, people, by_step=by_step)
    kept = view(court, people, no).row.dispute.manifest_seq or 0

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 2 * HOUR)

    after, seen = evidence_due(court, people), view(court, people, no)
    dispute = seen.row.dispute
    assert (after.state, after.band, after.due_at, after.closed_at) == ("open", before.band, before.due_at, None)
    assert (seen.row.state, dispute.said_at, dispute.signed_by) == (DisputeState.SIGNED, NOW, people.lin.person_id)
    assert (dispute.submitted_at, dispute.submitted_by, dispute.manifest_seq, dispute.packet_sha256) == (None, None, None, "")
    assert [(step.is_open, step.due_at) for step in seen.steps] == [(True, before.due_at)]
    assert content_of(court, people.lin, people.shop_id, A, kept)[1]
    page = order(court, people.mei, people.shop_id, A, NOW)
    assert page is not None
    assert kept in [each.say.slots.get("seq") for each in page.journal if "by mistake" in each.say.text]


def test_it_is_handed_in_after_all_with_a_list_of_its_own(court: House, people: Cast) -> None:
    no = handed_in(court, people, by_step=True)
    mistaken = view(court, people, no).row.dispute.manifest_seq
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 2 * HOUR)

    record_outcome(court, people.mei, people.shop_id, view(court, people, no).steps[0].step_no, StepOutcome.ENTERED, "", NOW + 3 * HOUR)

    dispute, due = view(court, people, no).row.dispute, evidence_due(court, people)
    assert (dispute.state, dispute.submitted_at, due.state, due.closed_at) == (DisputeState.SUBMITTED, NOW + 3 * HOUR, "met", NOW + 3 * HOUR)
    assert dispute.manifest_seq not in (None, mistaken)


def test_nobody_takes_it_back_once_the_case_shows_how_it_ended(court: House, people: Cast, tmp_path: Path) -> None:
    no = handed_in(court, people, by_step=False)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 2 * DAY)

    with pytest.raises(Refused):
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 3 * DAY)

    assert DisputeEvent.TAKE_BACK not in view(court, people, no).events


def begun(house: House, people: Cast, kind: ComplaintKind) -> int:
    complaint = Complaint(kind=kind, order_no=A, because=say("The rules do not bear the deduction out."), at_stake=Fen(2990))
    return begin_complaint(house, people.mei, people.shop_id, complaint, NOW)


def stepped(house: House, people: Cast, complaint_no: int, event: ComplaintEvent, at: datetime) -> ComplaintRow:
    """The complaint as its page shows it after a step."""
    step_complaint(house, people.mei, people.shop_id, complaint_no, event, at)
    return complaints_seen(house, people.mei, people.shop_id, at, first=complaint_no).rows[0]


def complaint_due(house: House, people: Cast, complaint_no: int) -> tuple[str, datetime] | None:
    """What runs of a complaint, and until when."""
    with house.pool.connection() as tx:
        found = deadlines.of_subjects(tx, people.shop_id, "complaint", [str(complaint_no)])
    return next(((row.kind, row.due_at) for row in found if row.band is not None), None)


@pytest.mark.parametrize("kind", [ComplaintKind.ABNORMAL_RETURN, ComplaintKind.REVIEW_REPORT])
def test_one_that_was_not_filed_is_to_be_filed_again(court: House, people: Cast, kind: ComplaintKind) -> None:
    no = begun(court, people, kind)
    to_file = complaint_due(court, people, no)
    filed = stepped(court, people, no, ComplaintEvent.FILE, NOW + HOUR)

    back = stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + 2 * HOUR)
    due_again = complaint_due(court, people, no)
    again = stepped(court, people, no, ComplaintEvent.FILE, NOW + 3 * HOUR)

    assert ComplaintEvent.TAKE_BACK in filed.events
    assert (back.state, back.complaint.filed_at, back.complaint.filed_by) == (ComplaintState.TO_FILE, None, None)
    assert due_again == to_file
    assert (again.state, again.complaint.filed_at) == (ComplaintState.FILED, NOW + 3 * HOUR)


def test_one_that_was_filed_once_more_by_mistake_is_lost_again(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.ABNORMAL_RETURN)
    for hours, event in enumerate((ComplaintEvent.FILE, ComplaintEvent.LOSE, ComplaintEvent.APPEAL), 1):
        stepped(court, people, no, event, NOW + hours * HOUR)

    back = stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + 4 * HOUR)

    assert (back.state, back.complaint.filed_at) == (ComplaintState.LOST, NOW + HOUR)


def test_an_appeal_lost_by_mistake_and_noted_by_mistake_leaves_the_loss_it_was_against(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.MALICIOUS_ORDER)
    for hours, event in enumerate((ComplaintEvent.FILE, ComplaintEvent.LOSE, ComplaintEvent.APPEAL), 1):
        appealed = stepped(court, people, no, event, NOW + hours * HOUR)
    runs = complaint_due(court, people, no)
    stepped(court, people, no, ComplaintEvent.LOSE, NOW + 4 * HOUR)

    waiting = stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + 5 * HOUR)
    runs_again = complaint_due(court, people, no)
    lost = stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + 6 * HOUR)

    assert (waiting.state, waiting.complaint.stepped_at, runs_again) == (ComplaintState.FILED, appealed.complaint.stepped_at, runs)
    assert (lost.state, lost.complaint.filed_at) == (ComplaintState.LOST, NOW + HOUR)
    assert complaints_seen(court, people.mei, people.shop_id, NOW).quotas[0][1].left == 9


def test_one_whose_loss_was_a_mistake_is_to_be_filed_again(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.ABNORMAL_RETURN)
    for hours, event in enumerate((ComplaintEvent.FILE, ComplaintEvent.LOSE, ComplaintEvent.APPEAL), 1):
        stepped(court, people, no, event, NOW + hours * HOUR)

    found = [stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + hours * HOUR).state for hours in (4, 5, 6)]

    assert found == [ComplaintState.LOST, ComplaintState.FILED, ComplaintState.TO_FILE]


@pytest.mark.parametrize("is_lost", [False, True])
def test_one_of_older_data_is_lost_only_where_it_was(court: House, people: Cast, *, is_lost: bool) -> None:
    no = begun(court, people, ComplaintKind.ABNORMAL_RETURN)
    again = (ComplaintEvent.LOSE, ComplaintEvent.APPEAL) if is_lost else (ComplaintEvent.DROP, ComplaintEvent.TAKE_UP, ComplaintEvent.FILE)
    for days, event in enumerate((ComplaintEvent.FILE, *again)):
        stepped(court, people, no, event, NOW + days * DAY)
    with court.pool.connection() as tx:
        tx.execute("update journal set data = data - 'event' where shop_id = %s and kind = 'complaint_moved'", (people.shop_id,))
        tx.execute("update complaints set filed_at = %s where shop_id = %s and complaint_no = %s", (NOW, people.shop_id, no))

    back = stepped(court, people, no, ComplaintEvent.TAKE_BACK, NOW + 5 * DAY)

    assert back.state is (ComplaintState.LOST if is_lost else ComplaintState.TO_FILE)


def test_a_mistake_takes_none_of_the_month_and_one_filed_later_counts_in_its_own(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.MALICIOUS_ORDER)
    stepped(court, people, no, ComplaintEvent.FILE, NOW)
    stepped(court, people, no, ComplaintEvent.DROP, NOW)
    stepped(court, people, no, ComplaintEvent.TAKE_UP, NEXT_MONTH)

    stepped(court, people, no, ComplaintEvent.FILE, NEXT_MONTH)
    filed = [complaints_seen(court, people.mei, people.shop_id, at).quotas[0][1].left for at in (NOW, NEXT_MONTH)]
    stepped(court, people, no, ComplaintEvent.TAKE_BACK, NEXT_MONTH)

    left = [complaints_seen(court, people.mei, people.shop_id, at).quotas[0][1].left for at in (NOW, NEXT_MONTH)]
    assert (filed, left) == ([10, 9], [10, 10])


def test_one_that_was_dropped_is_taken_up_by_whoever_opens_it_again(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.ABNORMAL_RETURN)
    runs = complaint_due(court, people, no)
    stepped(court, people, no, ComplaintEvent.DROP, NOW + HOUR)

    again = begun(court, people, ComplaintKind.ABNORMAL_RETURN)

    (row,) = complaints_seen(court, people.mei, people.shop_id, NOW).rows
    assert (again, row.complaint.complaint_no, row.state) == (no, no, ComplaintState.TO_FILE)
    assert runs is not None
    assert complaint_due(court, people, no) == runs


def test_what_the_platform_takes_once_is_not_taken_up_after_it_was_filed(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.REVIEW_REPORT)
    stepped(court, people, no, ComplaintEvent.FILE, NOW)
    stepped(court, people, no, ComplaintEvent.DROP, NOW)

    assert begun(court, people, ComplaintKind.REVIEW_REPORT) == no

    assert complaints_seen(court, people.mei, people.shop_id, NOW).rows == ()


def test_a_word_sent_twice_takes_back_once(court: House, people: Cast) -> None:
    no = begun(court, people, ComplaintKind.ABNORMAL_RETURN)
    stepped(court, people, no, ComplaintEvent.FILE, NOW)
    won = stepped(court, people, no, ComplaintEvent.WIN, NOW + DAY).complaint
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.TAKE_BACK, NOW + 2 * DAY, seen=won.version)

    with pytest.raises(Refused):
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.TAKE_BACK, NOW + 2 * DAY, seen=won.version)

    (row,) = complaints_seen(court, people.mei, people.shop_id, NOW + 2 * DAY).rows
    assert (row.state, row.complaint.filed_at) == (ComplaintState.FILED, NOW)
