"""How the shop's side of a conversation is graded: every fault with the words that decided it, its clause, the indicator it costs, and what is good instead."""

from zhanggui.core.grading.book import FaultKind, FaultRule, QualityBook
from zhanggui.core.grading.grading import Fault, Grade, grade
from zhanggui.core.grading.talk import OrderKnown, Party, Spoke

__all__ = ["Fault", "FaultKind", "FaultRule", "Grade", "OrderKnown", "Party", "QualityBook", "Spoke", "grade"]
