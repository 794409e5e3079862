"""A buyer who is right is on no register: what came back is judged by what was complained of, and by all that came back of the case; money takes a person."""

from pathlib import Path
from typing import Any

import pytest

from tests.actions.goods.shelves import RED, no_of
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from zhanggui.actions.advice.findings import FoundOut, find_out
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.complaints.stepping import Told, enter_complaint, step_complaint
from zhanggui.actions.disputes.seeing import disputes_seen
from zhanggui.actions.house import House
from zhanggui.actions.returns.receiving import undo_return, waive
from zhanggui.core.advice.case import Fault
from zhanggui.core.complaints.states import ComplaintEvent
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.core.verdicts import Act, Verdict
from zhanggui.records import complaints, deadlines

WRONG_ITEM, BROKEN, NOT_WANTED = "卖家发错货", "商品破损", "不想要了"
BLUE_BOWLS = ("蓝碗", Grade.WRONG, 2)
OUT = "YT8816402275001"


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """An order of two red bowls, which come back."""
    made = Bench(house, people, tmp_path)
    made.sent()
    return made


def _packed(bench: Bench) -> None:
    """The packing check passed the parcel."""
    with bench.house.pool.connection() as tx:
        tx.execute(
            "insert into dispatches (shop_id, order_no, state, packed_at, packed_by, moved_at) values (%s, %s, 'handed_over', %s, %s, %s)",
            (bench.shop_id, no_of(1), bench.now, bench.people.zhou.person_id, bench.now),
        )


def _verdict(bench: Bench) -> Verdict:
    return case_seen(bench.house, bench.people.mei, bench.shop_id, "1", bench.now).verdict


def _register(bench: Bench) -> list[tuple[str, str, int]]:
    """Ground, state and sum of what is complained about."""
    with bench.reading() as tx:
        rows = complaints.of_orders(tx, bench.shop_id, [no_of(1)])
    return [(row.because.text, row.state.removeprefix("complaint_"), row.at_stake) for row in rows]


def _finds(bench: Bench, fault: Fault) -> None:
    find_out(bench.house, bench.people.mei, bench.shop_id, "1", FoundOut(fault=fault), bench.now)


def test_the_wrong_goods_that_were_sent_are_paid_for_by_a_person_once_they_are_back(bench: Bench) -> None:
    bench.asked(reason=WRONG_ITEM)
    return_no = bench.opens(BLUE_BOWLS)

    assert (bench.ceiling().fen, bench.ceiling().by_itself) == (5980, 0)
    assert (bench.row(return_no).troubles, _register(bench)) == ([], [])
    assert (_verdict(bench).act, _verdict(bench).alone, _verdict(bench).confirm) == (Act.REFUND_RETURN, False, True)


def test_other_goods_than_those_that_the_packing_check_passed_are_owed_nothing_until_a_person_finds_the_shop_at_fault(bench: Bench) -> None:
    _packed(bench)
    bench.asked(reason=WRONG_ITEM)
    return_no = bench.opens(BLUE_BOWLS)
    before = (bench.ceiling().fen, _verdict(bench).act, bench.row(return_no).troubles, _register(bench))

    _finds(bench, Fault.SELLER)

    assert before == (0, Act.REFUSE, ["return_wrong"], [("Other goods came back than were sent.", "to_file", 5980)])
    assert (bench.ceiling().fen, _verdict(bench).act, bench.row(return_no).troubles) == (5980, Act.REFUND_RETURN, [])
    assert _register(bench) == [("Other goods came back than were sent.", "dropped", 5980)]


def test_a_buyer_found_not_to_be_right_is_paid_nothing_for_other_goods(bench: Bench) -> None:
    bench.asked(reason=WRONG_ITEM)
    return_no = bench.opens(BLUE_BOWLS)

    _finds(bench, Fault.BUYER)

    assert (bench.ceiling().fen, _verdict(bench).act, bench.row(return_no).troubles) == (0, Act.REFUSE, ["return_wrong"])


