"""A returned parcel is counted once, its pieces go back on the shelf, its pictures into the vault; and no more money may go than was counted."""

from pathlib import Path

import msgspec
import pytest

from tests.actions.goods.shelves import BLUE, RED, no_of
from tests.actions.returns.bench import PARCEL, PHOTO, Bench
from tests.cast import Cast
from zhanggui.actions.complaints.stepping import step_complaint
from zhanggui.actions.evidence import evidence_of, verify_shop
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive, undo_return, waive
from zhanggui.actions.returns.seeing import find
from zhanggui.core.acts import ActKind, ActLevel, AgreeRefund
from zhanggui.core.complaints.states import ComplaintEvent
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import complaints, deadlines, returns
from zhanggui.records.complaints import ComplaintRecord
from zhanggui.records.db import transact
from zhanggui.records.returns import ReturnState
from zhanggui.rulebook.acts import act_terms


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """An order of two bowls, on its way back."""
    made = Bench(house, people, tmp_path)
    made.sent()
    made.asked()
    return made


def test_no_money_may_go_before_anybody_has_counted(bench: Bench) -> None:
    ceiling = bench.ceiling()

    assert (ceiling.fen, ceiling.by_itself) == (0, 0)


def test_all_of_it_may_go_once_all_is_back(bench: Bench) -> None:
    return_no = bench.opens((RED, Grade.AS_NEW, 2))

    assert (bench.ceiling().fen, bench.ceiling().by_itself, bench.row(return_no).troubles) == (5980, 5980, [])


def test_half_of_it_may_go_for_half_the_pieces(bench: Bench) -> None:
    return_no = bench.opens((RED, Grade.OPENED, 1))

    assert (bench.ceiling().fen, bench.row(return_no).troubles) == (2990, ["return_short"])


def test_a_second_parcel_counts_beside_the_first(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 1))
    bench.opens((RED, Grade.AS_NEW, 1), code="YT2")

    assert bench.ceiling().fen == 5980


def test_nothing_may_go_for_an_empty_parcel_or_other_goods(bench: Bench) -> None:
    empty = bench.opens(code="YT1")
    wrong = bench.opens(("a brick", Grade.FOREIGN, 2), code="YT2")

    assert (bench.ceiling().fen, bench.row(empty).troubles, bench.row(wrong).troubles) == (0, ["return_empty"], ["return_wrong"])


def test_a_person_decides_about_damaged_goods(bench: Bench) -> None:
    return_no = bench.opens((RED, Grade.AS_NEW, 1), (RED, Grade.DAMAGED, 1))

    assert (bench.ceiling().fen, bench.ceiling().by_itself, bench.row(return_no).troubles) == (5980, 2990, ["return_unsaleable"])


def test_what_is_as_new_goes_back_on_the_shelf_and_leaves_it_with_the_undoing(bench: Bench, people: Cast) -> None:
    bench.count(10)
    return_no = bench.opens((RED, Grade.AS_NEW, 1), (RED, Grade.OPENED, 1))
    after = bench.stock().on_hand

    undo_return(bench.house, people.zhou, people.shop_id, return_no, bench.now)

    assert (after, bench.stock().on_hand, bench.ceiling().fen) == (11, 10, 0)


def test_it_keeps_no_stock_of_what_nobody_ever_counted(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 2))

    assert bench.stock().on_hand is None


def test_a_parcel_is_counted_once(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 1))

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1))

    assert bench.ceiling().fen == 2990


def test_goods_that_were_not_sent_count_as_nothing_of_it(bench: Bench) -> None:
    with pytest.raises(Refused, match="not sent with this order"):
        bench.opens((BLUE, Grade.AS_NEW, 2))

    assert bench.ceiling().fen == 0


def test_pictures_go_into_the_vault_byte_for_byte(bench: Bench, people: Cast) -> None:
    bench.opens((RED, Grade.WORN, 2), photos=(PHOTO,))

    [piece] = evidence_of(bench.house, people.mei, people.shop_id, no_of(1))
    assert (piece.name, piece.size, verify_shop(bench.house, people.lin, people.shop_id).findings) == ("box.jpg", len(PHOTO.content), ())


def test_nobodys_parcel_finds_its_order_later_and_brings_its_pictures(bench: Bench, people: Cast) -> None:
    [nobodys] = receive(bench.house, people.zhou, people.shop_id, Opened(code="SF9", photos=(PHOTO,), note="a bowl"), bench.now)

    found = bench.opens((RED, Grade.AS_NEW, 2), code="SF9", adopts=nobodys)

    with bench.reading() as tx:
        standing = returns.by_code(tx, bench.shop_id, ["SF9"])
    assert ([row.return_no for row in standing], bench.ceiling().fen) == ([found], 5980)
    assert [piece.name for piece in evidence_of(bench.house, people.mei, people.shop_id, no_of(1))] == ["box.jpg"]


