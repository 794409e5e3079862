"""Facts to deadlines: every obligation that starts to run, by the rule in force."""

from zhanggui.core.clocks.attention import conversation_deadlines, freshness_deadline, review_deadlines
from zhanggui.core.clocks.cases import case_deadlines
from zhanggui.core.clocks.connection import authorisation_deadline
from zhanggui.core.clocks.orders import order_deadlines

__all__ = ["authorisation_deadline", "case_deadlines", "conversation_deadlines", "freshness_deadline", "order_deadlines", "review_deadlines"]
