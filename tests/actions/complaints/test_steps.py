"""Evidence and appeals are handed in by the one table of steps done by hand; an appeal has its clock and its packet."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import sleep

import msgspec
import pytest

from tests.actions.complaints.court import CASE, NOW, A, bring, case_row, in_court, told
from tests.actions.privacy.scene import take_away
from tests.cast import Cast
from zhanggui.actions.cases.guiding import GuidedStep
from zhanggui.actions.cases.outcomes import record_outcome, take_outcome_back
from zhanggui.actions.disputes.handing import AppealManifest, make_appeal_ready, submit
from zhanggui.actions.disputes.preparing import Choice, propose, send_back, sign
from zhanggui.actions.disputes.seeing import DisputeView, appealed_with, dispute_view, disputes_seen, handed_in
from zhanggui.actions.disputes.telling import tell_of_dispute
from zhanggui.actions.evidence import adding, content_of, packing
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.order_page import order
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import StepKind, StepOutcome
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines, locks, outbox
from zhanggui.records.outbox import NewAct

HOUR = timedelta(hours=1)


@pytest.fixture
def court(house: House, people: Cast, tmp_path: Path) -> House:
    return in_court(house, people, tmp_path)


def the_one(house: House, people: Cast) -> int:
    return disputes_seen(house, people.mei, people.shop_id).rows[0].dispute.dispute_no


def view(house: House, people: Cast, dispute_no: int) -> DisputeView:
    return dispute_view(house, people.mei, people.shop_id, dispute_no, NOW)


def signed(house: House, people: Cast) -> tuple[int, int]:
    """The number of a dispute whose evidence is signed, and that of its picture."""
    no, seq = the_one(house, people), bring(house, people.zhou, people, "打包.png")
    propose(house, people.mei, people.shop_id, no, Choice(images=(seq,), note="少件举证", claim=ClaimType.MISSING_ITEMS), NOW)
    sign(house, people.lin, people.shop_id, no, NOW)
    return no, seq


def answer_due(house: House, people: Cast, dispute_no: int) -> datetime | None:
    """When the answer to the appeal is due, while it is awaited."""
    with house.pool.connection() as tx:
        found = deadlines.of_subjects(tx, people.shop_id, "dispute", [str(dispute_no)])
    return next((row.due_at for row in found if row.kind == "complaint_answer" and row.band is not None), None)


def step_of(house: House, people: Cast, dispute_no: int) -> GuidedStep:
    return view(house, people, dispute_no).steps[0]


def ruled_against(house: House, people: Cast, folder: Path) -> tuple[int, int]:
    no, seq = signed(house, people)
    submit(house, people.mei, people.shop_id, no, NOW + HOUR)
    told(house, people, folder, case_row(CASE, A, "退款成功"), at=NOW + 2 * HOUR)
    return no, seq


def test_a_signature_makes_the_step_ready_with_text_pictures_and_the_clock_of_the_case(court: House, people: Cast) -> None:
    no, seq = signed(court, people)

    step = step_of(court, people, no)

    with court.pool.connection() as tx:
        (due,) = [row for row in deadlines.of_subjects(tx, people.shop_id, "aftersale", [CASE]) if row.kind == "answer_platform"]
    assert (step.kind, step.is_open, step.form, [file.seq for file in step.files]) == (StepKind.COUNTER_EVIDENCE, True, "少件举证", [seq])
    assert (step.due_at, step.due_rule, step.case_no) == (due.due_at, due.rule, CASE)


def test_saying_that_it_was_entered_hands_the_evidence_in_with_its_packet(court: House, people: Cast) -> None:
    no, _ = signed(court, people)

    record_outcome(court, people.mei, people.shop_id, step_of(court, people, no).step_no, StepOutcome.ENTERED, "", NOW + HOUR)

    seen = view(court, people, no)
    assert (seen.row.state, seen.row.dispute.submitted_at, seen.steps[0].outcome) == (DisputeState.SUBMITTED, NOW + HOUR, StepOutcome.ENTERED)
    assert handed_in(court, people.mei, people.shop_id, no).sha256 == seen.row.dispute.packet_sha256
    with pytest.raises(Refused, match="page of that dispute"):
        take_outcome_back(court, people.mei, people.shop_id, seen.steps[0].step_no, NOW + HOUR)


def test_handing_it_in_on_the_dispute_settles_the_step(court: House, people: Cast) -> None:
    no, _ = signed(court, people)

    submit(court, people.mei, people.shop_id, no, NOW + HOUR)

    assert [(step.outcome, step.done_by_name) for step in view(court, people, no).steps] == [(StepOutcome.ENTERED, "小美")]


def test_what_is_sent_back_or_settled_is_not_to_be_handed_in(court: House, people: Cast) -> None:
    no, seq = signed(court, people)

    send_back(court, people.lin, people.shop_id, no, "换一张", NOW + HOUR)
    back = [step.outcome for step in view(court, people, no).steps]
    propose(court, people.mei, people.shop_id, no, Choice(images=(seq,), note="再来", claim=ClaimType.MISSING_ITEMS), NOW + HOUR)
    sign(court, people.lin, people.shop_id, no, NOW + HOUR)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.AGREE, "", NOW + 2 * HOUR)

    assert back == [StepOutcome.NEEDLESS]
    assert [step.outcome for step in view(court, people, no).steps] == [StepOutcome.NEEDLESS, StepOutcome.NEEDLESS]


def test_an_appeal_is_made_ready_with_the_clock_of_the_ruling(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = ruled_against(court, people, tmp_path)

    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, " 不服判定 ", [seq, seq], NOW + 3 * HOUR)

    step = step_of(court, people, no)
    with court.pool.connection() as tx:
        (due,) = [row for row in deadlines.of_subjects(tx, people.shop_id, "dispute", [str(no)]) if row.kind == "appeal_by"]
    assert (step.step_no, step.kind, step.form, [file.seq for file in step.files]) == (step_no, StepKind.APPEAL, "不服判定", [seq])
    assert (step.due_at, due.state) == (due.due_at, "open")
    assert make_appeal_ready(court, people.mei, people.shop_id, no, "改过", [], NOW + 4 * HOUR) == step_no


@pytest.mark.parametrize("by_word", [False, True])
def test_an_appeal_that_is_in_keeps_its_packet_and_awaits_its_answer(court: House, people: Cast, tmp_path: Path, by_word: bool) -> None:
    no, seq = ruled_against(court, people, tmp_path)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)
    at = NOW + 5 * HOUR

    if by_word:
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.APPEAL, "", at)
    else:
        record_outcome(court, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", at)

    seen = view(court, people, no)
    dispute = seen.row.dispute
    packet = appealed_with(court, people.mei, people.shop_id, no)
    _, content = content_of(court, people.mei, people.shop_id, A, dispute.appeal_seq or 0)
    manifest = msgspec.json.decode(content, type=AppealManifest)
    assert (seen.row.state, dispute.appealed_at, dispute.appealed_by) == (DisputeState.APPEALED, at, people.mei.person_id)
    assert (manifest.ruling, manifest.note, [image.seq for image in manifest.images]) == (DisputeState.RULED_AGAINST, "不服判定", [seq])
    assert packet.sha256 == dispute.appeal_sha256 != dispute.packet_sha256
    assert zipfile.ZipFile(BytesIO(packet.content)).testzip() is None
    with court.pool.connection() as tx:
        kinds = {row.kind for row in deadlines.of_subjects(tx, people.shop_id, "dispute", [str(no)]) if row.band is not None}
    assert kinds == {"complaint_answer"}


def test_what_a_colleague_wanted_changed_is_no_ground_of_the_platforms_after_an_appeal_that_was_made_ready(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = signed(court, people)
    send_back(court, people.lin, people.shop_id, no, "图2糊了，重拍", NOW)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 2 * HOUR)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)

    record_outcome(court, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", NOW + 4 * HOUR)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.LOSE_APPEAL, "", NOW + 5 * HOUR)

    seen = view(court, people, no)
    assert seen.row.dispute.grounds == ""
    assert seen.appeal is not None
    assert "图2糊了" not in seen.appeal.zh


def test_the_platforms_grounds_are_what_was_told_with_its_ruling(court: House, people: Cast) -> None:
    no, _ = signed(court, people)
    submit(court, people.mei, people.shop_id, no, NOW + HOUR)

    found = []
    for hours, (event, remark) in enumerate(
        (
            (DisputeEvent.AGREE, "买家要补发"),
            (DisputeEvent.RULE_AGAINST, "凭证不足"),
            (DisputeEvent.ACCEPT, "不值得申诉"),
            (DisputeEvent.APPEAL, "还是申诉"),
            (DisputeEvent.LOSE_APPEAL, ""),
            (DisputeEvent.APPEAL, "再申诉"),
            (DisputeEvent.LOSE_APPEAL, "仍不足"),
        ),
        2,
    ):
        tell_of_dispute(court, people.mei, people.shop_id, no, event, remark, NOW + hours * HOUR)
        found.append(view(court, people, no).row.dispute.grounds)

    assert found == ["", "凭证不足", "凭证不足", "凭证不足", "凭证不足", "凭证不足", "仍不足"]
    page = order(court, people.mei, people.shop_id, A, NOW)
    assert page is not None
    assert "不值得申诉" in [each.say.slots.get("remark") for each in page.journal]


def test_a_full_vault_does_not_hinder_an_appeal_from_being_noted(court: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no, seq = ruled_against(court, people, tmp_path)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)
    monkeypatch.setattr(adding, "MOST_OF_AN_ORDER", 1)
    monkeypatch.setattr(packing, "MOST_BYTES", 10)

    record_outcome(court, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", NOW + 4 * HOUR)

    seen = view(court, people, no)
    dispute = seen.row.dispute
    _, content = content_of(court, people.mei, people.shop_id, A, dispute.appeal_seq or 0)
    assert (seen.row.state, dispute.appeal_sha256) == (DisputeState.APPEALED, "")
    assert msgspec.json.decode(content, type=AppealManifest).note == "不服判定"


def test_what_was_forgotten_hinders_nobody_from_handing_in_and_the_packet_of_then_is_told_to_be_gone(court: House, people: Cast) -> None:
    no, seq = signed(court, people)
    old = bring(court, people.zhou, people, "旧照片.png")
    take_away(court, people, A, old)

    submit(court, people.mei, people.shop_id, no, NOW + HOUR)

    packet = handed_in(court, people.mei, people.shop_id, no)
    assert (packet.redacted, packet.sha256) == (1, view(court, people, no).row.dispute.packet_sha256)
    take_away(court, people, A, seq)
    with pytest.raises(Refused, match="forgotten since"):
        handed_in(court, people.mei, people.shop_id, no)


def test_an_appeal_made_ready_is_needless_once_the_ruling_is_taken_back(court: House, people: Cast) -> None:
    no, seq = signed(court, people)
    submit(court, people.mei, people.shop_id, no, NOW + HOUR)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "", NOW + 2 * HOUR)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 4 * HOUR)

    seen = view(court, people, no)
    assert [step.outcome for step in seen.steps if step.step_no == step_no] == [StepOutcome.NEEDLESS]
    assert seen.row.state is DisputeState.SUBMITTED


def test_an_appeal_said_to_be_won_by_mistake_awaits_its_answer_again(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = ruled_against(court, people, tmp_path)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)
    record_outcome(court, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", NOW + 4 * HOUR)
    waiting = answer_due(court, people, no)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.WIN_APPEAL, "", NOW + 5 * HOUR)
    won = answer_due(court, people, no)

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 6 * HOUR)

    seen = view(court, people, no)
    assert (seen.row.state, seen.row.dispute.stepped_at) == (DisputeState.APPEALED, NOW + 4 * HOUR)
    assert (won, answer_due(court, people, no)) == (None, waiting)
    assert waiting is not None


def test_nobody_takes_back_a_word_that_they_have_not_seen(court: House, people: Cast) -> None:
    no, _ = signed(court, people)
    submit(court, people.mei, people.shop_id, no, NOW + HOUR)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "", NOW + 2 * HOUR)
    seen = view(court, people, no).row.dispute.version
    tell_of_dispute(court, people.lin, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 3 * HOUR, seen=seen)
    tell_of_dispute(court, people.lin, people.shop_id, no, DisputeEvent.RULE_FOR, "", NOW + 4 * HOUR)

    with pytest.raises(Refused):
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + 5 * HOUR, seen=seen)

    assert view(court, people, no).row.state is DisputeState.RULED_FOR


def test_the_text_of_an_appeal_is_masked_like_that_of_the_evidence(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = ruled_against(court, people, tmp_path)

    make_appeal_ready(court, people.mei, people.shop_id, no, "买家13912345678承认收到", [seq], NOW + 3 * HOUR)

    assert step_of(court, people, no).form == "买家139****5678承认收到"


def test_an_appeal_may_be_made_once_more_after_it_was_lost(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = ruled_against(court, people, tmp_path)
    for hour in (3, 5):
        step_no = make_appeal_ready(court, people.mei, people.shop_id, no, f"第{hour}次", [seq], NOW + hour * HOUR)
        record_outcome(court, people.mei, people.shop_id, step_no, StepOutcome.ENTERED, "", NOW + hour * HOUR)
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.LOSE_APPEAL, "", NOW + (hour + 1) * HOUR)

    assert view(court, people, no).row.dispute.appealed_at == NOW + 5 * HOUR
    assert appealed_with(court, people.mei, people.shop_id, no).sha256


def test_there_is_nothing_to_appeal_against_before_a_ruling(court: House, people: Cast) -> None:
    no, seq = signed(court, people)

    for text, images in (("不服", [seq]), ("", [])):
        with pytest.raises(Refused):
            make_appeal_ready(court, people.mei, people.shop_id, no, text, images, NOW)
    with pytest.raises(NotAllowed):
        make_appeal_ready(court, people.zheng, people.shop_id, no, "不服", [], NOW)

    assert len(view(court, people, no).steps) == 1


def test_money_that_the_house_sent_itself_is_no_ruling_to_appeal_against(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)
    act = NewAct(
        key="k", once="o", kind="refund.agree", subject_kind="aftersale", subject_no=CASE, order_no=A, deadline_kind=None, request="{}", grounds="{}",
        money=2990, state="carried_out", by_itself=False, decided_by=None, decided_at=NOW, epoch=0, send_at=None,
    )  # fmt: skip
    with court.pool.connection() as tx:
        outbox.insert(tx, people.shop_id, act)

    batch = told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 2 * HOUR)
    settled = view(court, people, no).row.state
    undo(court, people.lin, people.shop_id, batch, NOW + 3 * HOUR)

    assert (settled, view(court, people, no).row.state) == (DisputeState.SETTLED, DisputeState.GATHERING)
    with court.pool.connection() as tx:
        assert [row for row in deadlines.of_subjects(tx, people.shop_id, "dispute", [str(no)]) if row.band is not None] == []


def test_money_of_which_nobody_knows_whether_the_house_sent_it_counts_as_a_ruling_that_may_be_appealed_against(
    court: House, people: Cast, tmp_path: Path
) -> None:
    no = the_one(court, people)
    act = NewAct(
        key="k", once="o", kind="refund.agree", subject_kind="aftersale", subject_no=CASE, order_no=A, deadline_kind=None, request="{}", grounds="{}",
        money=2990, state="needs_person", by_itself=False, decided_by=None, decided_at=NOW, epoch=0, send_at=None,
    )  # fmt: skip
    with court.pool.connection() as tx:
        outbox.insert(tx, people.shop_id, act)

    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + 2 * HOUR)

    assert view(court, people, no).row.state is DisputeState.RULED_AGAINST
    with court.pool.connection() as tx:
        assert [row.kind for row in deadlines.of_subjects(tx, people.shop_id, "dispute", [str(no)]) if row.band is not None] == ["appeal_by"]


def test_an_appeal_told_while_an_import_is_stored_holds_nothing_that_the_import_may_want(court: House, people: Cast, tmp_path: Path) -> None:
    no, seq = ruled_against(court, people, tmp_path)
    step_no = make_appeal_ready(court, people.mei, people.shop_id, no, "不服判定", [seq], NOW + 3 * HOUR)

    with ThreadPoolExecutor(1) as beside, court.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        telling = beside.submit(tell_of_dispute, court, people.mei, people.shop_id, no, DisputeEvent.APPEAL, "", NOW + 5 * HOUR)
        while not importing.execute("select 1 from pg_locks where locktype = 'advisory' and not granted").fetchone():
            sleep(0.01)
        free = importing.execute("select step_no from guided_steps where step_no = %s for update skip locked", (step_no,)).fetchone()
        importing.rollback()
        telling.result()

    assert free == (step_no,)
