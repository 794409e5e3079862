"""Where the way out of a parcel ends, and what counts of it."""

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.core.clocks.way_out import comes_back, deliveries_of, has_turned, until_turned
from zhanggui.core.facts import ScanFacts, ScanStage

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def way(*stages: str) -> list[ScanFacts]:
    return [ScanFacts(tracking_no="YT1", at=START + timedelta(hours=hour), text="", stage=ScanStage(stage)) for hour, stage in enumerate(stages)]


@pytest.mark.parametrize(
    ("stages", "delivered", "turned", "back"),
    [
        ([], [], False, False),
        (["picked_up", "delivered"], [1], False, False),
        (["picked_up", "refused"], [], False, True),
        (["refused", "out_for_delivery", "delivered"], [2], False, False),
        (["refused", "return_to_sender", "picked_up", "delivered"], [], True, True),
        (["delivered", "return_to_sender", "delivered"], [0], True, True),
    ],
)
def test_a_delivery_is_one_before_the_carrier_took_it_back(stages: list[str], delivered: list[int], turned: bool, back: bool) -> None:
    scans = way(*stages)

    assert deliveries_of(scans) == [START + timedelta(hours=hour) for hour in delivered]
    assert (has_turned(scans), comes_back(scans)) == (turned, back)


def test_the_way_out_ends_with_the_refusal() -> None:
    scans = way("picked_up", "refused", "picked_up")

    assert until_turned(scans) == scans[:1]
