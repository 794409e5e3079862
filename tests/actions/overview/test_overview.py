"""The overview adds up what the rows say, for the days that were asked for, and leaves out what the person may not see."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.money.telling import tell
from tests.actions.overview.conftest import NOW, A, B, D
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.overview import overview, seeing
from zhanggui.actions.overview import rows as counting
from zhanggui.actions.overview.rows import clock_rows, count_clocks
from zhanggui.actions.overview.seeing import LARGE
from zhanggui.actions.overview.shapes import Clocks
from zhanggui.actions.overview.wording import lines_of
from zhanggui.actions.reviews.listing import filter_of, reviews_of
from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.periods import Period, days_up_to, week_in
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import overview as records
from zhanggui.words import Language, load

AGO = (date(2025, 7, 1), date(2025, 7, 31))
"""Longer ago than is counted."""
QUIET = (date(2025, 12, 1), date(2025, 12, 31))
"""Counted, and without any deadline."""
WEEK = week_in("2026-W10") or days_up_to(date(2026, 3, 8), 7)


def test_it_adds_up_the_orders_of_the_week_and_no_others(shop: House, people: Cast) -> None:
    seen = overview(shop, people.lin, people.shop_id, WEEK, NOW)

    assert (seen.sales.orders, seen.sales.paid, seen.sales.refunded, seen.sales.refunded_paid) == (4, 11960, 1, 2990)
    assert [day.orders for day in seen.days] == [1, 1, 1, 0, 0, 0, 1]
    # the house knows nothing of the first days of the week before
    assert (seen.known_since, seen.compared) == (date(2026, 3, 1), None)


def test_what_nobody_bought_is_told_apart(shop: House, people: Cast, tmp_path: Path) -> None:
    formed = {"fact": "order", "group_formed_at": "2026-03-05 10:00:00", "created_at": "2026-03-05 10:00:00", "pay_amount": 990}
    told = [
        {"stage": "forming"},
        {"stage": "cancelled"},
        {"stage": "cancelled", "refund": "refunded"},
        {"stage": "to_ship"},
    ]
    tell(
        shop,
        people,
        tmp_path,
        *({**formed, "order_no": f"260305-{number:015d}", **more} for number, more in enumerate(told)),
        as_of="2026-03-09T09:00:00+08:00",
        now=NOW,
    )

    sales = overview(shop, people.lin, people.shop_id, WEEK, NOW).sales

    assert (sales.orders, sales.paid, sales.refunded, sales.refunded_paid, sales.unbought) == (4 + 2, 11960 + 1980, 1 + 1, 2990 + 990, 2)


def test_an_order_without_any_moment_does_not_make_days_known(shop: House, people: Cast, tmp_path: Path) -> None:
    tell(shop, people, tmp_path, {"fact": "order", "order_no": "WITHOUT-A-DAY", "stage": "received"}, as_of="2026-03-09T09:00:00+08:00", now=NOW)

    seen = overview(shop, people.lin, people.shop_id, WEEK, NOW)

    assert (seen.known_since, seen.compared) == (date(2026, 3, 1), None)
    with shop.pool.connection() as tx:
        assert records.ever(tx, people.shop_id)[0] == 6


def test_it_tells_what_deadlines_met_have_saved_and_missed_ones_lost(shop: House, people: Cast) -> None:
    seen = overview(shop, people.lin, people.shop_id, WEEK, NOW)

    assert seen.clocks is not None
    ship = next(line for line in seen.clocks.lines if line.kind is DeadlineKind.SHIP_BY)
    assert (ship.met, ship.missed, ship.overdue, ship.late) == (2, 1, 1, 2)
    assert ship.saved > 0
    assert ship.lost > 0
    rows = {ended: clock_rows(shop, people.lin, people.shop_id, DeadlineKind.SHIP_BY, ended, WEEK, NOW).rows for ended in ("met", "missed", "overdue")}
    assert {ended: len(found) for ended, found in rows.items()} == {"met": 2, "missed": 1, "overdue": 1}
    assert [row.order_no for row in (*rows["missed"], *rows["overdue"])] == [B, D]
    assert (sum(row.at_risk for row in rows["met"]), sum(row.at_risk for row in (*rows["missed"], *rows["overdue"]))) == (ship.saved, ship.lost)


def test_its_rows_come_page_by_page(shop: House, people: Cast) -> None:
    first = clock_rows(shop, people.lin, people.shop_id, DeadlineKind.SHIP_BY, "met", WEEK, NOW, limit=1)
    second = clock_rows(shop, people.lin, people.shop_id, DeadlineKind.SHIP_BY, "met", WEEK, NOW, before=first.next_row, limit=1)

    assert first.next_row is not None
    assert second.next_row is None
    assert [row.order_no for row in (*first.rows, *second.rows)][-1] == A


def test_it_counts_the_stars_that_buyers_gave_in_these_days_alone(shop: House, people: Cast) -> None:
    stars = overview(shop, people.lin, people.shop_id, WEEK, NOW).stars

    # the one of the platform's own and the one at the next midnight are left out
    assert [(count.score, count.reviews) for count in stars.counts] == [(5, 1), (4, 0), (3, 0), (2, 0), (1, 1)]
    assert (stars.mean, stars.bad) == (3.0, 1)


def test_it_tells_causes_goods_and_the_bill(shop: House, people: Cast) -> None:
    seen = overview(shop, people.lin, people.shop_id, WEEK, NOW)

    assert [(cause.grievance, cause.orders, cause.paid_back) for cause in seen.causes] == [(Grievance.QUALITY, 1, 2990)]
    assert seen.asked_of == 4
    # a review that names no product is of its order's; one that the platform gave is none
    assert [(each.goods, each.orders, each.paid, each.refunded, each.one_star, each.reviews) for each in seen.goods] == [
        ("901", 3, 8970, 1, 1, 2),
        ("902", 1, 2990, 0, 0, 0),
    ]
    assert {each.bill_class: (each.income, each.expense) for each in seen.bill} == {"income": (2990, 0), "compensation": (0, 300)}
    assert [(line.name, line.parcels, line.abnormal, line.hours) for line in seen.carriers] == [("圆通快递", 3, seen.carriers[0].abnormal, None)]


def test_it_compares_only_with_days_that_are_known_whole(shop: House, people: Cast) -> None:
    known = overview(shop, people.lin, people.shop_id, Period(date(2026, 3, 3), date(2026, 3, 4)), NOW)

    assert known.compared is not None
    assert (known.sales.orders, known.compared.days, known.compared.before.orders) == (2, 2, 2)


def test_of_a_time_that_has_only_begun_the_whole_days_are_compared_with_as_many(shop: House, people: Cast, tmp_path: Path) -> None:
    today = {"fact": "order", "order_no": "260309-000000000000009", "stage": "to_ship", "group_formed_at": "2026-03-09 09:00:00", "pay_amount": 990}
    tell(shop, people, tmp_path, today, as_of="2026-03-09T09:30:00+08:00", now=NOW)

    month = overview(shop, people.lin, people.shop_id, Period(date(2026, 3, 6), date(2026, 3, 31)), NOW)

    assert month.sales.orders == 2
    assert month.compared is not None
    assert (month.compared.days, month.compared.now.orders, month.compared.before.orders) == (3, 1, 2)


def test_a_time_of_which_no_day_is_over_is_compared_with_none(shop: House, people: Cast) -> None:
    month = overview(shop, people.lin, people.shop_id, Period(date(2026, 3, 9), date(2026, 3, 31)), NOW)

    assert (month.compared, month.is_fresh) == (None, True)


def test_what_is_due_later_has_not_fallen_due(shop: House, people: Cast) -> None:
    at = datetime(2026, 3, 5, 4, tzinfo=UTC)

    clocks = overview(shop, people.lin, people.shop_id, WEEK, at).clocks
    assert clocks is not None
    ship = next(line for line in clocks.lines if line.kind is DeadlineKind.SHIP_BY)
    rows = clock_rows(shop, people.lin, people.shop_id, DeadlineKind.SHIP_BY, "met", WEEK, at).rows

    assert (ship.met, [row.order_no for row in rows]) == (1, [A])


def test_the_stars_open_as_many_reviews_as_they_tell(shop: House, people: Cast) -> None:
    stars = overview(shop, people.lin, people.shop_id, WEEK, NOW).stars

    for count in stars.counts:
        listed = reviews_of(shop, people.lin, people.shop_id, filter_of("all", stars=str(count.score), span=WEEK), None, 50, NOW)
        assert len(listed.rows) == count.reviews


def test_a_large_shop_s_deadlines_are_counted_by_the_chore_to_the_same_sums(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LARGE", 1)
    count_clocks(shop, NOW)
    count_clocks(shop, NOW)  # counted again, nothing is counted twice

    with shop.pool.connection() as tx:
        counted = records.counted_clocks(tx, people.shop_id, WEEK.first, WEEK.last)
        read = records.clocks(tx, people.shop_id, WEEK.since, WEEK.until, NOW)
        first, counted_at = records.clocks_counted(tx, people.shop_id) or (None, None)

    assert sorted(counted, key=str) == sorted(read, key=str)
    assert (first, counted_at) == (date(2026, 3, 1), NOW)
    assert LARGE == 50_000


def test_what_was_not_counted_of_a_large_shop_is_not_told_as_nought(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (counting, seeing):
        monkeypatch.setattr(module, "LARGE", 1)
    before = overview(shop, people.lin, people.shop_id, WEEK, NOW)
    count_clocks(shop, NOW)

    week, long_ago, quiet = (overview(shop, people.lin, people.shop_id, days, NOW).clocks for days in (WEEK, Period(*AGO), Period(*QUIET)))

    assert (before.clocks, long_ago) == (None, None)
    assert "省下: — (未统计)" in lines_of(before, load(Language.ZH_HANS))[1]
    assert week is not None
    assert (week.counted_at, week.late) == (NOW, 2)
    assert quiet == Clocks((), NOW)


def test_only_whoever_sees_the_money_sees_it(shop: House, people: Cast) -> None:
    for person in (people.mei, people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            overview(shop, person, people.shop_id, WEEK, NOW)
        with pytest.raises(NotAllowed):
            clock_rows(shop, person, people.shop_id, DeadlineKind.SHIP_BY, "met", WEEK, NOW)


def test_a_shop_without_anything_is_told_as_such(house: House, people: Cast) -> None:
    seen = overview(house, people.lin, people.shop_id, WEEK, NOW - timedelta(days=1))

    assert (seen.sales.orders, seen.sales.refund_share, seen.known_since, seen.stars.mean, seen.clocks, seen.causes) == (
        0,
        None,
        None,
        None,
        Clocks((), None),
        (),
    )
