"""Every deduction in the bill, matched to its order and computed again."""

from zhanggui.actions.deductions.appealing import appeal_of
from zhanggui.actions.deductions.checking import CheckedBill, CheckedDeduction, UnknownCode, check_deductions

__all__ = ["CheckedBill", "CheckedDeduction", "UnknownCode", "appeal_of", "check_deductions"]
