"""Every scan of 25 real parcels means what a person read in it, and what is odd about each parcel is found, nothing else."""

import csv
import gzip
import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from zhanggui import rulebook
from zhanggui.core.moments import from_shanghai
from zhanggui.core.scantext import ReadEvent, read_way, signs_of, stage_of, stage_of_way

BY_HAND: dict[str, Any] = tomllib.loads((Path(__file__).parent / "real_scans.toml").read_text("utf-8"))


def ways(data: Path) -> dict[str, tuple[ReadEvent, ...]]:
    with gzip.open(data / "parcel_traces.jsonl.gz", "rt", encoding="utf-8") as lines:
        parcels = [json.loads(line) for line in lines]
    return {parcel["trace_id"]: read_way([(moment(event["time"]), event["text"]) for event in parcel["events"]]) for parcel in parcels}


def moment(text: str) -> datetime:
    return from_shanghai(datetime.fromisoformat(text))


def test_it_reads_every_scan_as_a_person_does(data: Path) -> None:
    found = {name: " ".join(event.stage for event in way) for name, way in ways(data).items()}

    assert found == {name: parcel["stages"] for name, parcel in BY_HAND["parcel"].items()}
    assert sum(len(stages.split()) for stages in found.values()) == 245


def test_it_says_where_each_parcel_stands(data: Path) -> None:
    found = {name: stage_of_way(way).value for name, way in ways(data).items()}

    assert found == {name: parcel["stage"] for name, parcel in BY_HAND["parcel"].items()}


def test_it_finds_what_is_odd_about_each_parcel_and_invents_nothing(data: Path) -> None:
    rules = rulebook.load()

    found = {name: " ".join(sign.kind for sign in signs_of(way, rules, way[-1].at)) for name, way in ways(data).items()}

    assert found == {name: parcel["signs"] for name, parcel in BY_HAND["parcel"].items()}


def test_parcels_without_an_end_are_silent_by_now(data: Path) -> None:
    rules, later = rulebook.load(), datetime.fromisoformat("2026-11-21T12:00:00+00:00")

    silent = {name for name, way in ways(data).items() for sign in signs_of(way, rules, later) if sign.until == later}

    assert silent == {"T13", "T25", "T29", "T30", "T31"}


def test_it_decides_by_words_that_stand_in_the_text(data: Path) -> None:
    events = [event for way in ways(data).values() for event in way]

    assert all(event.reading.words in event.text for event in events)
    assert all((event.reading.confidence > 0) == (event.stage != "unknown") for event in events)


def test_it_reads_the_states_a_parser_expected(data: Path) -> None:
    with gzip.open(data / "tracking_outcomes.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    statuses = " ".join(stage_of(row["status"]) for row in rows)
    remarks = " ".join(stage_of(row["remark"]) for row in rows if row["remark"])

    assert (statuses, remarks) == (BY_HAND["outcomes"]["statuses"], BY_HAND["outcomes"]["remarks"])
