"""A dispute from the notice to the appeal: chosen by one, signed by another, handed in once, followed by what the case shows."""

import zipfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.complaints.court import CASE, NOW, A, bring, case_row, in_court, told
from tests.cast import Cast
from zhanggui.actions.disputes.handing import Manifest, submit
from zhanggui.actions.disputes.pieces import name_piece
from zhanggui.actions.disputes.preparing import Choice, propose, send_back, sign
from zhanggui.actions.disputes.seeing import DisputeView, dispute_view, disputes_seen, handed_in, win_rates_seen
from zhanggui.actions.disputes.telling import tell_of_dispute
from zhanggui.actions.evidence import adding, content_of, packing, verify_packet
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.order_page import order
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import today
from zhanggui.core.clocks.cases import AGREED
from zhanggui.core.disputes.needs import ClaimType, Shows
from zhanggui.core.disputes.pictures import Doubt
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.say import Say
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.workbench.places import place_of

LATER_ONES = """
    insert into disputes (shop_id, case_no, order_no, claim, at_stake, noticed_at, said, said_at, state, stepped_at)
    select %(shop_id)s, 'later-' || n, 'other-' || n, 'claim_other', 100, %(at)s, 'dispute_gathering', %(at)s, 'dispute_gathering', %(at)s
    from generate_series(1, 40) as n
"""


@pytest.fixture
def court(house: House, people: Cast, tmp_path: Path) -> House:
    return in_court(house, people, tmp_path)


def the_one(house: House, people: Cast) -> int:
    return disputes_seen(house, people.mei, people.shop_id).rows[0].dispute.dispute_no


def view(house: House, people: Cast) -> DisputeView:
    return dispute_view(house, people.mei, people.shop_id, the_one(house, people), NOW)


def due(house: House, people: Cast, kind: str, no: str) -> StoredDeadline | None:
    with house.pool.connection() as tx:
        found = deadlines.of_subjects(tx, people.shop_id, kind, [no])
    return next((row for row in found if row.kind in ("answer_platform", "appeal_by", "complaint_answer")), None)


def choice(*images: int, note: str = "少件举证", claim: ClaimType = ClaimType.MISSING_ITEMS) -> Choice:
    return Choice(images=images, note=note, claim=claim)


def through(house: House, people: Cast, *names: str) -> int:
    """Chosen by 小美, signed by 林, handed in."""
    no = the_one(house, people)
    propose(house, people.mei, people.shop_id, no, choice(*(bring(house, people.zhou, people, name) for name in names)), NOW)
    sign(house, people.lin, people.shop_id, no, NOW)
    submit(house, people.mei, people.shop_id, no, NOW + timedelta(hours=1))
    return no


def test_it_begins_a_dispute_once_the_platform_has_the_case(court: House, people: Cast, tmp_path: Path) -> None:
    told(court, people, tmp_path, case_row(CASE, A), at=NOW + timedelta(minutes=5))

    rows = disputes_seen(court, people.mei, people.shop_id).rows
    assert [(row.state, row.claim, row.dispute.at_stake, row.dispute.case_no) for row in rows] == [
        (DisputeState.GATHERING, ClaimType.MISSING_ITEMS, 2990, CASE)
    ]
    assert rows[0].due is not None
    assert rows[0].due.kind == "answer_platform"


def test_it_proposes_the_pictures_that_show_what_the_claim_needs_and_says_what_is_missing(court: House, people: Cast) -> None:
    weighed = bring(court, people.zhou, people, "出库称重.png")
    packed = bring(court, people.zhou, people, "打包.png")
    beside = bring(court, people.zhou, people, "商品.png")
    bring(court, people.zhou, people, "聊天记录.txt", b"no picture at all")

    seen = view(court, people)

    assert [image.seq for image in seen.proposed.images] == [weighed, packed, beside]
    assert [need.shows for need in seen.proposed.missing] == [(Shows.CHAT,), (Shows.DESCRIPTION,)]
    assert seen.proposed.covered == 69
    assert seen.proposed.images[0].doubts == (Doubt.NO_ORIGINAL,)


