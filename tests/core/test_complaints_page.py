"""The page about disputes and complaints shows the tables of steps as they are."""

from pathlib import Path

from zhanggui.core.complaints.states import COMPLAINT_STEPS
from zhanggui.core.disputes.states import DISPUTE_STEPS

PAGE = (Path(__file__).parents[2] / "docs" / "complaints.md").read_text("utf-8").splitlines()


def test_it_shows_every_step_of_a_dispute() -> None:
    rows = [line for line in PAGE if line.startswith("| `dispute_")]

    assert rows == [
        f"| `{state}` | `{event.removeprefix('dispute.')}` | `{step.to}` | {step.by.replace('_', ' ')} | {f'`{step.due}`' if step.due else '—'} |"
        for (state, event), step in DISPUTE_STEPS.items()
    ]


def test_it_shows_every_step_of_a_complaint() -> None:
    rows = [line for line in PAGE if line.startswith("| `complaint_")]

    assert rows == [f"| `{state}` | `{event.removeprefix('complaint.')}` | `{to}` |" for (state, event), to in COMPLAINT_STEPS.items()]
