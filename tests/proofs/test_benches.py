"""Every bench still runs and prints figures; script/bench measures."""

import psycopg
import pytest
from bench.__main__ import as_report, names, run, section, sections


@pytest.mark.slow
@pytest.mark.parametrize("name", names() or [pytest.param("none", marks=pytest.mark.skip(reason="only root: no bench is there yet"))])
def test_it_prints_figures_in_a_small_run(name: str, conninfo: str, template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_TEMPLATE", psycopg.conninfo.make_conninfo(conninfo, dbname=template))

    lines = run(name, quick=True)

    broken = [line for line in lines if "broke" in line["name"]]
    assert broken == []
    assert lines
    assert section(name, lines, 1.0).count("|") > 10


def test_the_report_keeps_what_was_not_measured_again() -> None:
    line = {"name": "rows", "value": 1.0}
    first, second = (section(name, [line], 1.0) for name in ("due", "today"))
    again = section("due", [line | {"value": 2.0}], 1.0)

    report = as_report(sections(as_report({"today": second, "due": first, "gone": first})) | {"due": again})

    assert sections(report) == {"due": again, "today": second}
