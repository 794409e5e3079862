"""The bill: what each line is, and whether a deduction is right."""

from zhanggui.core.bill.classes import BillClass, BillClassRule, class_of
from zhanggui.core.bill.judging import Deduction, Judged, Judgment, judge_order

__all__ = ["BillClass", "BillClassRule", "Deduction", "Judged", "Judgment", "class_of", "judge_order"]
