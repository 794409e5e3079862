"""A buyer is forgotten everywhere, once nothing runs any more; the chains still hold, and what is told again is forgotten again."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.privacy.scene import LATER, MARK, NAME, NOW, PHONE, A, B, bring, dumped, lines, lived
from tests.cast import Cast
from zhanggui.actions.evidence import verify_shop
from zhanggui.actions.house import House
from zhanggui.actions.notes import add_note
from zhanggui.actions.privacy.forgetting import Whom, forget_again, forget_buyer, orders_meant
from zhanggui.actions.privacy.keeping import keep_terms, set_retention
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import around


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
