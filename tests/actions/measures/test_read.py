"""Reading measures: lists page by page, days one by one, marks beside what is known, talks that become one buyer's."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import ONE, orders_csv, row
from tests.actions.measures.lifelike import BEGAN, lines
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.threading import link_order
from zhanggui.actions.house import House
from zhanggui.actions.measures import (
    Member,
    Side,
    catch_up,
    count_some,
    counted,
    formula_on,
    measures,
    members,
    projected,
    series,
    shops_to_count,
    shown_day,
    talked,
)
from zhanggui.actions.measures.counting import FOR_A_PAGE, NOTES, seen_of
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.shapes import Who
from zhanggui.core.measures import Counted, Mark, Unit, order_marks
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import NotAllowed, ShopId
from zhanggui.records.db import Tx
from zhanggui.records.measures import touched
from zhanggui.rulebook.measures import measure_book

NOW = BEGAN + timedelta(days=70)
DAY = date(2026, 4, 30)
SINCE, UNTIL = DAY - timedelta(days=30), DAY - timedelta(days=1)


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """A shop of some hundred orders."""
    path = tmp_path / "shop.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines(3, 120)), "utf-8")
    seen = importing.preview(house, people.lin, people.shop_id, [path], NOW, profile="facts", as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, seen.batch_id, NOW)
    catch_up(house, people.shop_id, NOW)
    return house


def test_what_is_read_agrees(shop: House, people: Cast) -> None:
    book = measure_book()
    with shop.pool.connection() as tx:
        everything = {name: counted(tx, people.shop_id, name, DAY) for name in book.ids}
        added = {name: series(tx, people.shop_id, name, SINCE, UNTIL) for name in book.ids}
        nos = [str(no) for (no,) in tx.execute("select order_no from orders where shop_id = %s", (people.shop_id,))]
        orders = seen_of(tx, people.shop_id, nos, rulebook_in(tx, shop, people.shop_id).advice, NOW)

    for name, figure in everything.items():
        formula = formula_on(name, DAY)
        if formula is None or formula.is_unknown:
            assert figure == Counted(0, 0)
            continue
        if formula.window_days == 30:
            assert [len(added[name]), sum(day.num for day in added[name]), sum(day.den for day in added[name])] == [30, figure.num, figure.den]
            of_orders = [mark for seen in orders.values() for mark in order_marks(seen, book, on=DAY) if mark.measure == name and SINCE <= mark.day <= UNTIL]
            if "reply" not in name:
                assert (sum(mark.num for mark in of_orders), sum(mark.den for mark in of_orders)) == (figure.num, figure.den)
    assert everything["shop_activity"].value() is None
    assert everything["valid_ratings"].value(Unit.COUNT) == everything["shop_rating"].den


def test_the_lists_hold_every_one_that_counts_once_and_marks_are_added_in_the_window_alone(shop: House, people: Cast) -> None:
    for measure in ("pdd_on_time_shipment_rate", "quality_refund_rate", "shop_rating", "reply_rate_3min", "transit_refund_hours"):
        holds_every_one(shop, people, measure)
    adds_marks(shop, people)


def holds_every_one(shop: House, people: Cast, measure: str) -> None:
    formula = formula_on(measure, DAY)
    assert formula is not None
    since = DAY - timedelta(days=formula.window_days)
    with shop.pool.connection() as tx:
        figure = counted(tx, people.shop_id, measure, DAY)

    below = _all(shop, people, measure, Side.DENOMINATOR, since)
    above = _all(shop, people, measure, Side.NUMERATOR, since)

    assert len(below) == len({(one.day, one.order_no, one.thread_no, one.review_no) for one in below}) == figure.den
    assert (sum(one.amount for one in above) if formula.sums_amounts else len(above)) == figure.num
    assert [one.day for one in below] == sorted((one.day for one in below), reverse=True)
    if measure == "pdd_on_time_shipment_rate":
        assert len(_all(shop, people, measure, Side.REST, since)) == figure.den - figure.num > 0


def adds_marks(shop: House, people: Cast) -> None:
    extra = [Mark("help_rate", UNTIL, 1, 0), Mark("help_rate", DAY, 1, 0), Mark("help_rate", SINCE, 0, -2), Mark("intervention_rate", UNTIL, 1, 0)]

    with shop.pool.connection() as tx:
        before = counted(tx, people.shop_id, "help_rate", DAY)
        after = projected(tx, people.shop_id, "help_rate", DAY, extra)

    assert after == Counted(before.num + 1, before.den - 2)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_an_order_stands_there_as_often_as_it_counts(house: House, people: Cast, tmp_path: Path, size: int) -> None:
    """Three reviews of one order on one day and one of another, however short the pages."""
    first, second, told = "260401-000000000000001", "260401-000000000000002", ("2026-04-20 10:00:00", 5)
    given = [
        (first, "R1", *told),
        (first, "R2", *told),
        (first, "R3", "2026-04-20 11:00:00", 1),
        (second, "R4", *told),
        (second, "R5", "2026-04-19 11:00:00", 4),
    ]
    found = [{"fact": "review", "order_no": no, "review_no": name, "created_at": at, "score": stars} for no, name, at, stars in given]
    path = tmp_path / "reviews.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in found), "utf-8")
    seen = importing.preview(house, people.lin, people.shop_id, [path], NOW, profile="facts", as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, seen.batch_id, NOW)
    catch_up(house, people.shop_id, NOW)

    above, below = (_all(house, people, "active_review_rate", side, SINCE, size) for side in (Side.NUMERATOR, Side.DENOMINATOR))

    assert [(one.day.day, one.order_no) for one in above] == [(20, first), (20, first), (20, second), (19, second)]
    assert len(below) == 5


def test_the_platform_shows_it_later(house: House, people: Cast) -> None:
    by_lag = {name: shown_day(formula, DAY) for name in ("help_rate", "shop_rating") if (formula := formula_on(name, DAY)) is not None}

    found = measures(house, people.lin, people.shop_id, datetime(2026, 4, 30, 4, tzinfo=UTC))

    assert by_lag == {"help_rate": DAY - timedelta(days=1), "shop_rating": DAY}
    assert (found["help_rate"].since, found["help_rate"].until, found["help_rate"].lag_days) == (SINCE, UNTIL, 2)
    assert (found["shop_activity"].value, found["shop_activity"].denominator) == (None, 0)


def test_a_stranger_sees_nothing(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        measures(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        members(house, people.zheng, people.shop_id, "help_rate", Side.NUMERATOR, SINCE, UNTIL, None, 5, NOW)


def test_two_talks_about_one_order_are_one_buyers_day(house: House, people: Cast, tmp_path: Path) -> None:
    seen = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "orders.csv", [row(ONE)])], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, seen.batch_id, NOW)
    at = datetime(2026, 3, 5, 4, tzinfo=UTC)
    told = [
        take_message(house, people.mei, people.shop_id, Incoming(message_id=talk, who=Who.BUYER, said="在吗", at=at, external_id=talk, name="鱼"), at)
        for talk in ("one", "two")
    ]
    assert _asked(house, people, at) == 2

    for each in told:
        link_order(house, people.mei, people.shop_id, each.thread_no, ONE, at)

    assert _asked(house, people, at) == 1


def _asked(house: House, people: Cast, at: datetime) -> int:
    catch_up(house, people.shop_id, at)
    with house.pool.connection() as tx:
        return counted(tx, people.shop_id, "reply_rate_3min", date(2026, 3, 6)).den


def _all(house: House, people: Cast, measure: str, side: Side, since: date, size: int = 7) -> list[Member]:
    found: list[Member] = []
    page = members(house, people.lin, people.shop_id, measure, side, since, UNTIL, None, size, NOW)
    found += page.rows
    while page.next is not None:
        page = members(house, people.lin, people.shop_id, measure, side, since, UNTIL, page.next, size, NOW)
        found += page.rows
    return found


def test_the_worker_is_told_of_shops_with_anything_to_count_and_of_changed_formulas(house: House, people: Cast) -> None:
    shops = [people.shop_id, people.other_shop_id]
    assert shops_to_count(house, NOW, NOW) == shops

    for shop_id in shops:
        assert count_some(house, shop_id, NOW, NOW, "a worker")
        assert not count_some(house, shop_id, NOW, NOW, "a worker")

    assert shops_to_count(house, NOW, NOW) == []
    with house.pool.connection() as tx:
        tx.execute("update measure_counts set made_of = 'older formulas' where shop_id = %s", (people.shop_id,))
        touched.note(tx, people.other_shop_id, ["260301-1"])
    assert shops_to_count(house, NOW, NOW) == shops


def test_a_day_named_by_many_notes_is_counted_once_and_what_comes_meanwhile_is_not_waited_for(
    house: House, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up(house, people.shop_id, NOW)
    with house.pool.connection() as tx:
        for number in range(2 * NOTES + 1):
            touched.note(tx, people.shop_id, [f"26043{number:02d}-1"], [DAY])
    counted_days = []

    def count_days(tx: Tx, shop_id: ShopId, days: Sequence[date], _rulebook: Rulebook) -> int:
        counted_days.append(days)
        touched.note(tx, shop_id, (), [DAY])
        return 1

    monkeypatch.setattr(talked, "count_days", count_days)
    state = catch_up(house, people.shop_id, NOW, most=FOR_A_PAGE)

    assert counted_days == [(DAY,)]
    assert (state.is_whole, state.waiting) == (True, 1)


def test_a_day_of_many_messages_rests_once_it_was_read_and_is_counted_in_the_end(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up(house, people.shop_id, NOW)
    read: list[Sequence[date]] = []

    def count_days(_tx: Tx, _shop_id: ShopId, days: Sequence[date], _rulebook: Rulebook) -> int:
        read.append(days)
        return 10_000

    def said_and_counted(at: datetime) -> bool:
        with house.pool.connection() as tx:
            touched.note(tx, people.shop_id, (), [DAY])
        return count_some(house, people.shop_id, at, at, "a worker")

    monkeypatch.setattr(talked, "count_days", count_days)
    did = [said_and_counted(NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 19, 21)]
    on_a_page = catch_up(house, people.shop_id, NOW + timedelta(seconds=22), most=FOR_A_PAGE)
    earlier = said_and_counted(NOW - timedelta(days=1))

    assert (did, earlier, on_a_page.waiting) == ([True, False, False, True], True, 0)
    assert read == [(DAY,)] * 3
    with house.pool.connection() as tx:
        touched.note(tx, people.shop_id, (), [DAY])
    assert catch_up(house, people.shop_id, NOW - timedelta(days=1)).waiting == 0


def test_a_page_leaves_a_day_of_many_messages_to_the_worker_and_reads_it_where_none_runs(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up(house, people.shop_id, NOW)
    read: list[Sequence[date]] = []

    def count_days(_tx: Tx, _shop_id: ShopId, days: Sequence[date], _rulebook: Rulebook) -> int:
        read.append(days)
        return 10_000

    monkeypatch.setattr(talked, "count_days", count_days)

    def said_and_looked_at(seconds: float) -> int:
        with house.pool.connection() as tx:
            touched.note(tx, people.shop_id, (), [DAY])
        return catch_up(house, people.shop_id, NOW + timedelta(seconds=seconds), most=FOR_A_PAGE).waiting

    waiting = [said_and_looked_at(seconds) for seconds in (0, 10, 30, 36)]

    assert (waiting, len(read)) == ([0, 1, 1, 0], 2)