def test_nobodys_parcel_that_was_counted_for_the_wrong_order_is_nobodys_again(bench: Bench, people: Cast) -> None:
    [nobodys] = receive(bench.house, people.zhou, people.shop_id, Opened(code="SF9", photos=(PHOTO,), note="a bowl"), bench.now)
    wrongly = bench.opens((RED, Grade.AS_NEW, 2), code="1", adopts=nobodys)

    undo_return(bench.house, people.zhou, people.shop_id, wrongly, bench.now)

    [found] = find(bench.house, people.zhou, people.shop_id, "SF9").counted
    assert (found.row.return_no, found.state, [photo.name for photo in found.photos]) == (nobodys, ReturnState.NOBODYS, ["box.jpg"])
    assert bench.opens((RED, Grade.AS_NEW, 2), code="SF9", adopts=nobodys) > wrongly


def test_nobodys_parcel_stays_with_the_other_order_that_it_was_counted_for(bench: Bench, people: Cast) -> None:
    other = bench.sent(2)
    [nobodys] = receive(bench.house, people.zhou, people.shop_id, Opened(code="SF9"), bench.now)
    shares = tuple(Share(order_no, None, (Piece(RED, Grade.AS_NEW, 1),)) for order_no in (no_of(1), other))
    first, second = receive(bench.house, people.zhou, people.shop_id, Opened(code="SF9", shares=shares, adopts=nobodys), bench.now)

    undo_return(bench.house, people.zhou, people.shop_id, first, bench.now)
    before = bench.row(nobodys).state
    undo_return(bench.house, people.zhou, people.shop_id, second, bench.now)

    assert (before, bench.row(nobodys).state) == ("return_undone", "return_nobodys")


def test_only_who_may_send_money_gives_up_the_goods(bench: Bench, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        waive(bench.house, people.zhou, people.shop_id, "1", "cheap", bench.now)
    waive(bench.house, people.lin, people.shop_id, "1", "cheap", bench.now)

    assert (bench.ceiling().fen, bench.ceiling().by_itself) == (None, 0)


def test_what_was_counted_without_a_case_belongs_to_the_only_one(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=no_of(1), code=no_of(1))

    assert bench.ceiling().fen == 5980


def test_the_goods_set_no_limit_to_a_refund_without_a_return(bench: Bench) -> None:
    bench.asked(kind="refund_only", state="seller_to_answer")

    assert bench.ceiling().fen is None


def test_the_owner_of_another_shop_counts_nothing(bench: Bench, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        receive(bench.house, people.zheng, people.shop_id, Opened(code=PARCEL, shares=(Share(None, "1"),)), bench.now)

    assert bench.ceiling().because.text.startswith("Nobody has counted")


@pytest.mark.parametrize("code", [PARCEL.lower(), f" {PARCEL[:4]} {PARCEL[4:]}", "1", no_of(1)])
def test_a_parcel_is_counted_once_under_whichever_of_its_names_it_is_typed(bench: Bench, code: str) -> None:
    bench.opens((RED, Grade.AS_NEW, 1), code=code)

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1))

    assert bench.ceiling().fen == 2990


def test_what_was_counted_before_its_case_was_known_is_not_counted_again_with_it(bench: Bench) -> None:
    bench.count(10)
    bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=no_of(1))

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1))

    assert (bench.ceiling().fen, bench.stock().on_hand) == (2990, 11)


def test_what_was_counted_for_a_case_is_not_counted_again_without_it(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 1))

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=no_of(1))

    assert bench.ceiling().fen == 2990


OUT, SECOND_OUT = "YT8816402275001", "YT8816402275002"


@pytest.mark.parametrize(("first", "second"), [(OUT, no_of(3)), (no_of(3), OUT), (no_of(3), f" {OUT.lower()}")])
def test_a_refused_parcel_is_counted_once_by_its_own_number_or_that_of_its_order(bench: Bench, first: str, second: str) -> None:
    bench.count(10)
    order_no = bench.sent(3, tracking_no=OUT, carrier="圆通快递")
    return_no = bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=order_no, code=first)

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=order_no, code=second)

    assert bench.stock().on_hand == 12
    [seen] = find(bench.house, bench.people.zhou, bench.shop_id, second).cases
    assert [row.return_no for row in seen.received] == [return_no]