def test_the_wrong_goods_of_an_exchange_are_no_matter_of_a_complaint(bench: Bench) -> None:
    bench.asked(reason=WRONG_ITEM, kind="exchange")
    bench.opens(BLUE_BOWLS)

    assert (_register(bench), _verdict(bench).act) == ([], Act.AGREE_EXCHANGE)


@pytest.mark.parametrize(
    ("asked", "register"),
    [
        ({"reason": BROKEN}, []),
        ({"reason": "质量问题"}, []),
        ({"reason": "质量问题", "kind": "repair"}, []),
        ({"reason": NOT_WANTED, "kind": "refund_only", "return_tracking_no": None}, []),
        ({"reason": NOT_WANTED}, [("What came back is not fit for sale.", "to_file", 5980)]),
    ],
)
def test_what_came_back_broken_speaks_against_those_alone_who_said_nothing_of_it(bench: Bench, asked: dict[str, Any], register: list[object]) -> None:
    bench.asked(**asked)
    bench.opens((RED, Grade.DAMAGED, 2))

    assert _register(bench) == register


@pytest.mark.parametrize("is_delivered", [False, True])
def test_what_the_carrier_broke_before_the_buyer_had_it_is_no_matter_of_a_complaint(bench: Bench, *, is_delivered: bool) -> None:
    bench.sent(tracking_no=OUT, carrier="圆通快递")
    first = [{"fact": "scan", "tracking_no": OUT, "at": "2026-03-02 09:00:00", "text": "已签收", "stage": "delivered"}] if is_delivered else []
    bench.tell(*first, {"fact": "scan", "tracking_no": OUT, "at": "2026-03-02 10:00:00", "text": "退回中", "stage": "return_to_sender"})
    bench.asked(reason=NOT_WANTED, return_tracking_no=OUT)

    bench.opens((RED, Grade.DAMAGED, 2), code=OUT)

    assert len(_register(bench)) == int(is_delivered)


def test_what_one_parcel_lacks_another_brings_and_its_complaint_goes(bench: Bench) -> None:
    bench.asked(reason=NOT_WANTED)
    first = bench.opens((RED, Grade.AS_NEW, 1))
    lacking = (bench.row(first).troubles, _register(bench))
    second = bench.opens((RED, Grade.AS_NEW, 1), code="YT2")
    whole = (bench.row(first).troubles, bench.row(first).complaint_no, [state for _, state, _ in _register(bench)])

    undo_return(bench.house, bench.people.zhou, bench.shop_id, second, bench.now)

    assert lacking == (["return_short"], [("Less came back than the money asked for is worth.", "to_file", 2990)])
    assert whole == ([], None, ["dropped"])
    assert (bench.row(first).troubles, [state for _, state, _ in _register(bench)]) == (["return_short"], ["dropped", "to_file"])


def test_what_is_left_of_a_complaint_is_said_anew(bench: Bench) -> None:
    bench.asked(reason=NOT_WANTED)
    bench.opens((RED, Grade.WORN, 1))
    bench.opens((RED, Grade.AS_NEW, 1), code="YT2")

    short, unfit = "Less came back than the money asked for is worth.", "What came back is not fit for sale."
    assert _register(bench) == [(short, "dropped", 5980), (unfit, "to_file", 2990)]


def _three(bench: Bench) -> None:
    """Three bowls were sent, and come back."""
    bench.sent(quantity=3, pay_amount=8970)
    bench.asked(reason=NOT_WANTED, refund_amount=8970)


def test_what_is_missing_is_one_complaint_and_its_stake_follows_what_comes(bench: Bench) -> None:
    _three(bench)
    first = bench.opens((RED, Grade.AS_NEW, 1))
    before = _register(bench)

    second = bench.opens((RED, Grade.AS_NEW, 1), code="YT2")

    short = "Less came back than the money asked for is worth."
    assert (before, _register(bench)) == ([(short, "to_file", 5980)], [(short, "to_file", 2990)])
    assert (bench.row(first).troubles, bench.row(second).troubles) == (["return_short"], ["return_short"])
    with bench.reading() as tx:
        assert [row.at_risk for row in deadlines.of_orders(tx, bench.shop_id, [no_of(1)]) if row.subject_kind == "complaint"] == [2990]
    undo_return(bench.house, bench.people.zhou, bench.shop_id, first, bench.now)
    assert [(state, stake) for _, state, stake in _register(bench)] == [("dropped", 2990), ("to_file", 5980)]


