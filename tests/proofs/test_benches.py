"""Every bench still runs and prints figures; script/bench measures."""

import psycopg
import pytest
from bench.__main__ import as_report, names, run


@pytest.mark.slow
@pytest.mark.parametrize("name", names() or [pytest.param("none", marks=pytest.mark.skip(reason="only root: no bench is there yet"))])
def test_it_prints_figures_in_a_small_run(name: str, conninfo: str, template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_TEMPLATE", psycopg.conninfo.make_conninfo(conninfo, dbname=template))

    lines = run(name, quick=True)

    broken = [line for line in lines if "broke" in line["name"]]
    assert broken == []
    assert lines
    assert as_report(lines, 1.0).count("|") > 10