def test_a_person_may_say_what_a_piece_shows(court: House, people: Cast) -> None:
    seq = bring(court, people.zhou, people, "IMG_2041.png")
    before = view(court, people).proposed

    name_piece(court, people.mei, people.shop_id, A, seq, [Shows.WEIGHT, Shows.PACKING], NOW)

    assert before.images == ()
    assert [image.seq for image in view(court, people).proposed.images] == [seq]
    with pytest.raises(NotAllowed):
        name_piece(court, people.zheng, people.shop_id, A, seq, [Shows.CHAT], NOW)


def test_it_takes_no_more_pictures_than_the_platform_does_and_none_that_it_would_refuse(court: House, people: Cast) -> None:
    no = the_one(court, people)
    pictures = [bring(court, people.zhou, people, f"{n}.png") for n in range(4)]
    text = bring(court, people.zhou, people, "a.txt", b"text")

    for wrong in (choice(*pictures), choice(), choice(pictures[0], pictures[0]), choice(text), choice(9999), choice(pictures[0], note=" ")):
        with pytest.raises(Refused):
            propose(court, people.mei, people.shop_id, no, wrong, NOW)

    assert view(court, people).row.state is DisputeState.GATHERING


def test_whoever_chose_cannot_sign_while_somebody_else_could(court: House, people: Cast) -> None:
    no = the_one(court, people)
    propose(court, people.mei, people.shop_id, no, choice(bring(court, people.zhou, people, "打包.png")), NOW)

    with pytest.raises(Refused):
        sign(court, people.mei, people.shop_id, no, NOW, alone=True)
    with pytest.raises(Refused):
        submit(court, people.mei, people.shop_id, no, NOW)
    sign(court, people.lin, people.shop_id, no, NOW)

    signed = view(court, people).row
    assert (signed.state, signed.dispute.signed_by, signed.dispute.is_signed_alone) == (DisputeState.SIGNED, people.lin.person_id, False)


def test_nobody_signs_what_was_changed_since_they_looked(court: House, people: Cast) -> None:
    no = the_one(court, people)
    first, second = bring(court, people.zhou, people, "打包.png"), bring(court, people.zhou, people, "称重.png")
    propose(court, people.mei, people.shop_id, no, choice(first), NOW)
    looked_at = view(court, people).row.dispute.version
    propose(court, people.mei, people.shop_id, no, choice(second), NOW)

    with pytest.raises(Refused):
        sign(court, people.lin, people.shop_id, no, NOW, seen=looked_at)

    assert view(court, people).row.state is DisputeState.PROPOSED


def test_nobody_replaces_a_choice_that_they_have_not_seen(court: House, people: Cast) -> None:
    no = the_one(court, people)
    first, second = bring(court, people.zhou, people, "打包.png"), bring(court, people.zhou, people, "称重.png")
    looked_at = view(court, people).row.dispute.version
    propose(court, people.mei, people.shop_id, no, choice(first), NOW, seen=looked_at)

    with pytest.raises(Refused):
        propose(court, people.lin, people.shop_id, no, choice(second), NOW, seen=looked_at)

    dispute = view(court, people).row.dispute
    assert (dispute.images, dispute.proposed_by) == ([first], people.mei.person_id)


def test_the_second_person_may_want_something_changed(court: House, people: Cast) -> None:
    no = the_one(court, people)
    propose(court, people.mei, people.shop_id, no, choice(bring(court, people.zhou, people, "打包.png")), NOW)
    sign(court, people.lin, people.shop_id, no, NOW)

    send_back(court, people.lin, people.shop_id, no, "聊天记录缺开头", NOW)

    row = view(court, people).row
    assert (row.state, row.dispute.remark, row.dispute.signed_by) == (DisputeState.GATHERING, "聊天记录缺开头", None)


