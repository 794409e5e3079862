"""The page about cases holds the table as it is."""

from pathlib import Path

import pytest

from zhanggui.core.cases import CaseState, Course
from zhanggui.core.cases.drawing import drawn, tabled
from zhanggui.core.cases.guided import StepKind, StepOutcome

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cases.md").read_text("utf-8")


@pytest.mark.parametrize("course", Course)
def test_it_holds_the_picture_and_the_table_of_every_course(course: Course) -> None:
    assert drawn(course) in PAGE
    assert tabled(course) in PAGE


def test_it_names_every_state_every_step_by_hand_and_every_outcome() -> None:
    assert [each.value for each in (*CaseState, *StepKind, *StepOutcome) if f"| `{each.value}` |" not in PAGE] == []
