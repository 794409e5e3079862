"""What an order counts for, and what that adds to which measure."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from zhanggui.core.measures import CaseSeen, Mark, OrderSeen, marks_of, order_marks
from zhanggui.core.measures.hits import order_hits
from zhanggui.core.measures.saying import because
from zhanggui.core.measures.what import Hit, What
from zhanggui.core.moments import from_shanghai
from zhanggui.rulebook.measures import measure_book

CASES = tomllib.loads((Path(__file__).parent / "hits.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_order_counts_for_what_the_table_says(case: dict[str, Any]) -> None:
    seen, book = _seen(case), measure_book()

    found = order_hits(seen, book)

    assert {hit.what.value: f"{hit.day}" + (f" +{hit.amount}" if hit.amount else "") for hit in found} == case["hits"]
    assert len(found) == len(case["hits"])
    assert all(because(hit, seen, book).text for hit in found)


def test_a_window_is_counted_by_the_formula_of_the_day_that_is_asked_for() -> None:
    hits = [Hit(What.QUALITY_ALWAYS, date(2017, 5, 1)), Hit(What.QUALITY_SHIPPED_24H, date(2017, 5, 1))]
    book = measure_book()

    assert marks_of(hits, book) == (Mark("quality_refund_rate", date(2017, 5, 1), 1, 0),) == marks_of(hits[:1], book, on=date(2018, 8, 29))
    assert marks_of(hits[:1], book, on=date(2018, 8, 30)) == ()
    assert marks_of(hits[1:], book, on=date(2026, 1, 1)) == (Mark("quality_refund_rate", date(2017, 5, 1), 1, 0),)


def test_the_smoothing_printed_in_2021_adds_a_hundred_below_for_each_above() -> None:
    hits = [Hit(What.SERIOUS_QUALITY, date(2021, 5, 1))]

    assert marks_of(hits, measure_book()) == (Mark("serious_quality_rate", date(2021, 5, 1), 1, 100),)


def test_an_order_adds_below_to_all_rates_of_orders_formed() -> None:
    seen = OrderSeen(order_no="1", formed_at=datetime.fromisoformat("2026-03-01T16:00:00+00:00"))

    marks = order_marks(seen, measure_book())

    rates = ("quality_refund_rate", "dispute_refund_rate", "intervention_rate", "help_rate", "serious_quality_rate")
    assert marks == tuple(Mark(name, date(2026, 3, 2), 0, 1) for name in rates)


def _seen(case: dict[str, Any]) -> OrderSeen:
    told = {name: value for name, value in case.items() if name not in ("name", "hits", "cases")}
    cases = [msgspec.convert(_moments(one), CaseSeen) for one in case.get("cases", ())]
    return msgspec.convert({"order_no": "1", **_moments(told), "cases": cases}, OrderSeen)


def _moments(told: dict[str, Any]) -> dict[str, Any]:
    return {name: from_shanghai(datetime.fromisoformat(value)) if name.endswith(("_at", "_due")) else value for name, value in told.items()}