def test_an_owner_alone_signs_alone_and_that_is_kept(court: House, people: Cast) -> None:
    with court.pool.connection() as tx:
        tx.execute("delete from memberships where person_id <> %s and shop_id = %s", (people.lin.person_id, people.shop_id))
    no = the_one(court, people)
    propose(court, people.lin, people.shop_id, no, choice(bring(court, people.lin, people, "打包.png")), NOW)

    with pytest.raises(Refused):
        sign(court, people.lin, people.shop_id, no, NOW)
    sign(court, people.lin, people.shop_id, no, NOW, alone=True)

    assert view(court, people).row.dispute.is_signed_alone


def test_it_keeps_exactly_what_was_handed_in(court: House, people: Cast, tmp_path: Path) -> None:
    no = through(court, people, "打包.png", "称重.png")
    bring(court, people.zhou, people, "later.png")

    packet = handed_in(court, people.lin, people.shop_id, no)

    row = view(court, people).row.dispute
    assert packet.sha256 == row.packet_sha256
    assert row.manifest_seq is not None
    manifest = msgspec.json.decode(content_of(court, people.lin, people.shop_id, A, row.manifest_seq)[1], type=Manifest)
    assert [image.name for image in manifest.images] == ["打包.png", "称重.png"]
    assert (manifest.note, manifest.signed_by, manifest.submitted_by_name) == ("少件举证", people.lin.person_id, "小美")
    file = tmp_path / "packet.zip"
    file.write_bytes(packet.content)
    assert verify_packet(file)[1] == ()
    assert not [name for name in zipfile.ZipFile(file).namelist() if "later" in name]


def test_the_to_do_ends_once_the_evidence_is_in_and_it_goes_in_once(court: House, people: Cast) -> None:
    before = due(court, people, "aftersale", CASE)

    no = through(court, people, "打包.png")

    after = due(court, people, "aftersale", CASE)
    assert before is not None
    assert after is not None
    assert (before.state, after.state, after.band, after.closed_at) == ("open", "met", None, NOW + timedelta(hours=1))
    with pytest.raises(Refused):
        submit(court, people.mei, people.shop_id, no, NOW)


def test_a_refund_seen_on_the_case_is_a_ruling_that_can_be_appealed_against_until_the_import_is_undone(court: House, people: Cast, tmp_path: Path) -> None:
    no = through(court, people, "打包.png")
    later = NOW + timedelta(days=2)

    batch = told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=later)
    ruled, appeal_by = view(court, people).row.state, due(court, people, "dispute", str(no))
    undo(court, people.lin, people.shop_id, batch, later)

    assert ruled is DisputeState.RULED_AGAINST
    assert appeal_by is not None
    assert (appeal_by.kind, appeal_by.at_risk, appeal_by.due_at - appeal_by.started_at) == ("appeal_by", 2990, timedelta(days=7))
    assert view(court, people).row.state is DisputeState.SUBMITTED
    assert due(court, people, "dispute", str(no)) is None


def test_what_persons_say_of_the_ruling_goes_before_what_the_case_shows(court: House, people: Cast, tmp_path: Path) -> None:
    no = through(court, people, "打包.png")
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.APPEAL, "补充聊天记录", NOW + timedelta(days=3))
    waiting = due(court, people, "dispute", str(no))
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.WIN_APPEAL, "", NOW + timedelta(days=5))

    assert waiting is not None
    assert waiting.kind == "complaint_answer"
    assert due(court, people, "dispute", str(no)) is None
    rates = win_rates_seen(court, people.lin, people.shop_id, NOW + timedelta(days=5))
    assert [(rate.claim, rate.shown, rate.won, rate.of) for rate in rates] == [
        (ClaimType.MISSING_ITEMS, None, 1, 1),
        (ClaimType.MISSING_ITEMS, (Shows.PACKING,), 1, 1),
    ]


