"""The plan of the day: when to print, what misses its deadline, and until when an order may wait."""

from zhanggui.actions.planning.handing_over import hand_over
from zhanggui.actions.planning.latest import latest_print
from zhanggui.actions.planning.planning import plan
from zhanggui.actions.planning.views import Plan

__all__ = ["Plan", "hand_over", "latest_print", "plan"]
