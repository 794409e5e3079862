"""What holds for every parcel, whatever was told of it."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.facts import OrderFacts, OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.parcels import AnomalyKind, Parcel, parcel_of
from zhanggui.core.parcels.legs import legs_of, limits_of

RULES = rulebook.load()
SENT = datetime(2026, 3, 3, 12, tzinfo=UTC)
CLOCKS = {AnomalyKind.FIRST_HOP, AnomalyKind.STALLED, AnomalyKind.LATE_DELIVERY, AnomalyKind.SILENT}
HOURS = st.integers(0, 240 * 60).map(lambda minutes: timedelta(minutes=minutes))
TEXTS = st.sampled_from(["【杭州市】甲网点", "到达【武汉转运中心】", "【广州市】乙网点", "月亮"])
WAYS = st.lists(st.tuples(HOURS, st.sampled_from(ScanStage), TEXTS), max_size=9)


def known(way: list[tuple[timedelta, ScanStage, str]]) -> OrderKnowledge:
    order = OrderFacts(order_no="O1", stage=OrderStage.SHIPPED, shipped_at=SENT, tracking_no="YT1", pay_amount=Fen(5990), province="浙江省", city="杭州市")
    scans = [ScanFacts(tracking_no="YT1", at=SENT + after, text=text, stage=stage) for after, stage, text in way]
    return OrderKnowledge(order=order, data_as_of=SENT, scans=tuple(scans))


def parcel(way: list[tuple[timedelta, ScanStage, str]]) -> Parcel:
    found = parcel_of(known(way), RULES)
    assert found is not None
    return found


@given(WAYS)
def test_a_trouble_never_begins_before_what_it_counts_from_nor_ends_before_it_began(way: list[tuple[timedelta, ScanStage, str]]) -> None:
    for one in parcel(way).anomalies:
        assert one.since <= one.at
        assert one.until is None or one.at <= one.until


@given(WAYS, HOURS)
def test_a_clock_that_ran_on_runs_out_by_itself_if_nothing_happens(way: list[tuple[timedelta, ScanStage, str]], later: timedelta) -> None:
    until = [step for step in way if step[0] <= later]

    then = {(one.kind, one.at) for one in parcel(until).anomalies if one.kind in CLOCKS and one.at <= SENT + later}
    now = {(one.kind, one.at) for one in parcel(way).anomalies if one.kind in CLOCKS and one.at <= SENT + later}

    # one that ran out by a moment had run out by then, whatever came after; what came at that very moment is seen by both
    assert then == now


@given(WAYS)
def test_it_is_abnormal_from_the_first_trouble_that_counts(way: list[tuple[timedelta, ScanStage, str]]) -> None:
    found = parcel(way)

    assert found.abnormal_at == min((one.at for one in found.anomalies if one.counts), default=None)


@given(st.sampled_from(ScanStage), st.lists(TEXTS, min_size=2, max_size=3), WAYS)
def test_what_carriers_write_twice_is_one_trouble(stage: ScanStage, texts: list[str], way: list[tuple[timedelta, ScanStage, str]]) -> None:
    found = parcel([*way, *((timedelta(hours=30), stage, text) for text in texts)]).anomalies

    assert len({(one.kind, one.at) for one in found}) == len(found)


@given(WAYS)
def test_it_is_stored_and_read_back_as_it_was(way: list[tuple[timedelta, ScanStage, str]]) -> None:
    found = parcel(way)

    again = msgspec.json.decode(msgspec.json.encode(found), type=Parcel)

    assert msgspec.json.encode(again) == msgspec.json.encode(found)


@given(WAYS, HOURS)
def test_its_legs_stall_exactly_where_its_clocks_ran_out(way: list[tuple[timedelta, ScanStage, str]], later: timedelta) -> None:
    until = [step for step in way if step[0] <= later]
    found, now = parcel(until), SENT + later
    told = sorted(((SENT + after, stage) for after, stage, _ in until if stage is not ScanStage.UNKNOWN), key=lambda step: step[0])

    stalled = sum(leg.stalled is True for leg in legs_of(found, told, limits_of(RULES, SENT), now) if leg.step != "handed_in")

    # a leg is a clock unless it began where none runs: twice at the same moment counts twice in both
    assert stalled == sum(one.at < now and one.kind in CLOCKS - {AnomalyKind.SILENT} for one in found.anomalies)
