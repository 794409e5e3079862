"""Products are raised by their reviews, looked at, ranked by what they cost, and compared with their own pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.goods.shelves import no_of, order
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.products.fixing import product_fixes
from zhanggui.actions.products.raising import check_product, watch_shop
from zhanggui.actions.products.seeing import drop_product_page, product_seen, put_product_page
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.answering import review_answered
from zhanggui.actions.reviews.taking import ReviewTold, take_reviews
from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineKind, DeadlineState
from zhanggui.core.products.consistency import Flaw
from zhanggui.core.products.raising import told
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines, products

NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
GOOD, BAD = "901", "902"
"""Goods numbers: what buyers like, and what they do not."""


def review(number: int, stars: int, goods: str, text: str = "", days: float = 5) -> dict[str, object]:
    """A review of an order of its own, so many days old."""
    at = (NOW - timedelta(days=days)).isoformat()
    return {"fact": "review", "review_no": f"R{number}", "order_no": no_of(number), "score": stars, "text": text, "created_at": at, "goods_id": goods}


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """Two products: many good reviews of one, three one-star orders of the other, two of its orders paid back."""
    made = Bench(house, people, tmp_path)
    made.tell(*(order(number, goods_id=BAD if number <= 12 else GOOD, title="秋月梨" if number <= 12 else "红富士") for number in range(1, 41)))
    plain = {"fact": "aftersale", "kind": "refund_only", "state": "refunded", "applied_at": "2026-03-05T12:00:00+08:00"}
    made.tell(
        plain | {"case_no": "1", "order_no": no_of(1), "reason": "质量问题", "refund_amount": 2990},
        plain | {"case_no": "2", "order_no": no_of(2), "reason": "质量问题", "refund_amount": 1000},
        plain | {"case_no": "3", "order_no": no_of(20), "reason": "不想要了", "refund_amount": 500},
    )
    made.tell(
        review(1, 1, BAD, "一打开就烂了三个，电话13812345678", 9),
        review(2, 1, BAD, "里面全坏了", 8),
        review(3, 1, BAD, "物流很快，果子发霉", 7),
        *(review(number, 5, GOOD, "很甜很脆") for number in range(13, 35)),
    )
    return made


def open_todos(house: House, people: Cast, goods: str) -> list[tuple[str, str, datetime]]:
    with house.pool.connection() as tx:
        return [(one.kind, one.state, one.due_at) for one in deadlines.of_subjects(tx, people.shop_id, "product", [goods])]


def _answer(house: House, people: Cast, bench: Bench, number: int) -> None:
    review_answered(house, people.lin, people.shop_id, no_of(number), f"R{number}", "抱歉，请联系客服", bench.now)


def test_three_one_star_orders_raise_a_product_and_somebody_has_to_look(house: House, people: Cast, bench: Bench) -> None:
    raised = watch_shop(house, people.shop_id, NOW)

    watch_shop(house, people.shop_id, NOW + timedelta(hours=1))
    third = NOW - timedelta(days=7)
    with house.pool.connection() as tx:
        (alarm,) = products.open_alarms(tx, people.shop_id, 10)
    assert raised == 1
    assert (alarm.goods_id, alarm.raised_at, alarm.rule) == (BAD, third, "shop.product_alarm@2020-01-01")
    assert (alarm.found.one_star, alarm.found.reviewed, alarm.found.is_counted) == (3, 3, True)
    assert open_todos(house, people, BAD) == [(DeadlineKind.FIX_PRODUCT, DeadlineState.OPEN, NOW + timedelta(hours=72))]
    assert told(alarm.found)[-1].slots["one_star"] == 3


def test_it_raises_the_same_no_more_once_somebody_has_looked_and_anew_by_what_comes_later(house: House, people: Cast, bench: Bench) -> None:
    watch_shop(house, people.shop_id, NOW)

    check_product(house, people.lin, people.shop_id, BAD, "冷库换过了，买家收货人：李小明 13812345678", NOW)

    with house.pool.connection() as tx:
        noted = products.alarm(tx, people.shop_id, BAD)
        written = tx.execute("select string_agg(data::text, ' ') from journal where shop_id = %s", (people.shop_id,)).fetchone()
    assert noted is not None
    assert (noted.note, "冷库" in str(written)) == ("冷库换过了，买家收货人：李*明 138****5678", False)
    assert watch_shop(house, people.shop_id, NOW + timedelta(hours=1)) == 0
    assert [(kind, state) for kind, state, _ in open_todos(house, people, BAD)] != [(DeadlineKind.FIX_PRODUCT, DeadlineState.OPEN)]
    with pytest.raises(Refused):
        check_product(house, people.lin, people.shop_id, BAD, "又看了", NOW)
    bench.tell(*(review(number, 1, BAD, "又坏了", days=-1) for number in (4, 5, 6)))
    for _ in range(2):
        assert watch_shop(house, people.shop_id, NOW + timedelta(days=2)) == 1
    with house.pool.connection() as tx:
        again = products.alarm(tx, people.shop_id, BAD)
    assert again is not None
    assert (again.raised_at, again.found.one_star) == (NOW + timedelta(days=1), 3)


def test_reviews_that_nobody_had_heard_of_when_somebody_looked_raise_it_whenever_they_were_placed(house: House, people: Cast, bench: Bench) -> None:
    watch_shop(house, people.shop_id, NOW)
    check_product(house, people.lin, people.shop_id, BAD, "冷库换过了", NOW)
    bench.now = NOW
    bench.tell(*(review(number, 1, BAD, "里面全坏了，又看了一遍", days) for number, days in ((1, 9), (2, 8), (3, 7))))
    told_again = watch_shop(house, people.shop_id, NOW + timedelta(hours=1))

    bench.tell(*(review(number, 1, BAD, "又坏了", days=2) for number in (4, 5, 6)))

    assert [told_again, *(watch_shop(house, people.shop_id, NOW + timedelta(hours=1)) for _ in range(2))] == [0, 1, 1]
    with house.pool.connection() as tx:
        (alarm,) = products.open_alarms(tx, people.shop_id, 10)
    assert (alarm.raised_at, alarm.found.one_star, alarm.found.reviewed) == (NOW - timedelta(days=2), 3, 3)
    assert (DeadlineKind.FIX_PRODUCT, DeadlineState.OPEN, NOW + timedelta(hours=73)) in open_todos(house, people, BAD)


def test_late_reviews_that_are_answered_stay_unheard_of_until_somebody_looks(house: House, people: Cast, bench: Bench) -> None:
    bench.tell(review(7, 5, BAD, "很甜", 9))
    _answer(house, people, bench, 7)
    watch_shop(house, people.shop_id, NOW)
    check_product(house, people.lin, people.shop_id, BAD, "冷库换过了", NOW)
    bench.now = NOW
    bench.tell(*(review(number, 1, BAD, "又坏了", days=2) for number in (4, 5, 6)))
    later = NOW + timedelta(hours=1)
    raised = [watch_shop(house, people.shop_id, later)]

    _answer(house, people, bench, 4)
    raised += [watch_shop(house, people.shop_id, later) for _ in range(2)]

    with house.pool.connection() as tx:
        alarm = products.alarm(tx, people.shop_id, BAD)
    assert alarm is not None
    assert (raised, alarm.found.one_star, alarm.found.since) == ([1, 1, 1], 3, NOW)


def test_late_reviews_that_a_program_brings_raise_it_too(house: House, people: Cast, bench: Bench) -> None:
    def brought(number: int, stars: int, at: datetime) -> None:
        text, placed = "又坏了", NOW - timedelta(days=2)
        told = ReviewTold(order_no=no_of(number), review_no=f"R{number}", score=stars, goods_id=BAD, text=text, created_at=placed)
        take_reviews(house, people.lin, people.shop_id, [told], at)

    brought(7, 5, NOW)
    watch_shop(house, people.shop_id, NOW)
    check_product(house, people.lin, people.shop_id, BAD, "冷库换过了", NOW)
    for number in (4, 5, 6):
        brought(number, 1, NOW + timedelta(minutes=30))

    assert [watch_shop(house, people.shop_id, NOW + timedelta(hours=hours)) for hours in (1, 2)] == [1, 1]


def test_what_was_looked_at_stays_so_when_the_late_import_that_raised_it_anew_is_undone(house: House, people: Cast, bench: Bench) -> None:
    watch_shop(house, people.shop_id, NOW)
    check_product(house, people.lin, people.shop_id, BAD, "冷库换过了", NOW)
    bench.now = NOW
    late = bench.tell(*(review(number, 1, BAD, "又坏了", days=2) for number in (4, 5, 6)))
    later = NOW + timedelta(hours=1)
    raised = [watch_shop(house, people.shop_id, later)]

    bench.undo(late)
    raised += [watch_shop(house, people.shop_id, later) for _ in range(3)]

    with house.pool.connection() as tx:
        alarm = products.alarm(tx, people.shop_id, BAD)
    assert alarm is not None
    assert (raised, alarm.checked_at) == ([1, 0, 0, 0], NOW)


def test_what_an_undone_import_had_raised_is_calm_again(house: House, people: Cast, bench: Bench) -> None:
    watch_shop(house, people.shop_id, NOW)

    calm = watch_shop(house, people.shop_id, NOW + timedelta(days=100))

    assert calm == 0
    with house.pool.connection() as tx:
        assert products.open_alarms(tx, people.shop_id, 10) == []


def test_the_list_is_ranked_by_money_with_bounds_and_joins_reasons_with_reviews(house: House, people: Cast, bench: Bench) -> None:
    watch_shop(house, people.shop_id, NOW)

    seen = product_fixes(house, people.lin, people.shop_id, NOW, days=90)

    worst, other = seen.rows
    assert (worst.goods_id, worst.orders, worst.asked, worst.paid_back, worst.is_raised) == (BAD, 12, 2, 3990, True)
    assert (worst.a_hundred, worst.low, worst.high) == (33_250, 0, 81_186)
    assert (worst.reviews, worst.bad_reviews, worst.one_star) == (3, 3, 3)
    assert worst.grievances == ((Grievance.QUALITY, 2),)
    assert [(fault.aspect, fault.bad, fault.good) for fault in worst.faults] == [("quality", 3, 0), ("shipping", 0, 1)]
    assert (other.goods_id, other.paid_back, other.bad_reviews, other.running) == (GOOD, 500, 0, 1.0)
    assert (seen.orders, seen.paid_back, seen.reviews, seen.bad_reviews) == (40, 4490, 25, 3)


def test_a_product_shows_its_reviews_masked_with_the_words_that_decided(house: House, people: Cast, bench: Bench) -> None:
    seen = product_seen(house, people.lin, people.shop_id, BAD, NOW)

    assert seen is not None
    assert "13812345678" not in "".join(one.text for one in seen.reviews)
    (shown,) = [one for one in seen.reviews if "物流" in one.text]
    assert [(aspect.mark, [span.text for span in aspect.words]) for aspect in shown.aspects] == [("shipping+", ["物流很快"]), ("quality-", ["发霉"])]
    assert seen.by_month == (("2026-03", 3, 3),)


def test_a_page_is_compared_with_itself_and_cases_before_with_after(house: House, people: Cast, bench: Bench) -> None:
    put_product_page(house, people.lin, people.shop_id, BAD, "秋月梨5斤", "净重5kg，全网最低价", NOW - timedelta(days=60), NOW)
    put_product_page(house, people.lin, people.shop_id, BAD, "秋月梨5斤", "净重5斤", datetime(2026, 3, 1, tzinfo=UTC), NOW)

    seen = product_seen(house, people.lin, people.shop_id, BAD, NOW)

    assert seen is not None
    assert (seen.contradictions, seen.worded) == ((), ())
    newest, first = seen.versions
    assert first.changed is None
    assert newest.changed is not None
    assert newest.changed.before.orders + newest.changed.after.orders == 12
    assert newest.changed.after.asked == 2
    # a week after they were placed the orders have not had the time for cases that those before the change had
    young = product_seen(house, people.lin, people.shop_id, BAD, datetime(2026, 3, 9, tzinfo=UTC))
    assert young is not None
    assert young.versions[0].changed is not None
    assert (young.versions[0].changed.after.orders, young.versions[0].changed.is_sure) == (0, False)
    drop_product_page(house, people.lin, people.shop_id, BAD, newest.page.page_no, NOW)
    again = product_seen(house, people.lin, people.shop_id, BAD, NOW)
    assert again is not None
    assert [each.flaw for each in again.contradictions] == [Flaw.UNIT_DIFFERS]
    assert [each.finding.rule.id for each in again.worded] == ["absolute_claim"]


def test_nobody_else_sees_or_changes_it(house: House, people: Cast, bench: Bench) -> None:
    with pytest.raises(NotAllowed):
        product_fixes(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        product_seen(house, people.zheng, people.shop_id, BAD, NOW)
    with pytest.raises(NotAllowed):
        put_product_page(house, people.zheng, people.shop_id, BAD, "x", "", NOW, NOW)
    with pytest.raises(NotAllowed):
        check_product(house, people.zheng, people.shop_id, BAD, "", NOW)


def test_a_page_of_the_future_or_of_nothing_is_refused(house: House, people: Cast, bench: Bench) -> None:
    with pytest.raises(Refused):
        put_product_page(house, people.lin, people.shop_id, BAD, "x", "", NOW + timedelta(days=1), NOW)
    with pytest.raises(Refused):
        put_product_page(house, people.lin, people.shop_id, BAD, " ", "", NOW, NOW)
    assert product_seen(house, people.lin, people.shop_id, "no such goods", NOW) is None


def test_default_ratings_of_the_platform_are_no_judgement(house: House, people: Cast, bench: Bench) -> None:
    bench.tell(*(review(number, 5, BAD, "系统默认好评") | {"is_default": True} for number in (7, 8, 9)))

    seen = product_seen(house, people.lin, people.shop_id, BAD, NOW)

    assert seen is not None
    assert (seen.counted, seen.bad) == (3, 3)
    assert msgspec.structs.asdict(seen)["by_month"] == (("2026-03", 3, 3),)
