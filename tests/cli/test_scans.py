"""`zhanggui scans` reads parcels from stdin and answers line by line."""

import json
from pathlib import Path

from tests.cli.terminal import Terminal

WAY = [
    {"time": "2026-11-16 09:12:00", "text": "【金华市】义乌北苑网点 已揽收"},
    {"time": "2026-11-16 12:00", "text": "快件离开【义乌转运中心】已发往【武汉转运中心】"},
    {"time": "2026/11/18 9:30:00", "text": "快件已到达【武汉转运中心】"},
]


def asked(terminal: Terminal, *lines: object) -> tuple[int, list[dict[str, object]]]:
    typed = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    answer = terminal.run("scans", "--at", "2026-11-18 12:00", "--json", stdin=typed)
    return answer.code, [json.loads(line) for line in answer.out.splitlines()]


def test_it_answers_each_parcel_with_its_stages_and_what_is_odd(tmp_path: Path) -> None:
    code, (answer,) = asked(Terminal(tmp_path), {"carrier": "ZTO", "tracking_no": "75000000000001", "events": WAY})

    assert code == 0
    assert answer == {
        "carrier": "ZTO",
        "tracking_no": "75000000000001",
        "stage": "arrived",
        "events": [
            {"time": "2026-11-16 09:12:00", "stage": "picked_up", "confidence": 0.98, "words": "已揽收", "place": None},
            {"time": "2026-11-16 12:00", "stage": "in_transit", "confidence": 0.95, "words": "离开", "place": "义乌转运中心"},
            {"time": "2026/11/18 9:30:00", "stage": "arrived", "confidence": 0.95, "words": "已到", "place": "武汉转运中心"},
        ],
        "anomalies": [
            {
                "kind": "silence",
                "since": "2026-11-16T04:00:00Z",
                "until": "2026-11-18T01:30:00Z",
                "because": "No event for 45 hours after: 快件离开【义乌转运中心】已发往【武汉转运中心】",
                "rule": None,
            }
        ],
    }


def test_it_keeps_the_order_of_lines_and_of_events(tmp_path: Path) -> None:
    code, answers = asked(
        Terminal(tmp_path),
        {"carrier": "ZTO", "tracking_no": "1", "events": WAY[::-1]},
        "",
        {"tracking_no": "2", "events": []},
    )

    assert code == 0
    assert [answer["tracking_no"] for answer in answers] == ["1", "2"]
    assert answers[0]["stage"] == "arrived"
    assert [event["time"] for event in answers[0]["events"]] == [event["time"] for event in WAY[::-1]]  # type: ignore[attr-defined]
    assert answers[1] == {"carrier": None, "tracking_no": "2", "stage": "unknown", "events": [], "anomalies": []}


def test_a_line_that_is_no_parcel_is_refused_and_the_others_are_answered(tmp_path: Path) -> None:
    code, answers = asked(Terminal(tmp_path), "{", {"tracking_no": "2", "events": WAY[:1]}, {"events": []})

    assert code == 1
    assert [answer.get("line") for answer in answers] == [1, None, 3]
    assert "Each line is a JSON object" in str(answers[0]["refused"])
    assert answers[1]["stage"] == "picked_up"


def test_an_event_without_a_readable_time_is_read_all_the_same(tmp_path: Path) -> None:
    code, (answer,) = asked(Terminal(tmp_path), {"tracking_no": "1", "events": [{"time": "昨天", "text": "已揽收"}]})

    assert code == 0
    assert [event["stage"] for event in answer["events"]] == ["picked_up"]  # type: ignore[attr-defined]
    assert answer["stage"] == "unknown"
