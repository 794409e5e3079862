"""The door lets no refund of a return out above what was counted: not when it is decided, and not when a count was taken back before it left."""

from pathlib import Path

import msgspec
import pytest

from tests.actions.goods.shelves import RED, no_of
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.house import House
from zhanggui.actions.outbox import set_limits
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.judging import objection
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.outbox.proposing import propose
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.receiving import undo_return, waive
from zhanggui.actions.returns.seeing import awaited
from zhanggui.core.acts import ActKind, ActLevel, AgreeRefund
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import operator
from zhanggui.records import outbox
from zhanggui.records.db import transact

REFUND = AgreeRefund(order_no=no_of(1), case_no="1", amount=Fen(5980))


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """A return on its way, in a shop whose refunds may be sent."""
    made = Bench(house, people, tmp_path)
    made.sent()
    made.asked()
    roomy = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, level=ActLevel.ACT, most_money=Fen(1_000_000), daily_money=Fen(10_000_000))
    set_limits(house, people.lin, people.shop_id, ActKind.REFUND_AGREE, roomy, made.now)
    return made


def _decides(bench: Bench, *, by_itself: bool = False, todo: DeadlineKind | None = None) -> int:
    by = operator("worker") if by_itself else bench.people.lin
    return transact(bench.house.pool, lambda tx: decide(tx, bench.house, by, bench.people.shop_id, REFUND, bench.now, by_itself=by_itself, todo=todo))


def test_nobody_sends_it_before_the_count(bench: Bench) -> None:
    with pytest.raises(Refused) as refused:
        _decides(bench)

    assert refused.value.say.text.startswith("Nobody has counted the return yet")


def test_nobody_sends_more_than_was_counted(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 1))

    with pytest.raises(Refused) as refused:
        _decides(bench)

    assert refused.value.say.slots["most_fen"] == 2990


def test_the_house_alone_does_not_pay_for_damaged_goods_and_a_person_may(bench: Bench) -> None:
    bench.opens((RED, Grade.DAMAGED, 2))

    with pytest.raises(Refused):
        _decides(bench, by_itself=True)

    assert _decides(bench) == 1


def test_a_count_taken_back_stops_what_was_decided(bench: Bench) -> None:
    return_no = bench.opens((RED, Grade.AS_NEW, 2))
    act_no = _decides(bench)
    undo_return(bench.house, bench.people.zhou, bench.people.shop_id, return_no, bench.now)

    with bench.reading() as tx:
        act = outbox.one(tx, bench.shop_id, act_no)
        why = None if act is None else objection(tx, bench.house, act, bench.now)

    assert why is not None
    assert why.text.startswith("Nobody has counted the return yet")


def test_goods_that_were_given_up_set_no_limit_to_a_person(bench: Bench) -> None:
    waive(bench.house, bench.people.lin, bench.people.shop_id, "1", "cheap", bench.now)

    with pytest.raises(Refused):
        _decides(bench, by_itself=True)

    assert _decides(bench) == 1


def test_what_was_counted_before_its_case_was_known_is_advised_on_and_awaited_no_more(bench: Bench) -> None:
    bench.opens((RED, Grade.AS_NEW, 2), case_no=None, order_no=no_of(1))

    waiting = awaited(bench.house, bench.people.mei, bench.people.shop_id).rows
    case = case_seen(bench.house, bench.people.mei, bench.people.shop_id, "1", bench.now)

    assert (waiting, case.verdict.act, case.facts.counted) == ((), Act.REFUND_RETURN, 5980)


def test_what_a_person_decided_to_pay_after_a_count_leaves_and_never_without_a_person(bench: Bench) -> None:
    bench.opens((RED, Grade.WORN, 1))
    with pytest.raises(Refused):
        _decides(bench, todo=DeadlineKind.INSPECT_RETURN)
    waive(bench.house, bench.people.lin, bench.people.shop_id, "1", "a good customer", bench.now)

    with pytest.raises(Refused):
        _decides(bench, by_itself=True)
    act_no = _decides(bench, todo=DeadlineKind.INSPECT_RETURN)

    with bench.reading() as tx:
        act = outbox.one(tx, bench.shop_id, act_no)
        assert act is not None
        assert objection(tx, bench.house, act, bench.now) is None


def test_wrong_goods_that_were_complained_of_are_paid_for_by_a_person_alone(bench: Bench) -> None:
    bench.asked(reason="卖家发错货")
    bench.opens(("蓝碗", Grade.WRONG, 2))

    with pytest.raises(Refused):
        _decides(bench, by_itself=True)

    proposed = propose(bench.house, bench.people.mei, bench.shop_id, Subject(SubjectKind.AFTERSALE, "1"), DeadlineKind.INSPECT_RETURN, bench.now)
    assert (proposed.kind, _decides(bench)) == (ActKind.REFUND_AGREE, proposed.act_no)
