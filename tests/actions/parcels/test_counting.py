"""The anomaly rate is what one gets who counts every parcel by hand, and forecasts rest on what was stored."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.parcels import STILL_NO, UNKNOWN_NO, month, tell, ways
from zhanggui.actions.house import House
from zhanggui.actions.parcels.foreseen import foresight, learn_now
from zhanggui.actions.parcels.foresight import chance_ahead, chance_of_stall, learn_in_shop, learn_stalls
from zhanggui.actions.parcels.means import bring_means, means_kept, put_category_mean
from zhanggui.actions.parcels.rates import RateView, anomaly_rate
from zhanggui.actions.refused import Refused
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.moments import shanghai_day
from zhanggui.core.parcels import Parcel
from zhanggui.core.parcels.rate import Tally
from zhanggui.people.permissions import NotAllowed
from zhanggui.records.parcels import whole

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.fixture
def told(house: House, people: Cast) -> None:
    ways(house, people, NOW)
    month(house, people, NOW, 160)


def every_parcel(house: House, people: Cast) -> list[Parcel]:
    with house.pool.connection() as tx:
        return [whole(facts) for (facts,) in tx.execute("select facts::text from parcels where shop_id = %s", (people.shop_id,))]


def by_hand(house: House, people: Cast, now: datetime, first: date) -> dict[str, Tally]:
    """Every parcel of the days counted one by one, by carrier."""
    counted: dict[str, Tally] = {}
    for parcel in every_parcel(house, people):
        if first <= shanghai_day(parcel.shipped_at) <= shanghai_day(now):
            is_abnormal = any(one.counts and one.at <= now for one in parcel.anomalies)
            counted[parcel.carrier] = counted.get(parcel.carrier, Tally()).plus(Tally(1, int(is_abnormal)))
    return counted


def carriers(view: RateView) -> dict[str, Tally]:
    return {group.name: group.tally for group in view.carriers}


@pytest.mark.usefixtures("told")
def test_it_is_what_one_counts_by_hand_today_and_later(house: House, people: Cast) -> None:
    for now in (NOW, NOW + timedelta(hours=7), NOW + timedelta(days=12), NOW + timedelta(days=45)):
        view = anomaly_rate(house, people.lin, people.shop_id, now)

        assert (view.last - view.first).days == 29
        assert carriers(view) == by_hand(house, people, now, view.first)
        assert sum(group.tally.abnormal for group in view.days) == view.total.abnormal == sum(many for _, many in view.branches)
        assert sum(group.tally.parcels for group in view.routes) == view.total.parcels


@pytest.mark.usefixtures("told")
def test_it_follows_whatever_comes(house: House, people: Cast) -> None:
    before = anomaly_rate(house, people.lin, people.shop_id, NOW).total
    stuck = next(parcel for parcel in every_parcel(house, people) if parcel.tracking_no == UNKNOWN_NO)
    refund = AftersaleFacts(case_no="S1", order_no=stuck.order_no, agreed_at=NOW - timedelta(hours=1))

    tell(house, people.lin, people.shop_id, [refund], NOW)

    later = NOW + timedelta(days=2)
    assert anomaly_rate(house, people.lin, people.shop_id, NOW).total == before
    assert carriers(anomaly_rate(house, people.lin, people.shop_id, later)) == by_hand(house, people, later, shanghai_day(later) - timedelta(days=29))


@pytest.mark.usefixtures("told")
def test_it_tells_how_far_the_restriction_is_once_the_mean_is_known(house: House, people: Cast) -> None:
    assert anomaly_rate(house, people.lin, people.shop_id, NOW).reach is None

    put_category_mean(house, people.lin, people.shop_id, "3.2 %", "", NOW)

    view = anomaly_rate(house, people.lin, people.shop_id, NOW)
    assert view.reach is not None
    assert view.reach.limit_share == pytest.approx(0.16)
    assert view.total.abnormal + view.reach.left == int(0.16 * view.total.parcels) + 1


def test_it_keeps_the_mean_from_its_day_on(house: House, people: Cast) -> None:
    put_category_mean(house, people.lin, people.shop_id, "0.8", "12", NOW)
    put_category_mean(house, people.lin, people.shop_id, "0.85", "", NOW + timedelta(days=3))

    then, now = (anomaly_rate(house, people.lin, people.shop_id, NOW + timedelta(days=days)).mean for days in (2, 4))

    assert then is not None
    assert now is not None
    assert (then.share_ppm, then.orders, now.share_ppm, now.orders) == (8000, 12, 8500, None)


@pytest.mark.parametrize(
    ("share", "orders"), [("", ""), ("abc", ""), ("-1", ""), ("0", ""), ("101", ""), ("1e3", ""), ("1.2.3", ""), ("٣", ""), ("1", "x"), ("1", "-2")]
)
def test_it_refuses_what_is_no_mean(house: House, people: Cast, share: str, orders: str) -> None:
    with pytest.raises(Refused):
        put_category_mean(house, people.lin, people.shop_id, share, orders, NOW)

    assert anomaly_rate(house, people.lin, people.shop_id, NOW).mean is None


def test_only_who_sets_the_shop_enters_the_mean_and_strangers_see_nothing(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        put_category_mean(house, people.mei, people.shop_id, "0.8", "", NOW)
    with pytest.raises(NotAllowed):
        anomaly_rate(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        foresight(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        learn_now(house, people.mei, people.shop_id, NOW)


def test_a_shop_without_parcels_has_no_rate(house: House, people: Cast) -> None:
    view = anomaly_rate(house, people.lin, people.shop_id, NOW)

    assert (view.total, view.total.share, view.stops) == (Tally(), 0.0, ())


@pytest.mark.usefixtures("told")
def test_it_learns_from_what_is_stored_and_tells_the_chance_of_those_under_way(house: House, people: Cast) -> None:
    learn_stalls(house, NOW)

    with house.pool.connection() as tx:
        chances = chance_of_stall(tx, people.shop_id, [STILL_NO, UNKNOWN_NO, "YTFINE00001", "nobody's"], NOW)
        ahead = chance_ahead(tx, people.shop_id, "极兔速递", "新疆维吾尔自治区", 20)
    assert set(chances) == {STILL_NO, UNKNOWN_NO}
    assert chances[STILL_NO].p == 1.0
    assert (chances[UNKNOWN_NO].waited_hours, chances[UNKNOWN_NO].limit_hours) == (7, 24)
    assert 0 < chances[UNKNOWN_NO].low < chances[UNKNOWN_NO].p < chances[UNKNOWN_NO].high < 1
    assert ahead is not None
    assert 0 < ahead.low < ahead.p < ahead.high < 1


@pytest.mark.usefixtures("told")
def test_it_makes_a_version_a_day_and_another_when_asked(house: House, people: Cast) -> None:
    made = [learn_in_shop(house, people.shop_id, at) for at in (NOW, NOW + timedelta(hours=3), NOW + timedelta(hours=21))]
    asked = learn_now(house, people.lin, people.shop_id, NOW + timedelta(hours=22))

    view = foresight(house, people.lin, people.shop_id, NOW + timedelta(hours=22))

    assert (made, asked) == ([True, False, True], True)
    assert (view.version, [version for version, _, _ in view.versions]) == (3, [3, 2, 1])
    assert view.report is not None
    assert view.report.tested > 200
    assert {(row.carrier, row.province) for row in view.routes} >= {("极兔速递", "新疆维吾尔自治区"), ("圆通快递", "浙江省")}
    assert [hour for hour, _ in view.hours] == [0, 4, 8, 12, 16, 20]


def test_it_learns_nothing_from_nothing(house: House, people: Cast) -> None:
    assert learn_in_shop(house, people.shop_id, NOW) is False

    with house.pool.connection() as tx:
        assert chance_of_stall(tx, people.shop_id, ["YT1"], NOW) == {}
        assert chance_ahead(tx, people.shop_id, "圆通快递", "浙江省", 9) is None
    assert foresight(house, people.lin, people.shop_id, NOW).report is None


def test_a_list_of_means_is_kept_day_by_day_with_its_source(house: House, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "类目均值.csv"
    path.write_text("日期,类目均值(%),异常单量,来源\n2026-03-01,0.8,12,后台截图\n2026/3/5,0.95%,,\n昨天,0.9,,\n2026-03-06,百分之一,,\n", encoding="utf-8")

    told = bring_means(house, people.lin, people.shop_id, path, NOW)
    put_category_mean(house, people.lin, people.shop_id, "1.1", "9", NOW, source="商家后台")

    kept = [(str(one.from_day), one.share_ppm, one.orders, one.source) for one in means_kept(house, people.mei, people.shop_id)]
    assert (told.kept, [row for row, _ in told.refused]) == (2, [4, 5])
    assert kept == [(str(shanghai_day(NOW)), 11_000, 9, "商家后台"), ("2026-03-05", 9_500, None, "类目均值.csv"), ("2026-03-01", 8_000, 12, "后台截图")]


def test_a_file_that_is_no_list_of_means_is_refused(house: House, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("订单号,金额\n1,2\n", encoding="utf-8")

    with pytest.raises(Refused, match="No heading row"):
        bring_means(house, people.lin, people.shop_id, path, NOW)

    assert means_kept(house, people.lin, people.shop_id) == ()
