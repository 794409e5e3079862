"""The table of steps written down for people: a picture and a table for each course. The page about cases holds exactly this."""

from collections.abc import Iterator

from zhanggui.core.cases.machine import MOVES, Move
from zhanggui.core.cases.states import OVER, Course


def drawn(course: Course) -> str:
    """The course as a state diagram, in the notation that code hosts draw (mermaid)."""
    return "\n".join(("```mermaid", "stateDiagram-v2", *_lines(course), "```"))


def tabled(course: Course) -> str:
    """The course as a table of its steps."""
    heading = ("| from | event | to | who | falls due | rules |", "|---|---|---|---|---|---|")
    return "\n".join((*heading, *(_row(move) for move in MOVES if move.course is course)))


def _lines(course: Course) -> Iterator[str]:
    joined: dict[tuple[str, str], list[str]] = {}
    for move in (move for move in MOVES if move.course is course):
        pair = ("[*]" if move.before is None else move.before.value, move.after.value)
        joined.setdefault(pair, []).append(move.event.value.removeprefix("case."))
    for (before, after), events in joined.items():
        yield f"    {before} --> {after}: {', '.join(dict.fromkeys(events))}"
    for state in sorted({after for _, after in joined} & {state.value for state in OVER}):
        yield f"    {state} --> [*]"


def _row(move: Move) -> str:
    before = "—" if move.before is None else f"`{move.before.value}`"
    due = "" if move.falls_due is None else f"`{move.falls_due.value}`"
    rules = ", ".join(f"`{cite}`" for cite in move.cites)
    return f"| {before} | `{move.event.value}` | `{move.after.value}` | {move.who.value.removeprefix('by_')} | {due} | {rules} |"
