"""An order on its way out of the house: printed, packed, handed over; or stopped, its label destroyed; or called back. What may follow what, and why not."""

from zhanggui.core.dispatch.moves import MOVES, DispatchEvent, DispatchMove, DispatchState, NoSuchMove, moved_on
from zhanggui.core.dispatch.shapes import Dispatch, PrintedPaper, StepOutcome

__all__ = [
    "MOVES",
    "Dispatch",
    "DispatchEvent",
    "DispatchMove",
    "DispatchState",
    "NoSuchMove",
    "PrintedPaper",
    "StepOutcome",
    "moved_on",
]
