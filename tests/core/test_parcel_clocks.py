"""Every stage clock of a parcel does what the tables of cases say, to the second and the fen, and nothing in it depends on when one looks."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.core.golden import facts, moment
from zhanggui import rulebook
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import in_shanghai
from zhanggui.core.parcels import Anomaly, AnomalyKind, Parcel, parcel_of

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "parcel_cases" / "clocks.toml").read_text("utf-8"))["parcel"]
RULES = rulebook.load()
USUAL = {"order_no": "O1", "stage": "shipped", "shipped_at": "2026-03-03 20:00:00", "tracking_no": "YT1", "pay_amount": 5990, "receive_amount": 5990}


def known(case: dict[str, Any]) -> OrderKnowledge:
    scans = [ScanFacts(tracking_no="YT1", at=moment(at), text=text, stage=facts({"tracking_no": "", "at": at, "text": "", "stage": stage}, ScanFacts).stage)
             for at, text, stage in case["scans"]]  # fmt: skip
    return OrderKnowledge(
        order=facts({**USUAL, **case.get("facts", {})}, OrderFacts),
        data_as_of=moment("2026-03-20 00:00:00"),
        scans=tuple(scans),
        cases=tuple(facts({"case_no": "S1", "order_no": "O1", **one}, AftersaleFacts) for one in case.get("cases", ())),
        no_trace_at=moment(case["no_trace_at"]) if "no_trace_at" in case else None,
    )


def wall(at: datetime | None) -> str | None:
    return None if at is None else in_shanghai(at).strftime("%Y-%m-%d %H:%M:%S")


def told(one: Anomaly) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "since": wall(one.since),
        "at": wall(one.at),
        "until": wall(one.until),
        "rule": one.rule,
        "risk": int(one.at_risk),
        "risk_rule": one.risk_rule,
        "counts": one.counts,
    }


def parcel(case: dict[str, Any]) -> Parcel:
    found = parcel_of(known(case), RULES)
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_says_what_went_wrong_and_when(case: dict[str, Any]) -> None:
    found = parcel(case)

    expected = [{"until": None, **one} for one in case["anomalies"]]
    assert [{name: told(one)[name] for name in wanted} for one, wanted in zip(found.anomalies, expected, strict=False)] == expected
    assert [one.kind.value for one in found.anomalies] == [one["kind"] for one in expected]
    assert found.state.value == case["state"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_becomes_abnormal_with_the_first_trouble_that_counts(case: dict[str, Any]) -> None:
    found = parcel(case)

    counted = [one["at"] for one in case["anomalies"] if one["counts"]]
    assert wall(found.abnormal_at) == min(counted, default=None)


def test_there_is_a_case_for_every_kind_of_trouble() -> None:
    kinds = {one["kind"] for case in CASES for one in case["anomalies"]}

    # the two that need hubs with names are read from whole ways in test_scan_signs
    assert set(AnomalyKind) - kinds == {AnomalyKind.REPEATED_ARRIVAL, AnomalyKind.WRONG_CITY}


def test_an_order_without_a_number_has_no_parcel() -> None:
    waiting = OrderKnowledge(order=facts({"order_no": "O1", "stage": "to_ship"}, OrderFacts), data_as_of=moment("2026-03-20 00:00:00"))

    assert parcel_of(waiting, RULES) is None


def test_a_number_that_was_only_reserved_makes_no_parcel() -> None:
    reserved = OrderKnowledge(order=facts({"order_no": "O1", "stage": "to_ship", "tracking_no": "YT1"}, OrderFacts), data_as_of=moment("2026-03-20 00:00:00"))

    assert parcel_of(reserved, RULES) is None


def test_a_pickup_on_the_way_home_is_not_when_it_was_picked_up() -> None:
    case = next(case for case in CASES if case["name"] == "a scan of the way back is no second pickup")

    assert wall(parcel(case).picked_up_at) == "2026-03-03 22:00:00"
