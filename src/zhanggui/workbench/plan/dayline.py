"""The day as a line: the hours worked, the rounds, the pickups, and now, as places in percent of the drawing's width."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.planning import Plan
from zhanggui.core.moments import in_shanghai, start_of_day
from zhanggui.core.planning.hours import on_day

WIDTH = 100.0
TOO_CLOSE = 12.0


class Mark(msgspec.Struct, frozen=True):
    """A moment of the line."""

    x: float
    at: datetime
    text: str
    anchor: str
    """Which end of a text stands at the mark, so that none runs out of the drawing."""
    row: int = 0
    """Texts that stand close take turns in two rows."""


class DayLine(msgspec.Struct, frozen=True):
    """Everything that is drawn."""

    opens: Mark
    closes: Mark
    now: float | None
    rounds: tuple[Mark, ...]
    packing: tuple[tuple[float, float], ...]
    """From where to where packing goes on."""
    pickups: tuple[Mark, ...]


def day_line(plan: Plan) -> DayLine:
    """The line of the plan's day, an hour wider than the hours worked and wide enough for all that happens."""
    opens, closes = on_day(plan.day, plan.terms.hours.opens), on_day(plan.day, plan.terms.hours.closes)
    pickups = sorted({visit.at for visit in plan.visits})
    ends = [each.done_at for each in plan.rounds if each.done_at is not None]
    first = min([opens, *pickups, *(each.print_at for each in plan.rounds)]) - timedelta(minutes=30)
    last = max([closes, *pickups, *(end for end in ends if end < start_of_day(plan.day) + timedelta(days=1))]) + timedelta(minutes=30)

    def x(moment: datetime) -> float:
        return max(0.0, min(WIDTH, round((moment - first) / (last - first) * WIDTH, 1)))

    def mark(moment: datetime) -> Mark:
        at = x(moment)
        return Mark(at, moment, f"{in_shanghai(moment):%H:%M}", "start" if at < 6 else "end" if at > WIDTH - 6 else "middle")

    return DayLine(
        opens=mark(opens),
        closes=mark(closes),
        now=x(plan.made_at) if first <= plan.made_at <= last else None,
        rounds=_in_turns([mark(each.print_at) for each in plan.rounds]),
        packing=tuple((x(each.packing_from), max(0.4, round(x(each.done_at or last) - x(each.packing_from), 1))) for each in plan.rounds),
        pickups=_in_turns([mark(at) for at in pickups]),
    )


def _in_turns(marks: list[Mark]) -> tuple[Mark, ...]:
    placed: list[Mark] = []
    for mark in marks:
        row = 1 - placed[-1].row if placed and mark.x - placed[-1].x < TOO_CLOSE else 0
        placed.append(msgspec.structs.replace(mark, row=row))
    return tuple(placed)
