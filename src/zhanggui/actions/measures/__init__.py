"""The shop's measures: counted along as facts come, read by sums of days, and recounted whole to the same last digit."""

from zhanggui.actions.measures.counting import catch_up, count_some, recount, shops_to_count
from zhanggui.actions.measures.listing import Member, Members, Side, members
from zhanggui.actions.measures.measuring import measures
from zhanggui.actions.measures.reading import counted, formula_on, projected, series, shown_day
from zhanggui.core.measures.marks import Counted, DaySum, Mark

__all__ = [
    "Counted",
    "DaySum",
    "Mark",
    "Member",
    "Members",
    "Side",
    "catch_up",
    "count_some",
    "counted",
    "formula_on",
    "measures",
    "members",
    "projected",
    "recount",
    "series",
    "shops_to_count",
    "shown_day",
]