@pytest.mark.parametrize("steps", [(), (ComplaintEvent.FILE, ComplaintEvent.TAKE_BACK)], ids=["entered", "filed by mistake after that"])
def test_a_stake_that_somebody_entered_stays_whatever_comes(bench: Bench, people: Cast, steps: tuple[ComplaintEvent, ...]) -> None:
    _three(bench)
    complaint_no = bench.row(bench.opens((RED, Grade.AS_NEW, 1))).complaint_no
    assert complaint_no is not None
    enter_complaint(bench.house, people.mei, people.shop_id, complaint_no, Told(at_stake=Fen(4000)), bench.now)
    for step in steps:
        step_complaint(bench.house, people.mei, people.shop_id, complaint_no, step, bench.now)

    bench.opens((RED, Grade.AS_NEW, 1), code="YT2")

    assert [each[1:] for each in _register(bench)] == [("to_file", 4000)]


def test_a_complaint_that_a_person_let_go_is_not_begun_again(bench: Bench, people: Cast) -> None:
    bench.asked(reason=NOT_WANTED)
    return_no = bench.opens((RED, Grade.WORN, 1))
    complaint_no = bench.row(return_no).complaint_no
    assert complaint_no is not None
    step_complaint(bench.house, people.mei, people.shop_id, complaint_no, ComplaintEvent.DROP, bench.now)

    bench.opens((RED, Grade.AS_NEW, 1), code="YT2")

    assert [state for _, state, _ in _register(bench)] == ["dropped"]


def test_a_person_may_decide_to_pay_all_the_same_after_a_count(bench: Bench, people: Cast) -> None:
    bench.asked(reason=NOT_WANTED)
    bench.opens((RED, Grade.WORN, 1))
    before = _verdict(bench)

    waive(bench.house, people.lin, people.shop_id, "1", "a good customer", bench.now)

    after = _verdict(bench)
    assert [each.barred is None for each in before.weighed if each.act is Act.REFUND_RETURN] == [False]
    assert (after.act, after.alone, after.confirm) == (Act.REFUND_RETURN, False, True)
    assert [each.barred is None for each in after.weighed if each.act is Act.REFUSE] == [False]


def test_who_decides_to_pay_all_the_same_is_asked_for_no_new_complaint(bench: Bench, people: Cast) -> None:
    _three(bench)
    bench.opens((RED, Grade.AS_NEW, 1), (RED, Grade.WORN, 1))

    waived = waive(bench.house, people.lin, people.shop_id, "1", "a good customer", bench.now)
    paid = _register(bench)
    undo_return(bench.house, people.lin, people.shop_id, waived, bench.now)

    short = "Less came back than the money asked for is worth."
    assert paid == [(short, "dropped", 5980)]
    assert _register(bench) == [(short, "dropped", 5980), (short, "to_file", 5980)]


def test_what_stood_on_the_list_before_somebody_decided_to_pay_keeps_its_sum(bench: Bench, people: Cast) -> None:
    _three(bench)
    bench.opens((RED, Grade.AS_NEW, 2), (RED, Grade.WORN, 1))
    before = _register(bench)

    waive(bench.house, people.lin, people.shop_id, "1", "a good customer", bench.now)

    assert before == _register(bench) == [("What came back is not fit for sale.", "to_file", 2990)]


def test_a_complaint_that_was_taken_back_says_nothing_of_what_a_dispute_is_about(bench: Bench, people: Cast) -> None:
    bench.asked(reason="质量问题")
    wrongly = bench.opens()
    undo_return(bench.house, people.zhou, people.shop_id, wrongly, bench.now)

    bench.asked(reason="质量问题", state="platform_handles")

    [row] = disputes_seen(bench.house, people.mei, people.shop_id).rows
    assert row.claim is ClaimType.QUALITY