def test_settling_with_the_buyer_leaves_the_to_do_since_only_the_buyer_can_withdraw_the_case(court: House, people: Cast) -> None:
    before = due(court, people, "aftersale", CASE)

    tell_of_dispute(court, people.mei, people.shop_id, the_one(court, people), DisputeEvent.AGREE, "补寄一件就撤销", NOW)

    after = due(court, people, "aftersale", CASE)
    seen = order(court, people.mei, people.shop_id, A, NOW)
    assert before is not None
    assert after is not None
    assert seen is not None
    assert (after.state, after.band, after.due_at) == ("open", before.band, before.due_at)
    (reasons,) = [todo.verdict.because for todo in seen.todos if todo.deadline.kind == "answer_platform"]
    assert AGREED in reasons


def test_a_refund_after_it_was_called_settled_is_a_ruling_until_a_person_says_that_the_shop_paid(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.AGREE, "补寄一件就撤销", NOW)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))
    ruled, appeal_by = view(court, people), due(court, people, "dispute", str(no))

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.AGREE, "是我们退的", NOW + timedelta(days=3))

    paid = dispute_view(court, people.mei, people.shop_id, no, NOW)
    assert (ruled.row.state, DisputeEvent.AGREE in ruled.events) == (DisputeState.RULED_AGAINST, True)
    assert appeal_by is not None
    assert (appeal_by.kind, appeal_by.started_at) == ("appeal_by", NOW + timedelta(days=2))
    assert (paid.row.state, paid.events, paid.row.dispute.grounds) == (DisputeState.SETTLED, (DisputeEvent.TAKE_BACK,), "")
    assert due(court, people, "dispute", str(no)) is None
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(days=4))
    assert view(court, people).row.state is DisputeState.RULED_AGAINST


def test_a_ruling_that_a_person_told_is_taken_back_before_anybody_says_that_the_shop_paid(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "签收异常", NOW)
    ruled, appeal_by = view(court, people), due(court, people, "dispute", str(no))

    with pytest.raises(Refused):
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.AGREE, "是我们退的", NOW + timedelta(minutes=5))

    after = view(court, people)
    assert DisputeEvent.AGREE not in ruled.events
    assert (after.row.state, after.row.dispute.grounds) == (DisputeState.RULED_AGAINST, "签收异常")
    assert appeal_by is not None
    assert due(court, people, "dispute", str(no)) == appeal_by
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(minutes=6))
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))
    assert DisputeEvent.AGREE in view(court, people).events


def test_what_was_settled_by_such_a_word_alone_in_older_data_stays_so(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.AGREE, "", NOW)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))
    with court.pool.connection() as tx:
        tx.execute("update disputes set state = 'dispute_settled', ended_at = null where shop_id = %s and dispute_no = %s", (people.shop_id, no))

    told(court, people, tmp_path, case_row(CASE, A, "退款成功", reason="少件漏发"), at=NOW + timedelta(days=3))

    assert dispute_view(court, people.mei, people.shop_id, no, NOW).row.state is DisputeState.SETTLED
    assert due(court, people, "dispute", str(no)) is None


def test_what_is_due_first_stands_first_however_many_came_since(court: House, people: Cast) -> None:
    first = the_one(court, people)
    with court.pool.connection() as tx:
        tx.execute(LATER_ONES, {"shop_id": people.shop_id, "at": NOW})

    page = disputes_seen(court, people.mei, people.shop_id)
    following = disputes_seen(court, people.mei, people.shop_id, cursor=page.next_cursor)

    assert [row.dispute.dispute_no for row in page.rows if row.due is not None] == [page.rows[0].dispute.dispute_no] == [first]
    assert (len(page.rows), len(following.rows), following.next_cursor) == (30, 11, None)
    assert not {row.dispute.dispute_no for row in page.rows} & {row.dispute.dispute_no for row in following.rows}


