"""How far a count is from a line: cases a merchant can check, and every answer tried out by adding one thing after the other."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.standing.book import Better, Figure, Unit
from zhanggui.core.standing.room import room
from zhanggui.core.standing.standing import is_met
from zhanggui.rulebook.standing import standing_book

CASES = tomllib.loads(Path(__file__).with_name("room.toml").read_text("utf-8"))["case"]
LOW_RATE, HIGH_RATE = ("quality_refund_rate", "reply_rate_3min")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_it_counts_what_a_merchant_would(case: dict[str, Any]) -> None:
    found = room(standing_book().figures[case["figure"]], case["num"], case["den"], Fraction(case["line"]))

    if case.get("none"):
        assert found is None
        return
    assert found is not None
    assert (found.is_beyond, found.left, found.needed) == (case.get("beyond", False), case.get("left"), case.get("needed"))
    assert found.one_more == (Fraction(case["one_more"]) if "one_more" in case else None)


def is_good(figure: Figure, num: int, den: int, line: Fraction) -> bool:
    value = figure.read(num, den)
    assert value is not None
    return is_met(figure, value, line)


def worse(figure: Figure, num: int, den: int, many: int) -> tuple[int, int]:
    match figure.unit, figure.better:
        case Unit.COUNT, _:
            return num - many, den
        case Unit.SCORE, _:
            return num + many, den + many
        case _, Better.LOW:
            return num + many, den
    return num, den + many


def better(figure: Figure, num: int, den: int, many: int) -> tuple[int, int]:
    match figure.unit, figure.better:
        case Unit.COUNT, _:
            return num + many, den
        case Unit.SCORE, _:
            return num + 5 * many, den + many
        case Unit.PERCENT, Better.HIGH:
            return num + many, den + many
    return num, den + many


@given(
    name=st.sampled_from([LOW_RATE, HIGH_RATE, "shop_rating", "valid_ratings", "transit_refund_hours"]),
    den=st.integers(1, 400),
    part=st.fractions(0, 1),
    line=st.decimals(0, 100, places=2).map(Fraction),
)
def test_the_last_one_that_is_good_and_the_first_one_that_is_not_stand_side_by_side(name: str, den: int, part: Fraction, line: Fraction) -> None:
    figure = standing_book().figures[name]
    line = min(line, Fraction(5)) if figure.unit is Unit.SCORE else line
    num = {Unit.SCORE: den + round(4 * den * part), Unit.COUNT: den, Unit.HOURS: round(part * den * 200_000)}.get(figure.unit, round(part * den))
    found = room(figure, num, den, line)
    assert found is not None

    assert found.is_beyond == (not is_good(figure, num, den, line))
    if found.left:
        assert is_good(figure, *worse(figure, num, den, found.left - 1), line)
        assert not is_good(figure, *worse(figure, num, den, found.left), line)
    if found.needed:
        assert not is_good(figure, *better(figure, num, den, found.needed - 1), line)
        assert is_good(figure, *better(figure, num, den, found.needed), line)
    if found.one_more is not None:
        assert is_good(figure, num + int(found.one_more * 3600), den + 1, line)
        assert not is_good(figure, num + int(found.one_more * 3600) + 1, den + 1, line)
