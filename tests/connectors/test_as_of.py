"""Of which moment a file speaks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.desk import NO, write
from tests.makers import containers, exports
from zhanggui.connectors.files import survey

NAMED = datetime(2026, 11, 21, 2, 20, 30, tzinfo=UTC)
ROW = f"订单号,订单成交时间,承诺发货时间,商品\n{NO},2026-11-20 09:00:00,2026-11-22 09:00:00,x\n"
FORMED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "orders_export2026-11-21-10-20-30.csv",
        "orders_export20261121102030.csv",
        "订单2026-11-21 10_20_30 (1).csv",
        "2026年11月21日10时20分30秒.csv",
        "pdd-2026.11.21-10.20.30",
        "orders_2026-11-01_2026-11-20 20261121102030.csv",
    ],
)
def test_it_takes_the_moment_from_the_name(tmp_path: Path, name: str) -> None:
    found = survey(write(tmp_path, ROW, name))

    assert (found.as_of, found.as_of_source) == (NAMED, "file")


@pytest.mark.parametrize(
    "name",
    [
        "a3f820261199102030bd.csv",
        "9f86d081884c7d659a2feaa0c55ad015",
        "orders 2026-11-21.csv",
        "orders_export2026-11-19-10-20-30.csv",
        "orders_2026-11-21_2026-11-21.csv",
        "2026.11.21-2026.11.21.xlsx.csv",
        "订单20261121-20261122.csv",
        "2026年11月21日-2026年11月22日.csv",
    ],
)
def test_it_falls_back_on_the_latest_event_and_never_on_a_promise(tmp_path: Path, name: str) -> None:
    found = survey(write(tmp_path, ROW, name))

    assert (found.as_of, found.as_of_source) == (FORMED, "data")


def test_it_takes_twenty_hours_and_some_minutes_for_no_other_day(tmp_path: Path) -> None:
    found = survey(write(tmp_path, ROW, "orders20261121201231.csv"))

    assert (found.as_of, found.as_of_source) == (datetime(2026, 11, 21, 12, 12, 31, tzinfo=UTC), "file")


def test_it_does_not_believe_events_that_lie_ahead(tmp_path: Path) -> None:
    path = write(tmp_path, ROW + f"{NO[:-1]}6,2062-11-20 09:00:00,,y\n")

    assert survey(path, now=NAMED).as_of == FORMED


def test_it_takes_the_moment_a_workbook_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(containers.as_xlsx(exports.aftersales(3), saved=datetime(2026, 11, 21, 2, 20, 30)))  # noqa: DTZ001 - workbooks keep UTC without saying so

    found = survey(path)

    assert (found.as_of, found.as_of_source) == (NAMED, "file")


def test_it_takes_the_moment_of_the_entry_in_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "c.zip"
    path.write_bytes(containers.as_zip({"a.csv": ROW.encode()}))

    found = survey(path)

    assert (found.as_of, found.as_of_source) == (NAMED, "file")


def test_it_knows_nothing_where_nothing_is_dated(tmp_path: Path) -> None:
    found = survey(write(tmp_path, f"订单号,商品\n{NO},x\n"))

    assert (found.as_of, found.as_of_source) == (None, None)
