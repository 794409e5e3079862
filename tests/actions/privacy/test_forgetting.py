"""A buyer is forgotten everywhere, once nothing runs any more; the chains still hold, and what is told again is forgotten again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg import sql

from tests.actions.privacy.scene import LATER, MARK, NAME, NOW, PHONE, A, B, bring, dumped, lines, lived
from tests.cast import Cast
from zhanggui.actions.evidence import verify_shop
from zhanggui.actions.house import House
from zhanggui.actions.notes import add_note
from zhanggui.actions.privacy.forgetting import Whom, forget_again, forget_buyer, orders_meant
from zhanggui.actions.privacy.keeping import keep_terms, set_retention
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts, Facts, MessageFacts, OrderFacts, ReviewFacts
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import around, forgetting

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
    assert orders_meant(shop, people.lin, people.shop_id, Whom(name=NAME), NOW) == (A,)
    assert orders_meant(shop, people.lin, people.shop_id, Whom(phone=PHONE), NOW) == (A,)
    with pytest.raises(Refused, match="knows nobody"):
        orders_meant(shop, people.lin, people.shop_id, Whom(name="快乐的长颈鹿"), NOW)


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
