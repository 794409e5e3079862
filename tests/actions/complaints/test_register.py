"""The register: opened once, due by its rule, ranked, filed within the month, won and lost; malicious orders and wrong deductions put onto it."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.cases.telling import CASE as TOLD_CASE
from tests.actions.cases.telling import ORDER as TOLD_ORDER
from tests.actions.cases.telling import case_told, order_told, platform_tells
from tests.actions.complaints.court import CASE, NOW, A, B, case_row, in_court, told
from tests.cast import Cast
from zhanggui.actions.complaints import Complaint, ComplaintKind, begin_complaint, open_complaint
from zhanggui.actions.complaints.deductions import take_deductions, wrong_deductions
from zhanggui.actions.complaints.instant import complain_of_instant_refund
from zhanggui.actions.complaints.malice import malice_plan, take_malicious
from zhanggui.actions.complaints.seeing import complaints_seen
from zhanggui.actions.complaints.stepping import Told, enter_complaint, step_complaint
from zhanggui.actions.disputes.seeing import disputes_seen
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import add_override
from zhanggui.core.complaints.malice import Malice, MaliceKind
from zhanggui.core.complaints.states import ComplaintEvent, ComplaintState
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.facts import AftersaleState, ClaimedReceipt, InstantRefund, OrderStage
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import complaints, deadlines, locks
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.says import packed

WHY = say("The rules do not bear the deduction out.")
WAITS_FOR_THE_SHOP = """
    select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where datname = current_database() and locktype = 'advisory' and not granted
"""
ON_THE_REGISTER = """
    insert into complaints (shop_id, kind, order_no, because, at_stake, noticed_at, state, stepped_at, filed_at, made_at)
    select %(shop_id)s, %(kind)s, 'other-' || n, %(because)s::json, 100, %(at)s, %(state)s, %(at)s, %(at)s, %(at)s
    from generate_series(1, %(many)s) as n
"""
REFUNDED_FOR_ANOTHER_REASON = """
    insert into aftersales (shop_id, case_no, order_no, kind, state, listed_at, as_of, facts)
    select shop_id, 'n' || n, 'n' || n, kind, state, %(at)s, as_of,
        (facts::jsonb || jsonb_build_object('case_no', 'n' || n, 'order_no', 'n' || n, 'reason', '不想要了'))::json
    from aftersales cross join generate_series(1, %(many)s) as n where shop_id = %(shop_id)s and case_no = %(case_no)s
"""

OF_ONE_BUYER = """
    with same as (
        update aftersales set facts = (facts::jsonb || '{"buyer_masked": "王**"}')::json where shop_id = %(shop_id)s and case_no = %(case_no)s returning *
    )
    insert into aftersales (shop_id, case_no, order_no, kind, state, listed_at, as_of, facts)
    select shop_id, 'n' || n, 'n' || n, kind, state, listed_at, as_of, (facts::jsonb || jsonb_build_object('case_no', 'n' || n, 'order_no', 'n' || n))::json
    from same cross join generate_series(1, %(many)s) as n
