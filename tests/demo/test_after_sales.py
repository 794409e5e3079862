"""What the week shows of after-sales and money: returns, disputes, complaints, a wrong deduction, refunds that do not match, costs, and what is left to do."""

from collections.abc import Callable

import pytest

from zhanggui import clock
from zhanggui.actions.complaints.deductions import wrong_deductions
from zhanggui.actions.complaints.seeing import complaints_seen
from zhanggui.actions.disputes.seeing import disputes_seen
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import costs_view
from zhanggui.actions.money.seeing import bill_view, refund_page
from zhanggui.actions.returns.seeing import awaited, received
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.today import settle, today
from zhanggui.core.complaints.states import ComplaintKind, ComplaintState
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.ledger.matching import MatchState
from zhanggui.core.moments import start_of_day
from zhanggui.core.returns.troubles import Trouble
from zhanggui.demo.story_data import story
from zhanggui.demo.telling import next_chapter, step_to_chapter
from zhanggui.demo.world import world
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records.returns import ReturnState

Told = Callable[[str], ShopId]


@pytest.fixture
def told_to(told_demo: House) -> Told:
    """Tells the story as far as a chapter; the shop it happens in."""

    def told(chapter_id: str) -> ShopId:
        while (coming := next_chapter(told_demo.home)) is not None:
            step_to_chapter(told_demo, coming.id)
            if coming.id == chapter_id:
                break
        return shops_seen(told_demo, operator())[0].shop_id

    return told


def test_three_returns_stand_on_the_bench_on_tuesday_and_are_open_on_wednesday(told_demo: House, told_to: Told) -> None:
    shop_id = told_to("chasing_buyer")
    on_tuesday = {row.case.order_no for row in awaited(told_demo, operator(), shop_id).rows if row.is_here}

    told_to("stalled_parcel")

    opened = {seen.row.order_no: seen for seen in received(told_demo, operator(), shop_id, [ReturnState.COUNTED]).rows}
    assert on_tuesday == _numbers("back_fine", "back_short", "back_empty")
    assert {no: seen.troubles for no, seen in opened.items()} == {
        _number("back_fine"): (),
        _number("back_short"): (Trouble.SHORT,),
        _number("back_empty"): (Trouble.EMPTY,),
    }
    assert len(opened[_number("back_empty")].photos) == 2


def test_the_week_ends_with_something_won_something_to_do_and_a_bill_that_wants_looking_at(told_demo: House, told_to: Told) -> None:
    shop_id = told_to(story().chapters[-1].id)

    by, now = operator(), clock.now()
    settle(told_demo, [shop_id], now)
    over, live = disputes_seen(told_demo, by, shop_id, live=False).rows, disputes_seen(told_demo, by, shop_id).rows
    complaints = {(row.kind, row.complaint.order_no): row.state for row in complaints_seen(told_demo, by, shop_id, now).rows}
    costs = costs_view(told_demo, by, shop_id, start_of_day(story().chapters[0].at.date().replace(day=1)), now, now)
    bill = bill_view(told_demo, by, shop_id)
    assert [(row.dispute.order_no, row.state) for row in over] == [(_number("back_short"), DisputeState.RULED_FOR)]
    assert [(row.dispute.order_no, row.state) for row in live] == [(_number("rotten"), DisputeState.GATHERING)]
    assert complaints == {(ComplaintKind.INSTANT_REFUND, _number("instant")): ComplaintState.TO_FILE}
    assert [row.case.order_no for row in awaited(told_demo, by, shop_id).rows] == [_number("back_late")]
    assert [(each.order_no, each.too_much) for each in wrong_deductions(told_demo, by, shop_id, now)] == [(_number("fined"), 300)]
    assert [row.match.no for row in refund_page(told_demo, by, shop_id, MatchState.DIFFERS).rows] == [_number("back_fine")]
    assert [month.isoformat() for month in bill.months] == ["2026-11-01", "2026-10-01"]
    assert [code.code for code in bill.unknown] == ["0210001"]
    assert sorted(row.fen for row in costs.rows) == [300, 350, 600, 1139]
    assert {("refund_differs", _number("back_fine")), ("withdrawal_arrives", None)} <= {
        (item.deadline.kind, item.deadline.order_no) for _, items in today(told_demo, by, now).groups for item in items
    }


def _number(key: str) -> str:
    return world().told[key].order_no


def _numbers(*keys: str) -> set[str | None]:
    return {_number(key) for key in keys}
