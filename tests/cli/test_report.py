"""`zhanggui report` writes the report of a week as PDF."""

from pathlib import Path

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal
from tests.papers.looking import text_of


def test_it_writes_the_report_of_the_week_named(stocked: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "week.pdf"

    answer = stocked.run("report", "--shop", SHOP, "--week", "2026-W46", "--out", str(out), "--json")

    assert answer.code == 0
    assert answer.json == {"shop": SHOP, "week": "2026-W46", "first": "2026-11-09", "last": "2026-11-15", "out": str(out), "bytes": out.stat().st_size}
    assert ["Reportoftheweek2026-W46" in text_of(out.read_bytes()), SHOP in text_of(out.read_bytes())] == [True, True]


def test_it_refuses_what_is_no_week_and_weeks_to_come(stocked: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "week.pdf"

    no_week = stocked.run("report", "--shop", SHOP, "--week", "2026-47", "--out", str(out), "--json")
    to_come = stocked.run("report", "--shop", SHOP, "--week", "2199-W01", "--out", str(out), "--json")

    assert (no_week.code, to_come.code) == (2, 1)
    assert not out.exists()
