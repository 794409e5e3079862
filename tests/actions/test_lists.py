"""Lists are paged by key, searched by number, and counted without counting."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.actions.files import ONE, THREE, TWO, orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions import importing, orders, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Band, DeadlineKind
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.people.permissions import operator

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """Twenty-five orders to ship, an hour apart but for three of one moment, and two shipped ones of which one is being refunded."""
    many = [row(f"260301-{number:015d}", 订单成交时间=f"2026-03-01 {min(number, 20):02d}:00:00", 承诺发货时间="2026-03-03 10:00:00") for number in range(22)]
    others = [shipped(TWO), shipped(THREE, 售后状态="售后处理中", 订单成交时间="2026-02-27 10:00:00"), row(ONE)]
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [*many, *others])], NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    return house


def test_pages_follow_each_other_without_gap_or_repetition(shop: House, people: Cast) -> None:
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = orders.orders(shop, people.lin, NOW, cursor=cursor, limit=4)
        seen += [(one.order.group_formed_at, one.order.order_no) for one in page.rows]
        cursor, pages = page.next_cursor, pages + 1

    assert pages == 7
    assert len(seen) == 25
    assert seen == sorted(seen, reverse=True)


def test_pages_run_through_both_shops_of_one_house(shop: House, people: Cast, tmp_path: Path) -> None:
    theirs = [row(f"260301-{number:015d}", 订单成交时间=f"2026-03-01 {number:02d}:00:00") for number in range(10)]
    previewed = importing.preview(shop, people.zheng, people.other_shop_id, [orders_csv(tmp_path / "b.csv", theirs)], NOW)
    importing.confirm(shop, people.zheng, people.other_shop_id, previewed.batch_id, NOW)
    keeper = operator()

    seen, cursor, first = set(), None, True
    while first or cursor:
        page = orders.orders(shop, keeper, NOW, cursor=cursor, limit=3)
        seen |= {(one.shop_id, one.order.order_no) for one in page.rows}
        cursor, first = page.next_cursor, False

    assert len(seen) == 35


def test_it_filters_by_stage_and_refund(shop: House, people: Cast) -> None:
    at_stage = orders.orders(shop, people.lin, NOW, stage=OrderStage.SHIPPED)
    in_refund = orders.orders(shop, people.lin, NOW, refund=RefundState.OPEN)
    both = orders.orders(shop, people.lin, NOW, stage=OrderStage.SHIPPED, refund=RefundState.NONE)

    assert [one.order.order_no for one in at_stage.rows] == [TWO, THREE]
    assert [one.order.order_no for one in in_refund.rows] == [THREE]
    assert [one.order.order_no for one in both.rows] == [TWO]


@pytest.mark.parametrize("number", [TWO, " " + TWO + " ", "YT2222222222"])
def test_it_finds_an_order_by_any_of_its_numbers(shop: House, people: Cast, number: str) -> None:
    assert [one.order.order_no for one in orders.orders(shop, people.lin, NOW, query=number).rows] == [TWO]
    assert orders.find(shop, people.lin, number) == ((people.shop_id, "order", TWO),)


def test_it_knows_the_counts_by_state_and_by_day(shop: House, people: Cast) -> None:
    states = {(one.stage, one.refund): one.orders for one in orders.state_counts(shop, people.lin)}
    days = {one.day: (one.orders, one.paid) for one in orders.last_month(shop, people.lin, None, NOW)}

    assert states == {("to_ship", "none"): 23, ("shipped", "none"): 1, ("shipped", "open"): 1}
    assert days[date(2026, 3, 1)] == (24, 24 * 2990)
    assert days[date(2026, 2, 27)] == (1, 2990)
    assert (len(days), max(days)) == (30, date(2026, 3, 2))


def test_each_order_carries_its_most_urgent_deadline(shop: House, people: Cast) -> None:
    (listed,) = orders.orders(shop, people.lin, NOW, query=ONE).rows

    assert listed.deadline is not None
    assert (listed.deadline.kind, listed.deadline.due_at) == (DeadlineKind.SHIP_BY, datetime(2026, 3, 3, 2, 0, tzinfo=UTC))


def test_a_band_of_today_is_continued_by_its_cursor(shop: House, people: Cast) -> None:
    seen, cursor, first = [], None, True
    while first or cursor:
        listed = today.today(shop, people.lin, NOW, bands=[Band.LATER], kinds=[DeadlineKind.SHIP_BY], limit=5, after=cursor)
        seen += [item.deadline.subject.no for _, group in listed.groups for item in group]
        cursor, first = dict(listed.more).get(Band.LATER), False

    assert len(seen) == len(set(seen)) == 23


def test_todo_ranks_by_expected_loss(shop: House, people: Cast) -> None:
    losses = [item.expected_loss for item in today.todo(shop, people.lin, people.shop_id, NOW, 10)]

    assert len(losses) == 10
    assert losses == sorted(losses, reverse=True)


def test_the_ranked_list_merges_shops_and_heeds_the_filters(shop: House, people: Cast, tmp_path: Path) -> None:
    theirs = [row(f"260302-{number:015d}", 承诺发货时间="2026-03-02 13:00:00") for number in range(3)]
    previewed = importing.preview(shop, people.zheng, people.other_shop_id, [orders_csv(tmp_path / "b.csv", theirs)], NOW)
    importing.confirm(shop, people.zheng, people.other_shop_id, previewed.batch_id, NOW)

    both = today.ranked(shop, operator(), NOW, kinds=[DeadlineKind.SHIP_BY], limit=5)
    ours = today.ranked(shop, people.lin, NOW, kinds=[DeadlineKind.SHIP_BY], limit=5)
    handed = today.ranked(shop, people.lin, NOW, assignee=people.mei.person_id)

    assert [item.shop_id for item in both] == [people.other_shop_id] * 3 + [people.shop_id] * 2
    assert [item.shop_id for item in ours] == [people.shop_id] * 5
    assert handed == ()


def test_time_alone_moves_deadlines_from_band_to_band(shop: House, people: Cast) -> None:
    due = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)

    def sums_at(now: datetime) -> dict[Band, int]:
        today.settle(shop, [people.shop_id], now)
        listed = today.today(shop, people.lin, now, kinds=[DeadlineKind.SHIP_BY])
        return {total.band: total.deadlines for total in listed.sums if total.deadlines}

    assert sums_at(NOW) == {Band.LATER: 23}
    assert sums_at(due.replace(hour=1, minute=30)) == {Band.HOUR: 23}
    assert today.today(shop, people.lin, due.replace(hour=1, minute=30)).lost_in_an_hour > 0
    assert sums_at(due.replace(hour=3)) == {Band.OVERDUE: 23}
    assert today.today(shop, people.lin, due.replace(hour=3)).lost_in_an_hour == 0


def test_a_cursor_that_is_none_of_ours_is_refused(shop: House, people: Cast) -> None:
    with pytest.raises(Refused):
        orders.orders(shop, people.lin, NOW, cursor="bm9uc2Vuc2U")