def test_what_was_closed_without_a_word_on_how_is_over_and_counts_as_nothing(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)

    told(court, people, tmp_path, case_row(CASE, A, "退款关闭"), at=NOW + timedelta(days=2))

    over = disputes_seen(court, people.mei, people.shop_id, live=False).rows
    assert disputes_seen(court, people.mei, people.shop_id).rows == ()
    assert [(row.dispute.dispute_no, row.state) for row in over] == [(no, DisputeState.HANDED_BACK)]
    assert win_rates_seen(court, people.lin, people.shop_id, NOW + timedelta(days=2)) == ()
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_FOR, "", NOW + timedelta(days=3))
    assert [rate.won for rate in win_rates_seen(court, people.lin, people.shop_id, NOW + timedelta(days=3))][:1] == [1]


@pytest.mark.parametrize("word", [DisputeEvent.AGREE, DisputeEvent.WITHDRAW, DisputeEvent.RULE_FOR, DisputeEvent.RULE_AGAINST, DisputeEvent.RULE_SPLIT])
def test_what_was_said_by_mistake_is_taken_back_and_the_clock_of_the_evidence_runs_on(court: House, people: Cast, word: DisputeEvent) -> None:
    no, before = the_one(court, people), due(court, people, "aftersale", CASE)
    picture = bring(court, people.zhou, people, "打包.png")
    propose(court, people.mei, people.shop_id, no, choice(picture), NOW)
    sign(court, people.lin, people.shop_id, no, NOW)

    tell_of_dispute(court, people.mei, people.shop_id, no, word, "看错了", NOW + timedelta(hours=1))
    back = tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(hours=2))

    after, dispute = due(court, people, "aftersale", CASE), view(court, people).row.dispute
    assert before is not None
    assert after is not None
    assert (after.state, after.band, after.due_at, after.closed_at) == ("open", before.band, before.due_at, None)
    assert (back, dispute.said_at, dispute.remark, dispute.signed_by, dispute.ended_at) == (DisputeState.GATHERING, dispute.noticed_at, "", None, None)
    assert due(court, people, "dispute", str(no)) is None
    propose(court, people.mei, people.shop_id, no, choice(picture), NOW + timedelta(hours=3))
    assert view(court, people).row.state is DisputeState.PROPOSED


def test_what_was_said_by_mistake_after_the_evidence_was_in_leads_back_to_awaiting_the_ruling(court: House, people: Cast) -> None:
    no = through(court, people, "打包.png")
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "", NOW + timedelta(hours=2))

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(hours=3))

    after, dispute = due(court, people, "aftersale", CASE), view(court, people).row.dispute
    assert after is not None
    assert (after.state, after.closed_at, dispute.state) == ("met", NOW + timedelta(hours=1), DisputeState.SUBMITTED)
    assert (dispute.said_at, dispute.signed_by) == (dispute.submitted_at, people.lin.person_id)
    assert due(court, people, "dispute", str(no)) is None
    with pytest.raises(Refused):
        submit(court, people.mei, people.shop_id, no, NOW + timedelta(hours=4))


def test_nobody_takes_back_what_the_case_itself_shows(court: House, people: Cast, tmp_path: Path) -> None:
    no = through(court, people, "打包.png")
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))

    with pytest.raises(Refused):
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(days=3))

    assert DisputeEvent.TAKE_BACK not in view(court, people).events


def test_where_it_was_said_by_mistake_the_refund_is_a_ruling_to_appeal_against_since_it_was_seen(court: House, people: Cast, tmp_path: Path) -> None:
    no = the_one(court, people)
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_FOR, "", NOW)
    told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(days=2))
    settled = dispute_view(court, people.mei, people.shop_id, no, NOW)

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.TAKE_BACK, "", NOW + timedelta(days=3))

    appeal_by = due(court, people, "dispute", str(no))
    assert (settled.row.state, settled.events) == (DisputeState.RULED_FOR, (DisputeEvent.TAKE_BACK,))
    assert view(court, people).row.state is DisputeState.RULED_AGAINST
    assert appeal_by is not None
    assert (appeal_by.kind, appeal_by.started_at) == ("appeal_by", NOW + timedelta(days=2))


