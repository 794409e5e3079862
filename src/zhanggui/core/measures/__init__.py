"""The shop's measures: what counts for which of them on which day, by dated formulas."""

from zhanggui.core.measures.book import Better, Formula, MeasureBook, Unit, Versions
from zhanggui.core.measures.marks import Counted, DaySum, Mark, marks_of, order_marks
from zhanggui.core.measures.seen import CaseSeen, OrderSeen, ReviewMark
from zhanggui.core.measures.what import Hit, What

__all__ = [
    "Better",
    "CaseSeen",
    "Counted",
    "DaySum",
    "Formula",
    "Hit",
    "Mark",
    "MeasureBook",
    "OrderSeen",
    "ReviewMark",
    "Unit",
    "Versions",
    "What",
    "marks_of",
    "order_marks",
]
