"""Where a shop stands: what is counted beside what its owner entered from the back office, with the day that leaves and the day the platform is behind."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.parcels.means import put_category_mean
from zhanggui.actions.refused import Refused
from zhanggui.actions.standing import entering
from zhanggui.actions.standing.listing import MeasureRow, measure_seen, measures_seen
from zhanggui.actions.standing.seeing import standing_of
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, Place, Sighting
from zhanggui.core.measures.marks import Counted
from zhanggui.core.standing.comparing import Why
from zhanggui.people.permissions import NotAllowed
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.standing import standing_book

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
RATE = "quality_refund_rate"
# the window up to yesterday holds 10-21 to 11-19; two orders of 10-20 left it at the last midnight, one of 10-21 leaves at the next
DAYS = ["10-20", "10-20", "10-21", "10-22", "11-01", "11-10", "11-18", "11-19", "11-19", "11-19"]


@pytest.fixture
def counted(house: House, people: Cast) -> House:
    """Ten orders, one of them of 11-18 paid back for its quality on 11-19, and one of 10-20 paid back on the same day."""
    told: list[Sighting[Any]] = []
    for number, day in enumerate(DAYS):
        at = datetime.fromisoformat(f"2026-{day}T10:00:00+08:00")
        order = OrderFacts(
            order_no=f"26-{number}", stage=OrderStage.RECEIVED, group_formed_at=at, shipped_at=at + timedelta(hours=1), received_at=at + timedelta(hours=3)
        )
        told.append(_sighting(order))
    for case_no, order_no, day in [("c1", "26-6", "11-19"), ("c2", "26-0", "10-20")]:
        refunded = datetime.fromisoformat(f"2026-{day}T20:00:00+08:00")
        told.append(
            _sighting(
                AftersaleFacts(
                    case_no=case_no,
                    order_no=order_no,
                    kind=AftersaleKind.REFUND_ONLY,
                    state=AftersaleState.REFUNDED,
                    reason="质量问题",
                    applied_at=refunded - timedelta(hours=2),
                    updated_at=refunded,
                )
            )
        )
    with house.pool.connection() as tx:
        store_by_hand(house, tx, people.lin, people.shop_id, told, NOW, NOW, profile="facts")
    return house


def _sighting(facts: OrderFacts | AftersaleFacts) -> Sighting[Any]:
    return Sighting(facts, frozenset(name for name in facts.__struct_fields__ if getattr(facts, name) is not None), Place("told"))


def row_of(house: House, people: Cast, measure: str = RATE) -> MeasureRow:
    return next(row for row in measures_seen(house, people.mei, people.shop_id, NOW).rows if row.formula.id == measure)


def test_it_counts_to_yesterday_and_tells_what_the_platform_shows_what_left_and_what_leaves(counted: House, people: Cast) -> None:
    row = row_of(counted, people)

    assert (row.now, row.value) == (Counted(1, 8), Fraction(25, 2))
    # the platform is two days behind: its window holds 10-20 to 11-18
    assert (row.shown, row.shown_until) == (Counted(1, 7), date(2026, 11, 18))
    assert row.left_today is not None
    assert row.leaves_next is not None
    assert (row.left_today.day, row.left_today.num, row.left_today.den) == (date(2026, 10, 20), 1, 2)
    assert (row.leaves_next.day, row.leaves_next.num, row.leaves_next.den) == (date(2026, 10, 21), 0, 1)
    assert [(point.day.day, point.num, point.den) for point in row.trend[-3:]] == [(18, 1, 6), (19, 1, 7), (20, 1, 8)]


def test_a_pasted_page_sets_standards_and_stands_beside_what_was_counted_of_its_days(counted: House, people: Cast) -> None:
    page = "统计时间：2026-11-18 品质退款率 14.29 % 未达标（≤3%） 纠纷退款率 0.10% 近30天成团-签收时效 0.2天"

    read = entering.keep_page(counted, people.lin, people.shop_id, page, NOW)

    row, disputes, signed = (row_of(counted, people, measure) for measure in (RATE, "dispute_refund_rate", "formed_to_signed_hours"))
    assert len(read.readings) == 3
    assert row.compared is not None
    assert disputes.compared is not None
    assert signed.compared is not None
    assert (row.compared.why, row.compared.ours) == (Why.SAME, Fraction(100, 7))
    assert (disputes.compared.why, disputes.compared.hits) == (Why.UNEXPLAINED, 0)
    assert (signed.compared.why, signed.value) == (Why.UNEXPLAINED, Fraction(1, 8))
    assert row.target is not None
    assert row.room is not None
    assert (row.target.value, row.target.from_day, row.met, row.room.is_beyond, row.room.needed) == (Fraction(3), TODAY, False, True, 26)


def test_a_figure_that_is_corrected_keeps_what_the_page_said_of_it(house: House, people: Cast) -> None:
    entering.keep_page(house, people.lin, people.shop_id, "统计时间：2026-11-18 品质退款率 2.46% 未达标（≤3%）", NOW)

    entering.keep_reading(house, people.lin, people.shop_id, RATE, "2.45", "2026-11-18", NOW, percentile="40")

    seen = measure_seen(house, people.mei, people.shop_id, RATE, NOW)
    assert seen is not None
    (reading,) = [each.reading for each in seen.compared]
    assert (reading.value, reading.is_met, reading.standard, reading.percentile) == (Fraction("2.45"), None, Fraction(3), Fraction(40))


def test_a_restriction_stands_by_the_back_office_where_ours_differs(counted: House, people: Cast) -> None:
    entering.set_limit(counted, people.lin, people.shop_id, "pdd.quality_restriction", "50", NOW, source="后台")
    entering.keep_reading(counted, people.lin, people.shop_id, RATE, "60", "2026-11-18", NOW)

    found = {each.rule.id: each for each in standing_of(counted, people.mei, people.shop_id, NOW).standing.restrictions}["pdd.quality_restriction"]

    assert (found.value, found.is_beyond, found.orders_left) == (Fraction(60), True, None)


def test_an_older_page_pasted_late_leaves_the_standard_of_a_newer_one(house: House, people: Cast) -> None:
    for page in ("统计时间：2026-11-18 品质退款率 2% 未达标（≤3%）", "统计时间：2026-10-01 品质退款率 2% 未达标（≤9%） 纠纷退款率 0.10% 未达标（≤0.08%）"):
        entering.keep_page(house, people.lin, people.shop_id, page, NOW)
    entering.keep_reading(house, people.lin, people.shop_id, "dispute_refund_rate", "0.1", "2026-11-19", NOW)
    entering.keep_page(house, people.lin, people.shop_id, "统计时间：2026-11-18 纠纷退款率 0.10% 未达标（≤0.05%）", NOW)

    targets = [row_of(house, people, measure).target for measure in (RATE, "dispute_refund_rate")]

    assert [target and target.value for target in targets] == [Fraction(3), Fraction("0.05")]


@pytest.mark.parametrize(("day", "target"), [("2026-11-17", Fraction(4)), ("2026-11-18", Fraction(9))])
def test_a_page_older_than_the_standard_that_somebody_typed_leaves_it(house: House, people: Cast, day: str, target: Fraction) -> None:
    entering.keep_page(house, people.lin, people.shop_id, "统计时间：2026-11-01 品质退款率 2% 未达标（≤3%）", NOW)
    entering.set_target(house, people.lin, people.shop_id, RATE, "4", NOW, source="综合体验星级")
    entering.keep_page(house, people.lin, people.shop_id, f"统计时间：{day} 品质退款率 2% 未达标（≤9%）", NOW)

    found = row_of(house, people).target

    assert found is not None
    assert found.value == target


def test_a_page_read_wrongly_is_read_again(house: House, people: Cast) -> None:
    for standard in ("9", "3"):
        entering.keep_page(house, people.lin, people.shop_id, f"统计时间：2026-10-01 品质退款率 2% 未达标（≤{standard}%）", NOW)

    found = row_of(house, people).target

    assert found is not None
    assert found.value == 3


def test_standing_is_judged_by_the_back_office_where_ours_differs_and_by_ours_again_a_week_later(counted: House, people: Cast) -> None:
    for figure, value in (("serious_quality_rate", "14.29"), ("help_rate", "9.5")):
        entering.keep_reading(counted, people.lin, people.shop_id, figure, value, "2026-11-18", NOW)

    now, later = (
        {each.figure.id: each for each in standing_of(counted, people.mei, people.shop_id, at).standing.indicators} for at in (NOW, NOW + timedelta(days=6))
    )

    assert [(now[name].differs, later[name].differs) for name in ("serious_quality_rate", "help_rate")] == [(False, False), (True, False)]
    assert (now["serious_quality_rate"].value, now["help_rate"].value, later["help_rate"].value) == (Fraction(25, 2), Fraction("9.5"), Fraction(0))


def test_a_figure_of_days_that_our_data_do_not_reach_is_said_to_be_so(counted: House, people: Cast) -> None:
    entering.keep_reading(counted, people.lin, people.shop_id, RATE, "9.1", "2026-11-20", NOW)
    entering.keep_reading(counted, people.lin, people.shop_id, "reply_rate_3min", "90", "2026-11-18", NOW)

    assert [told.why for measure in (RATE, "reply_rate_3min") if (told := row_of(counted, people, measure).compared)] == [Why.OLD_DATA, Why.NOTHING_COUNTED]


def test_one_measure_tells_its_versions_the_days_that_leave_and_every_reading(counted: House, people: Cast) -> None:
    for day, value in (("2026-11-17", "12"), ("2026-11-18", "14.29")):
        entering.keep_reading(counted, people.lin, people.shop_id, RATE, value, day, NOW, percentile="40.5")

    seen = measure_seen(counted, people.mei, people.shop_id, RATE, NOW)

    assert seen is not None
    assert [version.effective_from.year for version in seen.versions] == [2022, 2021, 2018, 2015]
    assert [(each.day.day, each.den) for each in seen.leaving[:3]] == [(21, 1), (22, 1), (23, 0)]
    assert [(each.reading.day.day, each.reading.percentile, each.why) for each in seen.compared] == [
        (18, Fraction("40.5"), Why.SAME),
        (17, Fraction("40.5"), Why.UNEXPLAINED),
    ]
    assert measure_seen(counted, people.mei, people.shop_id, "no_such_measure", NOW) is None


def test_restrictions_stand_by_the_categorys_mean_and_by_the_shops_own_line(counted: House, people: Cast) -> None:
    before = {each.rule.id: each for each in standing_of(counted, people.mei, people.shop_id, NOW).standing.restrictions}
    put_category_mean(counted, people.lin, people.shop_id, "2", "3", NOW)
    entering.set_limit(counted, people.lin, people.shop_id, "pdd.quality_restriction", "50", NOW, source="后台")

    after = {each.rule.id: each for each in standing_of(counted, people.mei, people.shop_id, NOW).standing.restrictions}

    assert (before["pdd.anomaly_rate.restriction"].limit, before["pdd.quality_restriction"].is_beyond) == (None, True)
    # five times 2 % of 8 parcels is nobody's share, but more than 15 orders have to be abnormal as well
    assert (after["pdd.anomaly_rate.restriction"].is_beyond, after["pdd.anomaly_rate.restriction"].orders_left) == (False, 16)
    assert (after["pdd.quality_restriction"].is_beyond, after["pdd.quality_restriction"].orders_left) == (False, 4)


def test_nothing_typed_takes_a_line_away_from_today_on(counted: House, people: Cast) -> None:
    entering.set_target(counted, people.lin, people.shop_id, RATE, "20 %", NOW)
    kept = row_of(counted, people).target
    entering.set_target(counted, people.lin, people.shop_id, RATE, "", NOW)

    assert kept is not None
    assert (kept.value, row_of(counted, people).target) == (Fraction(20), None)


def test_a_penalty_holds_until_its_last_day_or_until_somebody_says_it_ended(house: House, people: Cast) -> None:
    entering.put_penalty(house, people.lin, people.shop_id, "二级限制", NOW, since="2026-11-10", until="2026-11-20")
    entering.put_penalty(house, people.lin, people.shop_id, "降权", NOW, cause="虚假发货", goods_id="123")

    found = standing_of(house, people.mei, people.shop_id, NOW)
    later = standing_of(house, people.mei, people.shop_id, NOW + timedelta(days=1))
    entering.end_penalty(house, people.lin, people.shop_id, found.penalties[0].penalty_no, NOW)
    ended = standing_of(house, people.mei, people.shop_id, NOW)

    assert [[penalty.title for penalty in told.in_force] for told in (found, later, ended)] == [["降权", "二级限制"], ["降权"], ["二级限制"]]
    with pytest.raises(Refused):
        entering.end_penalty(house, people.lin, people.shop_id, found.penalties[0].penalty_no, NOW)


def test_a_penalty_sent_twice_is_kept_once_and_nothing_of_a_buyer_stays_clear_in_it(house: House, people: Cast) -> None:
    for _ in range(2):
        entering.put_penalty(house, people.lin, people.shop_id, "降权", NOW, cause="买家13812345678投诉")

    found = standing_of(house, people.mei, people.shop_id, NOW).penalties

    assert [(penalty.title, "13812345678" in penalty.cause) for penalty in found] == [("降权", False)]


ODD = [
    ("help_rate", "130", "2026-11-18"),
    ("help_rate", "-1", "2026-11-18"),
    ("help_rate", "二", "2026-11-18"),
    ("help_rate", "1e3", "2026-11-18"),
    ("shop_rating", "5.1", "2026-11-18"),
    ("nothing", "1", "2026-11-18"),
    ("help_rate", "1", "2026-11-21"),
    ("help_rate", "1", "2025-01-01"),
    ("help_rate", "1", "11-18"),
]


def test_what_cannot_be_is_not_kept(house: House, people: Cast) -> None:
    for figure, value, day in ODD:
        with pytest.raises(Refused):
            entering.keep_reading(house, people.lin, people.shop_id, figure, value, day, NOW)
    for page in ("", "今天天气不错", "统计时间：2027-01-01 品质退款率 2%", "品质退款率 2%" * 3000):
        with pytest.raises(Refused):
            entering.keep_page(house, people.lin, people.shop_id, page, NOW)

    assert standing_of(house, people.lin, people.shop_id, NOW).known.readings == {}


def test_only_the_owner_enters_and_nobody_sees_another_shop(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        entering.keep_page(house, people.mei, people.shop_id, "品质退款率 2%", NOW)
    with pytest.raises(NotAllowed):
        entering.set_limit(house, people.zhou, people.shop_id, "pdd.quality_restriction", "2", NOW)
    with pytest.raises(NotAllowed):
        standing_of(house, people.zheng, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        measures_seen(house, people.zheng, people.shop_id, NOW)


def test_figures_and_measures_speak_of_the_same_things() -> None:
    measures, units = measure_book(), {"percent": "rate", "hours": "mean_hours", "days": "mean_hours", "score": "stars", "count": "count"}
    ours = [figure for figure in standing_book().figure if figure.ours]

    assert [figure.id for figure in ours if figure.id not in measures.ids] == []
    formulas = {figure.id: measures.measure(figure.id).versions[-1] for figure in ours}
    assert {figure.id: (units[figure.unit.value], f"better_{figure.better.value}") for figure in ours} == {
        name: (formula.unit.value, formula.better.value) for name, formula in formulas.items()
    }
