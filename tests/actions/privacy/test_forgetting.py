"""A buyer is forgotten everywhere, once nothing runs any more; the chains still hold, and what is told again is forgotten again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg import sql

from tests.actions.privacy.scene import LATER, MARK, NAME, NOW, PHONE, A, B, bring, dumped, lines, lived, tracked
from tests.cast import Cast
from zhanggui.actions.alerting.raising import raise_alert
from zhanggui.actions.complaints import Complaint, ComplaintKind, begin_complaint
from zhanggui.actions.complaints.stepping import step_complaint
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.evidence import verify_shop
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.notes import add_note
from zhanggui.actions.privacy import keeping
from zhanggui.actions.privacy.forgetting import Whom, forget_again, forget_buyer, found_by
from zhanggui.actions.privacy.keeping import keep_terms, set_retention
from zhanggui.actions.refused import Refused
from zhanggui.core.alerts.matters import Matter
from zhanggui.core.complaints.states import ComplaintEvent
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts, FactKind, Facts, MessageFacts, OrderFacts, ReviewFacts
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import around, forgetting, recalls
from zhanggui.records.facts import TABLES
from zhanggui.records.says import packed

C = "260301-333333333333333"
"""An order that no file told of."""
ABOUT_B = f"{NAME} 2026-03-04 16:00\n{MARK}另一单呢\n客服小美 2026-03-04 16:02\n{MARK}也到了\n"
FACTS_OF: dict[str, type[Facts]] = {"orders": OrderFacts, "aftersales": AftersaleFacts, "reviews": ReviewFacts, "messages": MessageFacts}


def taken_away(kind: type[Facts]) -> set[str]:
    """The fields of which forgetting leaves nothing."""
    fields = [field for field in msgspec.structs.fields(kind) if field.default is None or field.name == "text"]
    plain: dict[str, Any] = {field.name: MARK for field in msgspec.structs.fields(kind) if field.required}
    return {field.name for field in fields if getattr(forgetting.forgotten(kind(**(plain | {field.name: MARK}))), field.name) != MARK}


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    return lived(house, people, tmp_path)


def test_nothing_of_a_forgotten_buyer_is_left_and_nobody_else_loses_a_word(shop: House, people: Cast) -> None:
    before = dumped(shop)

    came = forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, reason="买家来信要求", with_evidence=True)

    after = dumped(shop)
    assert (MARK in before, MARK in after, came.order_nos, came.pieces_kept) == (True, False, (A,), 0)
    assert before.count("长颈鹿") == after.count("长颈鹿")
    assert {"orders", "aftersales", "reviews", "messages", "sightings.order", "threads", "notes", "text_numbers", "evidence"} <= set(came.counts)
    with shop.pool.connection() as tx:
        left = around.orders(tx, people.shop_id, [A])[A].facts
    assert (left.pay_amount, left.province, left.receiver_masked) == (2990, "浙江省", None)


def test_the_chain_of_evidence_still_holds_and_tells_that_a_piece_was_taken_away(shop: House, people: Cast) -> None:
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    judged = verify_shop(shop, people.lin, people.shop_id)
    with shop.pool.connection() as tx:
        tx.execute("update evidence set note = 'changed' where order_no = %s", (B,))
    again = verify_shop(shop, people.lin, people.shop_id)

    assert (judged.findings, judged.entries, judged.redacted) == ((), 2, 1)
    assert [finding.seq for finding in again.findings] == [2]


def test_pieces_of_the_vault_stay_until_their_term_unless_they_are_asked_for(shop: House, people: Cast) -> None:
    came = forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER)

    assert came.pieces_kept == 1
    assert f"{MARK}签收" in dumped(shop)


def test_a_buyer_is_found_by_the_name_of_a_talk_or_a_number_through_their_digests(shop: House, people: Cast) -> None:
    assert found_by(shop, people.lin, people.shop_id, Whom(name=NAME), NOW).order_nos == (A,)
    assert found_by(shop, people.lin, people.shop_id, Whom(phone=PHONE), NOW).order_nos == (A,)
    with pytest.raises(Refused, match="knows nobody"):
        found_by(shop, people.lin, people.shop_id, Whom(name="快乐的长颈鹿"), NOW)


def test_it_refuses_while_anything_still_runs_and_changes_nothing(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, [{**lines(A)[0], "as_of": "2026-03-21 10:00:00", "stage": "to_ship", "received_at": None}], NOW + timedelta(days=2))
    before = dumped(shop)

    with pytest.raises(Refused, match="still runs"):
        forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), NOW + timedelta(days=2))

    assert dumped(shop) == before


def test_what_is_told_again_is_forgotten_again(shop: House, people: Cast, tmp_path: Path) -> None:
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)
    bring(shop, people, tmp_path, [{**one, "as_of": "2026-04-20 10:00:00"} for one in lines(A)], LATER + timedelta(days=12))
    told = MARK in dumped(shop)

    forget_again(shop, LATER + timedelta(days=40))

    assert (told, MARK in dumped(shop)) == (True, False)


def test_what_is_told_again_in_any_field_that_was_taken_away_is_noticed(shop: House, people: Cast) -> None:
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER)
    unnoticed = []

    with shop.pool.connection() as tx:
        for table, facts in FACTS_OF.items():
            for field in sorted(taken_away(facts)):
                value = [MARK] if field == "picture_addresses" else MARK
                tell = sql.SQL("update {} set facts = (facts::jsonb || %s::jsonb)::json where order_no = %s").format(sql.Identifier(table))
                tx.execute(tell, (json.dumps({field: value}), A))
                if [A] not in forgetting.told_again(tx, people.shop_id, 10).values():
                    unnoticed.append(f"{table}.{field}")
                tx.rollback()

    assert unnoticed == []


def test_what_an_older_file_tells_afterwards_is_forgotten_too(shop: House, people: Cast, tmp_path: Path) -> None:
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)
    bring(shop, people, tmp_path, [{**one, "as_of": "2026-03-07 10:00:00"} for one in lines(A)], LATER + timedelta(days=12))
    told = MARK in dumped(shop)

    forget_again(shop, LATER + timedelta(days=40))

    assert (told, MARK in dumped(shop)) == (True, False)


@pytest.mark.parametrize(("fact", "as_of"), [("order", "2026-03-07"), ("aftersale", "2026-03-07"), ("review", "2026-03-07"), ("message", "2026-04-20")])
def test_what_is_told_again_without_changing_what_is_known_is_forgotten_too(shop: House, people: Cast, tmp_path: Path, fact: str, as_of: str) -> None:
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)
    alone = [{**one, "as_of": f"{as_of} 10:00:00"} for one in lines(A) if one["fact"] == fact]
    bring(shop, people, tmp_path, alone, LATER + timedelta(days=12))
    told = _tells_of_the_buyer(shop)

    forget_again(shop, LATER + timedelta(days=40))

    assert (told, _tells_of_the_buyer(shop)) == (True, False)
    with shop.pool.connection() as tx:
        assert forgetting.told_again(tx, people.shop_id, 10) == {}


def test_an_import_that_told_of_the_case_or_the_review_alone_keeps_no_example_of_it(shop: House, people: Cast, tmp_path: Path) -> None:
    _, case, review, *_ = lines(A)
    del case["order_no"]
    told = [
        {**case, "as_of": "2026-03-11 10:00:00", "remark": f"{MARK}又来电"},
        {**review, "as_of": "2026-03-11 10:00:00", "reply": f"再谢{MARK}"},
    ]
    bring(shop, people, tmp_path, told, NOW + timedelta(hours=1))

    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    assert MARK not in dumped(shop)


def test_a_refused_row_that_names_the_case_alone_is_emptied(shop: House, people: Cast, tmp_path: Path) -> None:
    case = {key: value for key, value in lines(A)[1].items() if key != "order_no"}
    bring(shop, people, tmp_path, [{**case, "as_of": "2026-03-11 10:00:00", "kind": f"{MARK}?"}], NOW + timedelta(hours=1))
    with shop.pool.connection() as tx:
        refused = tx.execute("select count(*) from quarantine where strpos(cells::text, %s) > 0", (MARK,)).fetchone()

    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    assert (refused, MARK in dumped(shop)) == ((1,), False)


def test_the_reason_of_a_mark_on_any_of_its_to_dos_goes(shop: House, people: Cast) -> None:
    with shop.pool.connection() as tx:
        tx.execute("update deadlines set subject_kind = 'review', subject_no = 'R111111' where order_no = %s and subject_kind = 'order'", (A,))
        tx.execute(
            "insert into todo_marks (shop_id, subject_kind, subject_no, kind, mark, reason, made_at) values (%s, 'review', 'R111111', 'reply', 'done', %s, %s)",
            (people.shop_id, f"{MARK}要求的", NOW),
        )

    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    assert MARK not in dumped(shop)


def test_what_was_typed_as_the_reason_of_a_complaint_or_a_recall_goes(shop: House, people: Cast) -> None:
    why = say("{text}", text=f"{MARK}威胁差评")
    complaint = Complaint(kind=ComplaintKind.ABNORMAL_RETURN, order_no=A, because=why, at_stake=Fen(0))
    no = begin_complaint(shop, people.mei, people.shop_id, complaint, NOW)
    matter = Matter(
        kind=DeadlineKind.COMPLAIN_BY, subject=Subject(SubjectKind.COMPLAINT, str(no)), act=say("File the complaint with the platform"), because=why,
        due_at=NOW, money=Fen(0), is_money_clock=False, assignee=None, is_watched=True,
    )  # fmt: skip
    with shop.pool.connection() as tx:
        raise_alert(tx, people.shop_id, matter, NOW)
        recalls.insert(
            tx, people.shop_id, order_no=A, tracking_no="YT1", carrier=None, because=packed(why), worth=0, left_at=None, asked_at=NOW, asked_by=None,
            said="recall_dropped",
        )  # fmt: skip
    for event in (ComplaintEvent.FILE, ComplaintEvent.WIN):
        step_complaint(shop, people.mei, people.shop_id, no, event, NOW)
    held = dumped(shop).count(f"{MARK}威胁差评")

    came = forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    assert (held, MARK in dumped(shop)) == (3, False)
    assert {"complaints", "recalls", "alerts"} <= set(came.counts)


def test_a_refused_row_older_than_its_term_says_nothing_in_any_place(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, [{**lines(A)[1], "as_of": "2026-03-11 10:00:00", "kind": f"{MARK}?"}], NOW + timedelta(hours=1))

    keep_terms(shop, NOW + timedelta(days=91))

    with shop.pool.connection() as tx:
        said = tx.execute("select count(*) from quarantine where strpos(concat(cells, reason), %s) > 0", (MARK,)).fetchone()
        shown = tx.execute("select count(*) from batches where strpos(outcome::text, %s) > 0", (f"{MARK}?",)).fetchone()
    assert (said, shown) == ((0,), (0,))


def test_only_who_looks_after_personal_data_may(shop: House, people: Cast) -> None:
    for who in (people.mei, people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            forget_buyer(shop, who, people.shop_id, Whom(order_no=A), LATER)


def test_what_is_older_than_its_term_goes_by_itself(shop: House, people: Cast) -> None:
    set_retention(shop, people.lin, people.shop_id, "talks", 30, LATER)

    keep_terms(shop, LATER + timedelta(days=30))
    talks = dumped(shop)
    keep_terms(shop, LATER + timedelta(days=1200))

    assert f"{MARK}怎么还没到" not in talks
    assert f"{MARK}要快" in talks
    assert MARK not in dumped(shop)
    assert verify_shop(shop, people.lin, people.shop_id).findings == ()


def test_a_note_on_a_case_that_still_runs_outlives_its_term(shop: House, people: Cast, tmp_path: Path) -> None:
    case = lines(A)[1]
    bring(shop, people, tmp_path, [{**case, "as_of": "2026-03-21 10:00:00", "state": "platform_handles"}], NOW + timedelta(days=2))
    add_note(shop, people.mei, people.shop_id, Subject(SubjectKind.AFTERSALE, case["case_no"]), "平台要的凭证", NOW + timedelta(days=2))
    set_retention(shop, people.lin, people.shop_id, "talks", 30, LATER)

    keep_terms(shop, LATER + timedelta(days=40))

    with shop.pool.connection() as tx:
        kept = [kind for (kind,) in tx.execute("select subject_kind from notes where text <> '' order by subject_kind")]
    assert kept == ["aftersale", "order"]


def test_a_talk_in_which_somebody_still_waits_outlives_its_term(shop: House, people: Cast) -> None:
    with shop.pool.connection() as tx:
        tx.execute("update threads set order_no = null, waiting_since = last_at")
    set_retention(shop, people.lin, people.shop_id, "talks", 30, LATER)

    keep_terms(shop, LATER + timedelta(days=30))

    with shop.pool.connection() as tx:
        assert tx.execute("select count(*) from conversation_messages where said <> ''").fetchone() == (2,)


def test_a_talk_leads_to_every_order_it_was_ever_about(shop: House, people: Cast) -> None:
    take_paste(shop, people.mei, people.shop_id, ABOUT_B, NOW, order_no=B)

    meant = found_by(shop, people.lin, people.shop_id, Whom(name=NAME), LATER)
    forget_buyer(shop, people.lin, people.shop_id, Whom(name=NAME), LATER, with_evidence=True)

    with shop.pool.connection() as tx:
        now_about = tx.execute("select order_no from threads").fetchall()
    assert (meant.order_nos, len(meant.talks), meant.talks_alone, now_about) == ((A, B), 1, 0, [(B,)])
    assert words_left(shop) == (0, 0, 0)
    assert MARK not in dumped(shop)


def test_while_words_about_another_order_are_left_their_buyer_is_still_found(shop: House, people: Cast) -> None:
    take_paste(shop, people.mei, people.shop_id, ABOUT_B, NOW, order_no=B)

    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=B), LATER)
    meant = found_by(shop, people.lin, people.shop_id, Whom(name=NAME), LATER)
    forget_buyer(shop, people.lin, people.shop_id, Whom(name=NAME), LATER)

    assert A in meant.order_nos
    assert words_left(shop) == (0, 0, 0)
    with pytest.raises(Refused, match="knows nobody"):
        found_by(shop, people.lin, people.shop_id, Whom(name=NAME), LATER)


def test_a_buyer_who_never_ordered_is_forgotten_by_name(shop: House, people: Cast) -> None:
    take_paste(shop, people.mei, people.shop_id, "路过的丹顶鹤 2026-03-03 16:00\n丹顶鹤想问问\n客服小美 2026-03-03 16:02\n您好\n", NOW)
    whom = Whom(name="路过的丹顶鹤")
    before = words_left(shop)

    with shop.pool.connection() as tx:
        tx.execute("update threads set waiting_since = last_at where order_no is null")
    with pytest.raises(Refused, match="waits for an answer"):
        forget_buyer(shop, people.lin, people.shop_id, whom, LATER)
    untouched = words_left(shop)
    with shop.pool.connection() as tx:
        tx.execute("update threads set waiting_since = null where order_no is null")
    meant = found_by(shop, people.lin, people.shop_id, whom, LATER)
    came = forget_buyer(shop, people.lin, people.shop_id, whom, LATER)

    assert (meant.order_nos, meant.talks_alone, came.order_nos, came.talks_alone) == ((), 1, (), 1)
    assert (untouched, words_left(shop)) == (before, (before[0] - 2, *before[1:]))
    assert "丹顶鹤" not in dumped(shop)
    with pytest.raises(Refused, match="knows nobody"):
        found_by(shop, people.lin, people.shop_id, whom, LATER)


def test_what_was_said_about_an_earlier_order_of_a_talk_goes_with_its_term_too(shop: House, people: Cast) -> None:
    take_paste(shop, people.mei, people.shop_id, ABOUT_B, NOW, order_no=B)
    set_retention(shop, people.lin, people.shop_id, "talks", 30, LATER)

    keep_terms(shop, LATER + timedelta(days=40))

    assert words_left(shop) == (0, 0, 0)


def test_what_was_said_stays_while_its_order_is_still_talked_about(shop: House, people: Cast, tmp_path: Path) -> None:
    late = {**lines(A)[3], "message_no": "M-late", "at": "2026-04-08 09:00:00", "as_of": "2026-04-08 10:00:00"}
    bring(shop, people, tmp_path, [late], LATER)
    set_retention(shop, people.lin, people.shop_id, "talks", 30, LATER)

    keep_terms(shop, LATER + timedelta(days=15))

    with shop.pool.connection() as tx:
        told = [no for (no,) in tx.execute("select distinct order_no from messages where facts ->> 'text' <> ''")]
    assert told == [A]


def test_the_buyer_of_an_order_that_was_never_imported_is_forgotten(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, lines(C, "丹顶鹤")[1:], NOW)
    held = "丹顶鹤" in dumped(shop)

    came = forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=C), LATER)

    assert (held, came.order_nos, "丹顶鹤" in dumped(shop)) == (True, (C,), False)
    with pytest.raises(Refused, match="knows nobody"):
        forget_buyer(shop, people.lin, people.shop_id, Whom(order_no="260301-444444444444444"), LATER)


def test_each_kind_of_thing_alone_leads_to_an_order_that_was_never_imported(shop: House, people: Cast, tmp_path: Path) -> None:
    for days, one in enumerate(lines(C, "丹顶鹤")[1:4]):
        bring(shop, people, tmp_path, [{**one, "order_no": f"{C}{days}"}], NOW + timedelta(minutes=days))

        assert found_by(shop, people.lin, people.shop_id, Whom(order_no=f"{C}{days}"), LATER).order_nos == (f"{C}{days}",)


def test_what_hangs_on_no_imported_order_goes_with_its_term(shop: House, people: Cast, tmp_path: Path) -> None:
    _, case, review, *_ = lines(C, "丹顶鹤")
    bare = {key: value for key, value in case.items() if key != "order_no"} | {"case_no": "C-bare"}
    bring(shop, people, tmp_path, [case, bare, {**review, "order_no": f"{C}9"}], NOW)

    keep_terms(shop, LATER + timedelta(days=1000))
    before = dumped(shop)
    keep_terms(shop, LATER + timedelta(days=1200))

    assert (before.count("丹顶鹤推荐") > 0, before.count("丹顶鹤说漏发了") > 2, "丹顶鹤" in dumped(shop)) == (True, True, False)


def test_a_case_without_any_moment_stays_as_long_as_others_from_when_it_was_seen(shop: House, people: Cast, tmp_path: Path) -> None:
    case = {key: value for key, value in lines(C, "丹顶鹤")[1].items() if key != "applied_at"}
    bring(shop, people, tmp_path, [case], NOW)

    keep_terms(shop, LATER)
    kept = "丹顶鹤" in dumped(shop)
    keep_terms(shop, LATER + timedelta(days=1200))

    assert (kept, "丹顶鹤" in dumped(shop)) == (True, False)


def test_an_order_without_any_moment_stays_as_long_as_others_from_when_it_was_seen(shop: House, people: Cast, tmp_path: Path) -> None:
    told = {name: told for name, told in lines(C, "丹顶鹤")[0].items() if not name.endswith("_at")}
    bring(shop, people, tmp_path, [told], NOW)

    keep_terms(shop, LATER)
    kept = dumped(shop)
    keep_terms(shop, LATER + timedelta(days=1200))

    assert ("丹顶鹤" in kept, "丹顶鹤" in dumped(shop)) == (True, False)


def test_a_walk_goes_on_to_its_end_before_it_begins_anew(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    monkeypatch.setattr(keeping, "CHUNKS", 1)

    keep_terms(shop, LATER + timedelta(days=1200))
    keep_terms(shop, LATER + timedelta(days=1208))

    with shop.pool.connection() as tx:
        assert tx.execute("select count(*) from orders where facts ->> 'buyer_note' is not null").fetchone() == (0,)


def test_tracking_events_of_a_forgotten_buyer_say_no_more_than_what_happened(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, [*tracked(A, "YT1", MARK), *tracked(B, "YT2", "长颈鹿")], NOW)
    before = parcels_of(shop)

    came = forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    after = dumped(shop)
    with shop.pool.connection() as tx:
        told = tx.execute("select stage, text from scans where tracking_no = 'YT1' order by at, text").fetchall()
    assert (came.counts["scans"], MARK in after, "长颈鹿代收" in after) == (3, False, True)
    assert told == [("picked_up", "已揽收"), ("delivered", "已签收")], "two of one moment that say the same are one"
    assert parcels_of(shop) == before


def test_an_import_of_forgotten_tracking_events_is_still_taken_back_whole(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, tracked(A, "YT1", MARK), NOW)
    with shop.pool.connection() as tx:
        batch = tx.execute("select max(batch_id) from sightings where kind = 'scan'").fetchone()
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    undo(shop, people.lin, people.shop_id, batch[0] if batch else 0, LATER)

    with shop.pool.connection() as tx:
        assert tx.execute("select count(*) from scans").fetchone() == (0,)


def test_what_was_wrong_with_a_parcel_repeats_no_words_and_no_city(shop: House, people: Cast, tmp_path: Path) -> None:
    order, picked_up, delivered, _ = tracked(A, "YT1", MARK)
    on_its_way = {**picked_up, "at": "2026-03-02 02:00:00", "stage": "in_transit", "text": f"{MARK}的快件运输中"}
    bring(shop, people, tmp_path, [{**order, "received_at": "2026-03-15 12:00:00"}, on_its_way, {**delivered, "at": "2026-03-14 12:00:00"}], NOW)
    with shop.pool.connection() as tx:
        before = tx.execute("select facts::text from parcels").fetchone()

    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)

    with shop.pool.connection() as tx:
        after = tx.execute("select facts::text from parcels").fetchone()
    assert before is not None
    assert after is not None
    assert (MARK in before[0], "杭州" in before[0], MARK in after[0], "杭州" in after[0]) == (True, True, False, False)
    assert after[0].count('"because"') == before[0].count('"because"')


def test_tracking_events_that_are_told_again_are_forgotten_again(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, tracked(A, "YT1", MARK), NOW)
    forget_buyer(shop, people.lin, people.shop_id, Whom(order_no=A), LATER, with_evidence=True)
    bring(shop, people, tmp_path, [{**one, "as_of": "2026-04-20 10:00:00"} for one in tracked(A, "YT1", MARK)], LATER + timedelta(days=12))
    told = MARK in dumped(shop)

    forget_again(shop, LATER + timedelta(days=40))

    assert (told, MARK in dumped(shop)) == (True, False)
    with shop.pool.connection() as tx:
        assert forgetting.told_again(tx, people.shop_id, 10) == {}


def test_old_tracking_events_go_with_their_term_also_those_of_nobodys_parcel(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, [*tracked(A, "YT1", MARK), *tracked(A, "YT9", "丹顶鹤")[1:]], NOW)
    young = {**tracked(A, "YT8", "小鹿")[1], "at": "2029-01-01 10:00:00"}
    bring(shop, people, tmp_path, [young], NOW + timedelta(minutes=1))

    keep_terms(shop, LATER + timedelta(days=1200))

    after = dumped(shop)
    assert ("丹顶鹤" in after, MARK in after, "小鹿" in after) == (False, False, True)


def test_what_a_carrier_answered_goes_with_its_term_and_not_while_anything_runs(shop: House, people: Cast, tmp_path: Path) -> None:
    bring(shop, people, tmp_path, [{**lines(B)[0], "as_of": "2029-03-01 10:00:00", "stage": "to_ship", "received_at": None}], NOW)
    with shop.pool.connection() as tx:
        for order_no in (A, B):
            slots = (people.shop_id, "圆通快递", "杭州", "请查 YT1", NOW, 1, 0, f"{MARK}已收到")
            chase = "insert into chases (shop_id, carrier, branch, message, sent_at, parcels, waiting, answer) values (%s, %s, %s, %s, %s, %s, %s, %s)"
            row = tx.execute(f"{chase} returning chase_no", slots).fetchone()
            parcel = "insert into chase_parcels (shop_id, chase_no, order_no, tracking_no, kind, at_risk) values (%s, %s, %s, 'YT1', 'parcel_moves', 0)"
            for beside in (order_no, C):
                tx.execute(parcel, (people.shop_id, row and row[0], beside))
        tx.execute("update deadlines set band = 1 where order_no = %s", (B,))

    keep_terms(shop, LATER + timedelta(days=1000))
    before = answers(shop)
    keep_terms(shop, LATER + timedelta(days=1200))

    whole = f"请查 YT1{MARK}已收到"
    assert (before, answers(shop)) == ([(A, whole), (B, whole)], [(A, ""), (B, whole)])


def answers(shop: House) -> list[tuple[str, str]]:
    with shop.pool.connection() as tx:
        asked = "select order_no, message || answer from chases join chase_parcels using (shop_id, chase_no) where order_no <> %s order by order_no"
        return tx.execute(asked, (C,)).fetchall()


def parcels_of(shop: House) -> list[tuple[Any, ...]]:
    with shop.pool.connection() as tx:
        return tx.execute("select order_no, tracking_no, state, delivered_at from parcels order by order_no").fetchall()


def words_left(shop: House) -> tuple[int, ...]:
    """How many messages still say something: in talks, in facts, and as they were told."""
    with shop.pool.connection() as tx:
        row = tx.execute(
            "select (select count(*) from conversation_messages where said <> ''), (select count(*) from messages where facts ->> 'text' <> ''),"
            " (select count(*) from sightings where kind = 'message' and facts ->> 'text' <> '')"
        ).fetchone()
    return tuple(row or ())


def _tells_of_the_buyer(house: House) -> bool:
    """Whether anything that was ever told of the order, its case, its review and its messages still says what forgetting takes away."""
    with house.pool.connection() as tx:
        rows = tx.execute("select kind, facts::text from sightings where strpos(key, %s) > 0", (A[-6:],)).fetchall()
    told = [msgspec.json.decode(facts, type=TABLES[FactKind(kind)].facts) for kind, facts in rows]
    return any(forgetting.forgotten(facts) != facts for facts in told)