"""


@pytest.fixture
def court(house: House, people: Cast, tmp_path: Path) -> House:
    return in_court(house, people, tmp_path)


def about(kind: ComplaintKind = ComplaintKind.ABNORMAL_RETURN, *, order_no: str = A, stake: int = 2990, **more: object) -> Complaint:
    return Complaint(kind=kind, order_no=order_no, because=WHY, at_stake=Fen(stake), **more)  # type: ignore[arg-type]  # fields by name


def begun(house: House, people: Cast, complaint: Complaint, at: datetime = NOW) -> int:
    return begin_complaint(house, people.mei, people.shop_id, complaint, at)


def register(tx: Tx, people: Cast, kind: ComplaintKind, state: ComplaintState, many: int) -> None:
    """Puts many complaints about other orders onto the register."""
    tx.execute(ON_THE_REGISTER, {"shop_id": people.shop_id, "kind": kind.value, "state": state.value, "because": packed(WHY), "many": many, "at": NOW})


def todo(house: House, people: Cast, no: int) -> StoredDeadline | None:
    with house.pool.connection() as tx:
        found = deadlines.of_subjects(tx, people.shop_id, "complaint", [str(no)])
    return found[0] if found else None


def _opened_and_given_up(court: House, people: Cast) -> None:
    with court.pool.connection() as tx:
        open_complaint(tx, court, people.zhou, people.shop_id, about(order_no=B), NOW)
        raise NotAllowed


def test_the_same_is_opened_once_and_in_the_transaction_of_whoever_finds_it(court: House, people: Cast) -> None:
    with court.pool.connection() as tx:
        first = open_complaint(tx, court, people.zhou, people.shop_id, about(case_no=CASE), NOW)
        second = open_complaint(tx, court, people.zhou, people.shop_id, about(case_no=CASE), NOW)
    with pytest.raises(NotAllowed):
        _opened_and_given_up(court, people)

    rows = complaints_seen(court, people.mei, people.shop_id, NOW).rows
    assert first == second
    assert [row.complaint.complaint_no for row in rows] == [first]


@pytest.mark.parametrize(
    ("kind", "rule", "length"),
    [
        (ComplaintKind.INSTANT_REFUND, "pdd.complain_by.wrongful_instant_refund@2015-09-01", timedelta(days=7)),
        (ComplaintKind.ABNORMAL_RETURN, "house.complain_by.abnormal_return@2015-09-01", timedelta(hours=24)),
        (ComplaintKind.MALICIOUS_ORDER, "house.complain_by.malicious_order@2015-09-01", timedelta(days=7)),
        (ComplaintKind.REVIEW_REPORT, "house.complain_by.other@2015-09-01", timedelta(days=7)),
        (ComplaintKind.WRONG_DEDUCTION, "house.complain_by.other@2015-09-01", timedelta(days=7)),
    ],
)
def test_each_kind_has_its_term(court: House, people: Cast, kind: ComplaintKind, rule: str, length: timedelta) -> None:
    row = todo(court, people, begun(court, people, about(kind, noticed_at=NOW - timedelta(hours=2))))

    assert row is not None
    assert (row.kind, row.rule, row.due_at, row.at_risk) == ("complain_by", rule, NOW - timedelta(hours=2) + length, 2990)


def test_a_moment_that_somebody_knows_better_goes_before_the_rule(court: House, people: Cast) -> None:
    due = NOW + timedelta(hours=5)

    row = todo(court, people, begun(court, people, about(due=due)))

    assert row is not None
    assert (row.due_at, row.due_source) == (due, "shop")


def test_it_is_filed_answered_and_filed_once_more(court: House, people: Cast) -> None:
    no = begun(court, people, about())

    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW, Told(ticket="T-1"))
    waiting = todo(court, people, no)
    lost = step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.LOSE, NOW + timedelta(days=1))
    again = step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.APPEAL, NOW + timedelta(days=2))
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.WIN, NOW + timedelta(days=3), Told(got=Fen(2990)))

    assert waiting is not None
    assert (waiting.kind, waiting.due_at) == ("complaint_answer", NOW + timedelta(days=5))
    assert (lost, again) == (ComplaintState.LOST, ComplaintState.FILED)
    assert todo(court, people, no) is None
    over = complaints_seen(court, people.mei, people.shop_id, NOW + timedelta(days=3), live=False).rows
    assert [(row.state, row.complaint.got, row.complaint.ticket, row.complaint.filed_at) for row in over] == [(ComplaintState.WON, 2990, "T-1", NOW)]
    with pytest.raises(Refused):
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)


@pytest.mark.parametrize("word", [ComplaintEvent.WIN, ComplaintEvent.LOSE])
@pytest.mark.parametrize("kind", [ComplaintKind.ABNORMAL_RETURN, ComplaintKind.REVIEW_REPORT])
def test_an_outcome_told_by_mistake_is_taken_back(court: House, people: Cast, word: ComplaintEvent, kind: ComplaintKind) -> None:
    no = begun(court, people, about(kind))
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)
    asked = todo(court, people, no)
    assert asked is not None
    step_complaint(court, people.mei, people.shop_id, no, word, NOW + timedelta(days=1), Told(got=Fen(2990)))

    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.TAKE_BACK, NOW + timedelta(days=2))

    (row,) = complaints_seen(court, people.mei, people.shop_id, NOW + timedelta(days=2)).rows
    waiting = todo(court, people, no)
    assert (row.state, row.complaint.got, row.complaint.filed_at) == (ComplaintState.FILED, None, NOW)
    assert waiting is not None
    assert (waiting.kind, waiting.due_at) == ("complaint_answer", asked.due_at)


def test_what_it_brought_is_kept_where_it_was_won_and_can_be_told_later(court: House, people: Cast) -> None:
    won, lost = begun(court, people, about(ref="1")), begun(court, people, about(ref="2"))
    for no, word in ((won, ComplaintEvent.WIN), (lost, ComplaintEvent.LOSE)):
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)
        step_complaint(court, people.mei, people.shop_id, no, word, NOW, None if no == won else Told(got=Fen(700)))

    for no in (won, lost):
        enter_complaint(court, people.mei, people.shop_id, no, Told(got=Fen(500)), NOW)

    page = complaints_seen(court, people.mei, people.shop_id, NOW, live=False)
    assert {row.complaint.complaint_no: row.complaint.got for row in page.rows} == {won: 500, lost: None}
    assert [(each.won, each.lost, each.got) for each in page.decided] == [(1, 1, 500)]


def test_nobody_writes_over_particulars_that_they_have_not_seen(court: House, people: Cast) -> None:
    no = begun(court, people, about())
    seen = complaints_seen(court, people.mei, people.shop_id, NOW).rows[0].complaint.version
    step_complaint(court, people.lin, people.shop_id, no, ComplaintEvent.FILE, NOW, Told(ticket="T123"))

    with pytest.raises(Refused):
        enter_complaint(court, people.mei, people.shop_id, no, Told(ticket="", note="先问问"), NOW, seen=seen)

    row = complaints_seen(court, people.mei, people.shop_id, NOW).rows[0].complaint
    enter_complaint(court, people.mei, people.shop_id, no, Told(note="先问问"), NOW, seen=row.version)
    assert (row.ticket, row.note) == ("T123", "")


def test_ten_malicious_orders_a_month_and_a_win_gives_one_back(court: House, people: Cast) -> None:
    listed = [begun(court, people, about(ComplaintKind.MALICIOUS_ORDER, stake=0, ref=str(n))) for n in range(12)]
    for no in listed[:10]:
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)

    with pytest.raises(Refused):
        step_complaint(court, people.mei, people.shop_id, listed[10], ComplaintEvent.FILE, NOW)
    step_complaint(court, people.mei, people.shop_id, listed[0], ComplaintEvent.WIN, NOW)
    step_complaint(court, people.mei, people.shop_id, listed[10], ComplaintEvent.FILE, NOW)
    with pytest.raises(Refused):
        step_complaint(court, people.mei, people.shop_id, listed[11], ComplaintEvent.FILE, NOW)
    step_complaint(court, people.mei, people.shop_id, listed[11], ComplaintEvent.FILE, NOW, beyond_quota=True)

    this_month = complaints_seen(court, people.mei, people.shop_id, NOW).quotas[0][1]
    next_month = complaints_seen(court, people.mei, people.shop_id, datetime(2026, 4, 1, tzinfo=UTC)).quotas[0][1]
    assert (this_month.filed, this_month.given_back, this_month.left) == (12, 1, 0)
    assert next_month.left == 10


def test_two_who_file_at_once_do_not_both_get_the_last_of_the_month(court: House, people: Cast) -> None:
    listed = [begun(court, people, about(ComplaintKind.MALICIOUS_ORDER, stake=0, ref=str(n))) for n in range(11)]
    for no in listed[:9]:
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)

    with ThreadPoolExecutor(2) as hands:
        with court.pool.connection() as tx:
            tx.execute("lock table journal in share mode")  # whoever files waits here, with the quota asked already
            filing = [hands.submit(step_complaint, court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW) for no in listed[9:]]
            _until_two_wait(court)
        outcomes = [type(each.exception()) for each in filing]

    assert sorted(outcomes, key=str) == [type(None), Refused]


def _until_two_wait(house: House) -> None:
    for _ in range(200):
        with house.pool.connection() as tx:
            row = tx.execute("select count(*) from pg_locks where not granted").fetchone()
        if row is not None and row[0] >= 2:
            return
        time.sleep(0.02)
    raise AssertionError


def test_what_may_bring_most_soonest_stands_first(court: House, people: Cast) -> None:
    small_soon = begun(court, people, about(stake=2000, due=NOW + timedelta(hours=2)))
    large_later = begun(court, people, about(ComplaintKind.REVIEW_REPORT, stake=3000))
    large_soon = begun(court, people, about(ComplaintKind.WRONG_DEDUCTION, stake=90000, due=NOW + timedelta(hours=2)))
    over = begun(court, people, about(ComplaintKind.INSTANT_REFUND, order_no=B, stake=99999, due=NOW - timedelta(hours=1)))
    late = begun(court, people, about(order_no=B, stake=3000, due=NOW - timedelta(hours=1)))

    rows = complaints_seen(court, people.mei, people.shop_id, NOW).rows

    assert [row.complaint.complaint_no for row in rows] == [large_soon, late, small_soon, large_later, over]
    assert [row.expected for row in rows] == [54000, 1500, 1000, 600, 40000]


def test_one_that_came_first_is_ranked_however_many_came_since(court: House, people: Cast) -> None:
    old = begun(court, people, about(stake=90000))
    with court.pool.connection() as tx:
        register(tx, people, ComplaintKind.REVIEW_REPORT, ComplaintState.TO_FILE, 300)

    page = complaints_seen(court, people.mei, people.shop_id, NOW)
    following = complaints_seen(court, people.mei, people.shop_id, NOW, cursor=page.next_cursor)

    assert page.rows[0].complaint.complaint_no == old
    assert len(page.rows) == len(following.rows) == 30
    assert not {row.complaint.complaint_no for row in page.rows} & {row.complaint.complaint_no for row in following.rows}


def test_the_one_that_is_asked_for_is_there_whatever_became_of_it(court: House, people: Cast) -> None:
    lost, live = begun(court, people, about()), begun(court, people, about(ComplaintKind.REVIEW_REPORT))
    for event in (ComplaintEvent.FILE, ComplaintEvent.LOSE):
        step_complaint(court, people.mei, people.shop_id, lost, event, NOW)

    asked = {no: complaints_seen(court, people.mei, people.shop_id, NOW, first=no).rows for no in (lost, live, 404)}

    assert [[row.complaint.complaint_no for row in rows] for rows in asked.values()] == [[lost, live], [live], [live]]
    assert [row.is_live for row in asked[lost]] == [False, True]


def test_the_chance_follows_the_shops_own_past(court: House, people: Cast) -> None:
    for n in range(5):
        no = begun(court, people, about(ref=str(n)))
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)
        step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.WIN, NOW)

    chance = complaints_seen(court, people.mei, people.shop_id, NOW).chances[ComplaintKind.ABNORMAL_RETURN]

    assert (chance.share, chance.decided) == (0.75, 5)
    assert 0.5 < chance.low < 0.6
    assert chance.high == 1.0


def test_it_takes_no_nonsense(court: House, people: Cast) -> None:
    for wrong in (about(order_no="260301-404"), about(stake=-1), about(stake=10**12)):
        with pytest.raises(Refused):
            begun(court, people, wrong)
    with pytest.raises(Refused):
        begun(court, people, Complaint(kind=ComplaintKind.REVIEW_REPORT, order_no=A, because=say("{text}", text=""), at_stake=Fen(0)))
    with pytest.raises(NotAllowed):
        begin_complaint(court, people.zheng, people.shop_id, about(), NOW)
    no = begun(court, people, about())
    with pytest.raises(NotAllowed):
        enter_complaint(court, people.zheng, people.other_shop_id, no, Told(note="x"), NOW)
    with pytest.raises(Refused):
        enter_complaint(court, people.mei, people.shop_id, no, Told(note="x" * 1001), NOW)


def test_what_somebody_types_as_the_reason_is_masked(court: House, people: Cast) -> None:
    told = say("{text}", text=" 订单260301-111111111111111的买家13912345678威胁差评 ")
    no = begun(court, people, Complaint(kind=ComplaintKind.ABNORMAL_RETURN, order_no=A, because=told, at_stake=Fen(0)))

    with court.pool.connection() as tx:
        (kept,) = complaints.numbered(tx, people.shop_id, [no])
    assert kept.because == say("{text}", text="订单260301-111111111111111的买家139****5678威胁差评")


def test_a_bad_return_decides_what_the_dispute_is_about(house: House, people: Cast, tmp_path: Path) -> None:
    in_court(house, people, tmp_path)
    begun(house, people, about(order_no=B, case_no="8802"))

    told(house, people, tmp_path, case_row("8802", B, reason="质量问题"), at=NOW + timedelta(minutes=1))

    claims = {row.dispute.case_no: row.claim for row in disputes_seen(house, people.mei, people.shop_id).rows}
    assert claims == {CASE: ClaimType.MISSING_ITEMS, "8802": ClaimType.BAD_RETURN}


def quarrel(house: House, people: Cast, folder: Path, threatened: Sequence[str] = (A,)) -> None:
    """Both orders are refunded for their quality; the buyer of the first threatened, or those of other ones."""
    told(
        house,
        people,
        folder,
        case_row(CASE, A, "退款成功", reason="质量问题"),
        case_row("8802", B, "退款成功", reason="质量问题"),
        at=NOW + timedelta(minutes=1),
    )
    wrote = {"fact": "message", "speaker": "buyer", "at": "2026-03-07T12:00:00+00:00", "text": "不赔我就给差评"}
    lines = [json.dumps(wrote | {"message_no": f"m{no}", "order_no": no}, ensure_ascii=False) + "\n" for no in threatened]
    file = folder / "messages.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    view = preview(house, people.lin, people.shop_id, [file], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)


def test_it_picks_the_orders_that_count_and_bear_signs(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)

    plan = malice_plan(court, people.mei, people.shop_id, NOW)

    assert [(each.gain.order_no, each.signs[0].kind, each.is_picked) for each in plan.suspects] == [(A, MaliceKind.THREAT, True)]
    assert (plan.counted, plan.formed, plan.without_signs, plan.percent, plan.percent_after) == (2, 2, 1, 100.0, 50.0)
    with pytest.raises(Refused):
        take_malicious(court, people.mei, people.shop_id, [B], NOW)


def test_the_register_keeps_nothing_of_what_the_buyer_wrote(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)

    take_malicious(court, people.mei, people.shop_id, [A], NOW)

    with court.pool.connection() as tx:
        row = complaints.of_orders(tx, people.shop_id, [A])[0]
    assert (row.kind, row.case_no) == ("malicious_order", CASE)
    assert "差评" not in row.because_text
    assert malice_plan(court, people.mei, people.shop_id, NOW).suspects[0].complaint_no == row.complaint_no


def test_what_the_buyer_wrote_is_shown_to_those_alone_who_may_read_the_talk(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)

    (to_rep,), (to_packer,) = (malice_plan(court, each, people.shop_id, NOW).suspects for each in (people.mei, people.zhou))

    assert (to_rep.signs[0].kind, to_rep.signs[0].told) == (MaliceKind.THREAT, "不赔我就给差评")
    assert (to_packer.signs[0].kind, to_packer.signs[0].told) == (MaliceKind.THREAT, "")


def test_an_order_whose_complaint_was_won_counts_no_more(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)
    take_malicious(court, people.mei, people.shop_id, [A], NOW)
    with court.pool.connection() as tx:
        no = complaints.of_orders(tx, people.shop_id, [A])[0].complaint_no
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)
    filed = malice_plan(court, people.mei, people.shop_id, NOW)
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.WIN, NOW)

    won = malice_plan(court, people.mei, people.shop_id, NOW)

    assert (filed.counted, len(filed.suspects), filed.percent) == (2, 1, 100.0)
    assert (won.counted, won.suspects, won.percent, won.without_signs) == (1, (), 50.0, 1)


def test_a_buyer_who_asks_again_and_again_bears_that_sign_after_a_complaint_about_one_order_was_won(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path, (B,))
    with court.pool.connection() as tx:
        tx.execute(OF_ONE_BUYER, {"shop_id": people.shop_id, "case_no": CASE, "many": 2})
    before = malice_plan(court, people.mei, people.shop_id, NOW)
    take_malicious(court, people.mei, people.shop_id, [A], NOW)
    with court.pool.connection() as tx:
        no = complaints.of_orders(tx, people.shop_id, [A])[0].complaint_no
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.FILE, NOW)
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.WIN, NOW)

    after = malice_plan(court, people.mei, people.shop_id, NOW)

    signs = [{each.gain.order_no: each.signs for each in plan.suspects} for plan in (before, after)]
    repeats, threatens = (Malice(MaliceKind.REPEAT, "3"),), (Malice(MaliceKind.THREAT, "不赔我就给差评"),)
    assert signs == [{A: repeats, "n1": repeats, "n2": repeats, B: threatens}, {"n1": repeats, "n2": repeats, B: threatens}]


def test_what_waits_about_an_order_that_counts_no_more_takes_one_of_the_month_too(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)
    with court.pool.connection() as tx:
        register(tx, people, ComplaintKind.MALICIOUS_ORDER, ComplaintState.TO_FILE, 10)

    plan = malice_plan(court, people.mei, people.shop_id, NOW)

    assert (plan.to_file, [each.is_picked for each in plan.suspects]) == (10, [False])


def test_what_waits_to_be_filed_takes_one_of_those_that_are_left(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path, (A, B))
    with court.pool.connection() as tx:
        register(tx, people, ComplaintKind.MALICIOUS_ORDER, ComplaintState.FILED, 9)
    before = malice_plan(court, people.mei, people.shop_id, NOW)
    (picked,) = [each.gain.order_no for each in before.suspects if each.is_picked]
    take_malicious(court, people.mei, people.shop_id, [picked], NOW)

    after = malice_plan(court, people.mei, people.shop_id, NOW)

    assert (before.quota.left, before.to_file) == (1, 0)
    assert (after.quota.left, after.to_file, len(after.suspects)) == (1, 1, 2)
    assert not any(each.is_picked for each in after.suspects)


def test_what_somebody_dropped_is_not_picked_again(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)
    no = begun(court, people, about(ComplaintKind.MALICIOUS_ORDER, case_no=CASE, stake=0))
    step_complaint(court, people.mei, people.shop_id, no, ComplaintEvent.DROP, NOW)

    (suspect,) = malice_plan(court, people.mei, people.shop_id, NOW).suspects

    assert (suspect.complaint_no, suspect.is_picked) == (no, False)


def test_every_refund_of_the_month_is_looked_at(court: House, people: Cast, tmp_path: Path) -> None:
    quarrel(court, people, tmp_path)
    with court.pool.connection() as tx:
        tx.execute(REFUNDED_FOR_ANOTHER_REASON, {"shop_id": people.shop_id, "case_no": CASE, "many": 3000, "at": NOW})

    assert malice_plan(court, people.mei, people.shop_id, NOW).counted == 2


def test_wrong_deductions_become_appeals(court: House, people: Cast, tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    told_twice = f"{A},2026-03-07 10:00:00,,5.00,其他,延迟发货_扣款"
    file.write_text(
        "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注\n" + told_twice + "\n" + told_twice.replace("07 10", "07 11") + "\n",
        encoding="utf-8",
    )
    view = preview(court, people.lin, people.shop_id, [file], NOW, as_of=NOW)
    confirm(court, people.lin, people.shop_id, view.batch_id, NOW)

    wrong = wrong_deductions(court, people.lin, people.shop_id, NOW)
    taken = take_deductions(court, people.lin, people.shop_id, tuple(each.line_no for each in wrong), NOW)

    assert taken == len(wrong) >= 1
    row = complaints_seen(court, people.lin, people.shop_id, NOW).rows[0]
    assert (row.kind, row.complaint.at_stake) == (ComplaintKind.WRONG_DEDUCTION, wrong[0].too_much)
    assert wrong_deductions(court, people.lin, people.shop_id, NOW)[0].complaint_no is not None
    with pytest.raises(Refused):
        take_deductions(court, people.lin, people.shop_id, ("no such line",), NOW)


def test_a_rule_of_the_shops_own_moves_what_is_to_be_filed(court: House, people: Cast) -> None:
    no = begun(court, people, about())
    rule = {
        "id": "own.complain_by",
        "question": "complain_by",
        "title": {"zh": "两小时内", "en": "Within two hours"},
        "effective_from": "2026-01-01",
        "scope": {"complaint": ["abnormal_return"]},
        "term": {"hours": 2},
        "source": "our own notice",
        "checked": "2026-03-01",
        "basis": "assumed",
    }

    add_override(court, people.lin, people.shop_id, rule, NOW)

    row = todo(court, people, no)
    assert row is not None
    assert (row.due_at, row.due_source, row.rule) == (NOW + timedelta(hours=2), "shop", "own.complain_by@2026-01-01")


def test_a_complaint_about_an_instant_refund_has_the_seven_days_of_its_case(house: House, people: Cast) -> None:
    paid_at, looked_at = NOW, NOW + timedelta(days=5)
    told = {"state": AftersaleState.REFUNDED, "status_code": 5, "is_instant": True, "instant_refund": InstantRefund.SUCCEEDED, "shipped": True}
    case = case_told(paid_at, claimed_receipt=ClaimedReceipt.RECEIVED, **told)
    platform_tells(house, people.shop_id, [order_told(paid_at, stage=OrderStage.RECEIVED, received_at=paid_at), case], paid_at)

    complaint_no = complain_of_instant_refund(house, people.mei, people.shop_id, TOLD_CASE, looked_at)

    with house.pool.connection() as tx:
        (running,) = [row for row in deadlines.of_subjects(tx, people.shop_id, "complaint", [str(complaint_no)]) if row.band is not None]
    assert (running.due_at, running.at_risk) == (paid_at + timedelta(days=7), 5990)
    assert complain_of_instant_refund(house, people.mei, people.shop_id, TOLD_CASE, looked_at) == complaint_no
    with pytest.raises(NotAllowed):
        complain_of_instant_refund(house, people.zheng, people.shop_id, TOLD_CASE, looked_at)


@pytest.mark.parametrize("by_case", [True, False])
def test_one_about_an_instant_refund_is_begun_once_the_import_under_way_is_stored(house: House, people: Cast, by_case: bool) -> None:
    instant = case_told(NOW, state=AftersaleState.REFUNDED, status_code=5, is_instant=True, instant_refund=InstantRefund.SUCCEEDED, shipped=True)
    platform_tells(house, people.shop_id, [order_told(NOW), instant], NOW)

    def begin() -> int:
        if by_case:
            return complain_of_instant_refund(house, people.mei, people.shop_id, TOLD_CASE, NOW)
        return begun(house, people, about(ComplaintKind.INSTANT_REFUND, order_no=TOLD_ORDER, case_no=TOLD_CASE))

    with ThreadPoolExecutor(1) as beside, house.pool.connection() as importing:
        locks.hold_shop(importing, people.shop_id)
        beginning = beside.submit(begin)
        while not beginning.done() and not importing.execute(WAITS_FOR_THE_SHOP).fetchone():
            time.sleep(0.01)
        waits = not beginning.done()
        importing.rollback()

    assert (waits, beginning.exception()) == (True, None)


def test_there_is_nothing_to_complain_about_where_no_money_went_back_at_once(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW)], NOW)

    with pytest.raises(Refused):
        complain_of_instant_refund(house, people.mei, people.shop_id, TOLD_CASE, NOW)