def test_a_refused_parcel_is_not_counted_again_for_the_case_that_came_of_it(bench: Bench) -> None:
    order_no = bench.sent(3, tracking_no=OUT, carrier="圆通快递")
    bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=order_no, code=OUT)
    bench.asked(3, kind="refund_only", return_tracking_no=None, order_no=order_no)

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 2), case_no="3", code="3")


def test_each_parcel_of_an_order_that_left_in_two_is_counted(bench: Bench) -> None:
    further = [{"kind": "extra", "carrier": "圆通快递", "tracking_no": SECOND_OUT}]
    order_no = bench.sent(3, tracking_no=OUT, carrier="圆通快递", further_parcels=further)
    first, second = (bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=order_no, code=code) for code in (OUT, SECOND_OUT))

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=order_no, code=order_no)

    assert first != second


def test_the_second_parcel_is_counted_after_the_first_was_under_the_number_of_their_order(bench: Bench) -> None:
    further = [{"kind": "extra", "carrier": "圆通快递", "tracking_no": SECOND_OUT}]
    order_no = bench.sent(3, tracking_no=OUT, carrier="圆通快递", further_parcels=further)
    first, second = (bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=order_no, code=code) for code in (order_no, SECOND_OUT))

    with pytest.raises(Refused, match="counted already"):
        bench.opens((RED, Grade.AS_NEW, 1), case_no=None, order_no=order_no, code=SECOND_OUT)

    assert first != second


def test_a_count_taken_back_takes_its_complaint_off_the_list(bench: Bench, people: Cast) -> None:
    return_no = bench.opens()
    before = [row.state for row in _complaints(bench)]

    undo_return(bench.house, people.zhou, people.shop_id, return_no, bench.now)
    bench.opens((RED, Grade.AS_NEW, 2))

    assert (before, [row.state for row in _complaints(bench)]) == (["complaint_to_file"], ["complaint_dropped"])
    with bench.reading() as tx:
        assert [row for row in deadlines.of_orders(tx, bench.shop_id, [no_of(1)]) if row.subject_kind == "complaint"] == []


def test_a_complaint_that_the_platform_has_stays_when_its_count_is_taken_back(bench: Bench, people: Cast) -> None:
    return_no = bench.opens()
    [complaint] = _complaints(bench)
    step_complaint(bench.house, people.mei, people.shop_id, complaint.complaint_no, ComplaintEvent.FILE, bench.now)

    undo_return(bench.house, people.zhou, people.shop_id, return_no, bench.now)

    assert [row.state for row in _complaints(bench)] == ["complaint_filed"]


def test_a_count_of_a_case_that_came_to_know_its_order_later_stays_once_the_money_is_on_its_way(bench: Bench, people: Cast) -> None:
    bench.asked(2, order_no=None)
    return_no = bench.opens((RED, Grade.AS_NEW, 2), case_no="2")
    bench.sent(2)
    bench.asked(2)
    limits = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, level=ActLevel.SUGGEST)
    set_limits(bench.house, people.lin, people.shop_id, ActKind.REFUND_AGREE, limits, bench.now)
    bench.opens((RED, Grade.AS_NEW, 2), case_no="2", code="YT8816402275914")
    request = AgreeRefund(order_no=no_of(2), case_no="2", amount=Fen(5980))
    act_no = transact(bench.house.pool, lambda tx: decide(tx, bench.house, people.lin, people.shop_id, request, bench.now))
    transact(bench.house.pool, lambda tx: tx.execute("update acts set state = 'sending' where shop_id = %s and act_no = %s", (people.shop_id, act_no)))

    with pytest.raises(Refused, match="on its way or gone"):
        undo_return(bench.house, people.zhou, people.shop_id, return_no, bench.now)

    assert bench.row(return_no).state == "return_counted"


def _complaints(bench: Bench) -> list[ComplaintRecord]:
    with bench.reading() as tx:
        return complaints.of_orders(tx, bench.shop_id, [no_of(1)])


@pytest.mark.parametrize("has_case", [True, False])
def test_a_count_stays_once_the_money_for_it_is_gone(bench: Bench, people: Cast, *, has_case: bool) -> None:
    case_no, order_no = ("1", None) if has_case else (None, no_of(1))
    return_no = bench.opens((RED, Grade.AS_NEW, 2), case_no=case_no, order_no=order_no)
    bench.asked(state="refunded")

    with pytest.raises(Refused, match="on its way or gone"):
        undo_return(bench.house, people.zhou, people.shop_id, return_no, bench.now)

    assert bench.ceiling().fen == 5980
