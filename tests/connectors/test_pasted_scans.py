"""Tracking events pasted from a page."""

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhanggui.connectors.files.pasted import read_scans
from zhanggui.core.facts import ScanFacts, ScanStage

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def scans(text: str) -> list[ScanFacts]:
    return read_scans(text, carrier="圆通快递", tracking_no="YT1000000000001", now=NOW)


def test_it_reads_a_moment_and_its_text_from_one_line() -> None:
    found = scans("2026-11-20 18:30:05 【杭州市余杭区】已揽收\n2026-11-21 02:10 【杭州转运中心】已发出，下一站 广州")

    assert found == [
        ScanFacts(
            tracking_no="YT1000000000001",
            at=datetime(2026, 11, 20, 10, 30, 5, tzinfo=UTC),
            text="【杭州市余杭区】已揽收",
            carrier="圆通快递",
            stage=ScanStage.PICKED_UP,
        ),
        ScanFacts(
            tracking_no="YT1000000000001",
            at=datetime(2026, 11, 20, 18, 10, tzinfo=UTC),
            text="【杭州转运中心】已发出，下一站 广州",
            carrier="圆通快递",
            stage=ScanStage.IN_TRANSIT,
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 18:30\n已揽收\n2026-11-21 02:10\n已发出",
        "已揽收\n2026-11-20 18:30\n已发出\n2026-11-21 02:10",
        "已发出\n2026-11-21 02:10\n已揽收\n2026-11-20 18:30",
        "物流详情\n2026/11/21 02:10 已发出\n2026/11/20 18:30 已揽收",
        "11-21 02:10 已发出\n11-20 18:30 已揽收",
        "2026年11月21日 星期六 02:10\t已发出\n2026年11月20日 周五 18:30\t已揽收\n",
        "已揽收 | 2026-11-20 18:30:00\n已发出 | 2026-11-21 02:10:00",
    ],
)
def test_it_reads_every_layout_to_the_same_events(text: str) -> None:
    found = [(scan.at, scan.text) for scan in scans(text)]

    assert found == [(datetime(2026, 11, 20, 10, 30, tzinfo=UTC), "已揽收"), (datetime(2026, 11, 20, 18, 10, tzinfo=UTC), "已发出")]


def test_it_masks_who_signed_and_keeps_the_courier() -> None:
    (scan,) = scans("2026-11-21 10:00:00 派件员电话13600009857，签收人: 王智国 已签收")

    assert scan.text == "派件员电话13600009857，签收人: 王*国 已签收"
    assert scan.stage is ScanStage.DELIVERED


def test_it_reads_a_day_without_a_year_as_the_last_such_day() -> None:
    (scan,) = read_scans("12-30 09:00 已揽收", carrier=None, tracking_no="1", now=datetime(2027, 1, 2, tzinfo=UTC))

    assert scan.at == datetime(2026, 12, 30, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "没有物流信息", "99-99 99:99 已揽收", "预计 2026-11-20 10:00 送达前电联"])
def test_it_finds_nothing_where_nothing_is_dated(text: str) -> None:
    assert scans(text) == []


def test_it_finds_every_event_of_real_traces(data: Path) -> None:
    for line in gzip.decompress((data / "parcel_traces.jsonl.gz").read_bytes()).decode().splitlines():
        trace = json.loads(line)
        pasted = "\n".join(f"{event['time']}\t{event['text']}" for event in trace["events"])

        found = read_scans(pasted, carrier=trace["carrier"], tracking_no=trace["tracking_no"], now=NOW)

        assert len(found) == len({(event["time"], event["text"].strip()) for event in trace["events"]}), trace["trace_id"]


@pytest.mark.parametrize("run", [" ", "T", "11-21 10:00 ", "1-"])
def test_it_is_not_held_up_by_endless_repetition(run: str) -> None:
    began = time.perf_counter()

    read_scans("1-1" + run * (100_000 // len(run)) + "x", carrier=None, tracking_no="YT1", now=NOW)

    assert time.perf_counter() - began < 5
