"""What is odd about a parcel's way is told with its reason; an ordinary way gives no sign."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.facts import ScanStage
from zhanggui.core.scantext import SignKind, read_way, signs_of, stage_of_way

RULES = rulebook.load()
START = datetime(2026, 11, 2, 1, tzinfo=UTC)
PLAIN = (
    (0, "【金华市】义乌北苑网点 已揽收"),
    (8, "快件已到达【义乌转运中心】"),
    (10, "快件离开【义乌转运中心】已发往【武汉转运中心】"),
    (26, "快件已到达【武汉转运中心】"),
    (28, "快件离开【武汉转运中心】已发往【武昌网点】"),
    (34, "【武汉市】快递员正在派件"),
    (38, "快件已签收"),
)


def found(*events: tuple[float, str], until: float | None = None, destination: str | None = None) -> list[tuple[str, str | None]]:
    way = read_way([(START + timedelta(hours=hours), text) for hours, text in events])
    now = START + timedelta(hours=max(hours for hours, _ in events) if until is None else until)
    return [(sign.kind.value, sign.rule) for sign in signs_of(way, RULES, now, destination=destination)]


def test_an_ordinary_way_gives_no_sign() -> None:
    assert found(*PLAIN, until=10_000) == []


def test_silence_past_the_limit_cites_the_rule() -> None:
    assert found(*PLAIN[:1], until=25) == [("silence", "pdd.parcel_moves.first_leg@2015-09-01")]
    assert found(*PLAIN[:4], until=75) == [("silence", "pdd.parcel_moves.transit@2015-09-01")]


def test_silence_below_the_limit_is_worth_a_look_and_cites_nothing() -> None:
    assert found(*PLAIN[:4], until=26 + 26) == [("silence", None)]
    assert found(*PLAIN[:4], until=26 + 24) == []


def test_a_parcel_at_rest_is_not_silent() -> None:
    assert found(*PLAIN[:6], (40, "快件已由菜鸟驿站代收，请及时取件"), until=200) == []


def test_a_second_pickup_is_told() -> None:
    assert found(*PLAIN[:1], (5, "【义乌市】城西网点 已揽收"), *PLAIN[1:]) == [("repeated_pickup", None)]


def test_the_way_home_is_neither_a_second_pickup_nor_a_second_delivery() -> None:
    home = (50, "快件已退回寄件人"), (52, "【武汉市】洪山网点 已揽收"), (90, "快件已签收，签收人：本人")
    kinds = [kind for kind, _ in found(*PLAIN, *home)]

    assert "returning" in kinds
    assert not {"repeated_pickup", "delivered_twice"} & set(kinds)


def test_it_sees_a_parcel_go_backwards() -> None:
    assert found(*PLAIN[:6], (35, "快件已到达【武汉转运中心】"), PLAIN[6]) == [("backwards", None), ("backwards", None)]


def test_trouble_explains_a_step_back() -> None:
    assert found(*PLAIN[:6], (35, "派送不成功"), (36, "快件已到达【武昌网点】"), PLAIN[6]) == [("exception", None)]


def test_the_same_hub_twice_is_told_once() -> None:
    assert found(*PLAIN[:2], (9, "快件已到达【义乌转运中心】"), *PLAIN[2:]) == [("repeated_arrival", None)]


def test_a_detour_over_a_far_province_is_told() -> None:
    astray = ((0, "【郑州市】已揽收"), (20, "快件已到达【重庆转运中心】"), (40, "快件已到达【北京转运中心】"))

    assert found(*astray) == [("wrong_city", None)]


def test_it_sees_a_delivery_in_another_province_than_ordered() -> None:
    assert found(*PLAIN[:6], (38, "【武汉市】快件已签收"), destination="浙江省杭州市西湖区") == [("elsewhere", None)]
    assert found(*PLAIN[:6], (38, "【武汉市】快件已签收"), destination="湖北省武汉市") == []


def test_two_deliveries_are_told() -> None:
    assert found(*PLAIN, (50, "快件已签收")) == [("delivered_twice", None)]


def test_what_was_sent_back_stays_so_whoever_signs() -> None:
    events = (*PLAIN[:6], (38, "收件人拒收"), (40, "快件已退回，发往【义乌转运中心】"), (80, "快件已签收"))
    way = read_way([(START + timedelta(hours=hours), text) for hours, text in events])

    assert stage_of_way(way) is ScanStage.RETURN_TO_SENDER
    assert found(*events) == [("refused", None), ("returning", None)]


def test_what_was_refused_by_mistake_and_then_delivered_is_delivered() -> None:
    events = (*PLAIN[:6], (37, "收件人拒收"), (40, "快件已签收"))

    assert stage_of_way(read_way([(START + timedelta(hours=hours), text) for hours, text in events])) is ScanStage.DELIVERED


def test_a_parcel_without_events_is_unknown() -> None:
    assert stage_of_way(read_way([])) is ScanStage.UNKNOWN
    assert signs_of(read_way([]), RULES, START) == ()


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from([text for _, text in PLAIN] + ["收件人拒收", "退回", "问题件", "？"])), max_size=12))
def test_the_order_in_which_a_source_lists_events_changes_nothing(events: list[tuple[int, str]]) -> None:
    each_once = list({hours: (hours, text) for hours, text in events}.values())
    told = [(START + timedelta(hours=hours), text) for hours, text in sorted(each_once)]

    forwards, backwards = read_way(told), read_way(told[::-1])

    assert forwards == backwards
    assert {sign.kind for sign in signs_of(forwards, RULES, START + timedelta(hours=400))} <= set(SignKind)