@pytest.mark.parametrize("by_word", [False, True])
def test_what_a_colleague_wanted_changed_is_not_quoted_as_the_platforms_grounds(court: House, people: Cast, tmp_path: Path, by_word: bool) -> None:
    no = the_one(court, people)
    propose(court, people.mei, people.shop_id, no, choice(bring(court, people.zhou, people, "打包.png")), NOW)
    send_back(court, people.lin, people.shop_id, no, "图2糊了，重拍", NOW)

    if by_word:
        tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "", NOW + timedelta(hours=1))
    else:
        told(court, people, tmp_path, case_row(CASE, A, "退款成功"), at=NOW + timedelta(hours=1))

    seen = view(court, people)
    assert (seen.row.state, seen.row.dispute.grounds) == (DisputeState.RULED_AGAINST, "")
    assert seen.appeal is not None
    assert "图2糊了" not in seen.appeal.zh
    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.APPEAL, "", NOW + timedelta(hours=2))
    assert view(court, people).row.dispute.remark == ""


def test_a_full_vault_does_not_hinder_what_is_handed_in_from_being_noted(court: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "MOST_OF_AN_ORDER", 1)
    monkeypatch.setattr(packing, "MOST_BYTES", 10)

    no = through(court, people, "打包.png")

    dispute = view(court, people).row.dispute
    _, content = content_of(court, people.lin, people.shop_id, A, dispute.manifest_seq or 0)
    ended = due(court, people, "aftersale", CASE)
    assert (dispute.state, dispute.packet_sha256) == (DisputeState.SUBMITTED, "")
    assert [image.name for image in msgspec.json.decode(content, type=Manifest).images] == ["打包.png"]
    assert ended is not None
    assert ended.state == "met"
    with pytest.raises(Refused):
        handed_in(court, people.lin, people.shop_id, no)
    with pytest.raises(Refused):
        bring(court, people.zhou, people, "称重.png")


def test_nobody_from_outside_sees_or_moves_anything(court: House, people: Cast) -> None:
    no = the_one(court, people)

    with pytest.raises(NotAllowed):
        disputes_seen(court, people.zheng, people.shop_id)
    with pytest.raises(NotAllowed):
        dispute_view(court, people.zheng, people.other_shop_id, no, NOW)
    with pytest.raises(NotAllowed):
        tell_of_dispute(court, people.zheng, people.other_shop_id, no, DisputeEvent.AGREE, "", NOW)


def test_the_to_do_says_how_far_the_evidence_is(court: House, people: Cast) -> None:
    propose(court, people.mei, people.shop_id, the_one(court, people), choice(bring(court, people.zhou, people, "打包.png")), NOW)

    seen = order(court, people.mei, people.shop_id, A, NOW)

    assert seen is not None
    verdicts = [todo.verdict for todo in seen.todos if todo.deadline.kind == "answer_platform"]
    assert [say for say in verdicts[0].because if say.text == "The evidence: {state}."] == [Say("The evidence: {state}.", {"state": "dispute_proposed"})]


def test_a_ruling_stands_among_the_to_dos_and_leads_to_its_dispute(court: House, people: Cast) -> None:
    no = the_one(court, people)

    tell_of_dispute(court, people.mei, people.shop_id, no, DisputeEvent.RULE_AGAINST, "", NOW)

    listed = today(court, people.mei, NOW, shop_ids=(people.shop_id,))
    item = next(item for _, items in listed.groups for item in items if item.deadline.kind == "appeal_by")
    assert (item.verdict.act, place_of(item).href) == (Act.APPEAL, f"/shops/{people.shop_id}/disputes/{no}")
