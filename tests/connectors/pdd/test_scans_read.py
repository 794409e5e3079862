"""Nodes of a trace become scans."""

from datetime import UTC, datetime

import pytest

from tests.connectors.pdd.samples import wire
from zhanggui.connectors.pdd.scan_facts import scan_sightings
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.core.facts import ScanStage

NUMBER = "YT7600000000001"
PICKED = {"action": "GOT", "desc": "【义乌市】快件已揽收", "node_description": "揽收", "status_desc": "揽收", "status_time": "", "time": "2026-11-20 18:00:00"}
SIGNED = {"action": "SIGN", "desc": "签收人：林小妹，感谢使用", "node_description": "签收", "time": "2026-11-22 12:00:00"}


def test_it_reads_scans_oldest_first_and_each_once() -> None:
    scans = scan_sightings([wire(SIGNED), wire(PICKED), wire(PICKED)], tracking_no=NUMBER, carrier="圆通快递")

    assert [(each.facts.at, each.facts.stage) for each in scans] == [
        (datetime(2026, 11, 20, 10, 0, tzinfo=UTC), ScanStage.PICKED_UP),
        (datetime(2026, 11, 22, 4, 0, tzinfo=UTC), ScanStage.DELIVERED),
    ]
    assert {each.facts.carrier for each in scans} == {"圆通快递"}
    assert scans[0].as_of == scans[0].facts.at


def test_it_hides_who_signed() -> None:
    scans = scan_sightings([wire(SIGNED)], tracking_no=NUMBER)

    assert scans[0].facts.text == "签收人：林*妹，感谢使用"


@pytest.mark.parametrize(("node", "stage"), [("派送", ScanStage.OUT_FOR_DELIVERY), ("签收", ScanStage.DELIVERED), ("飞行", ScanStage.UNKNOWN)])
def test_it_asks_the_node_where_the_text_names_no_stage(node: str, stage: ScanStage) -> None:
    scans = scan_sightings([wire({"desc": "快件情况更新", "node_description": node, "time": 1795222800})], tracking_no=NUMBER)

    assert scans[0].facts.stage is stage


@pytest.mark.parametrize(
    ("told", "field"),
    [({"desc": "快件已揽收"}, "time"), ({"time": "2026-11-20 18:00:00"}, "desc"), ({"desc": "x", "time": "later"}, "time"), ([], "trace")],
)
def test_it_names_the_field_of_a_node_that_cannot_be_taken(told: object, field: str) -> None:
    with pytest.raises(OddWire) as odd:
        scan_sightings([wire(told)], tracking_no=NUMBER)

    assert (odd.value.field, odd.value.number) == (field, NUMBER)
