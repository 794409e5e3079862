"""After-sales cases: the table of their states and steps, read from and written to what the platform shows."""

from zhanggui.core.cases.machine import CLOCKS, MOVES, Move, moves_between, moves_from, steps_between
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.cases.states import ASKED, CLOSED_STATES, OVER, PAYING, CaseEvent, CaseMover, CaseState, Course
from zhanggui.core.cases.stepping import Stand, Stepped, stand_of, stepped

__all__ = [
    "ASKED",
    "CLOCKS",
    "CLOSED_STATES",
    "MOVES",
    "OVER",
    "PAYING",
    "CaseEvent",
    "CaseMover",
    "CaseState",
    "Course",
    "Move",
    "Stand",
    "Stepped",
    "moves_between",
    "moves_from",
    "stand_of",
    "state_of",
    "stepped",
    "steps_between",
]
