"""Suspected orders: found by their signs, looked at by a person, and not shipped where the platform agrees to it."""

from zhanggui.actions.abnormal.asking import answer, ask, clear, look_again, withdraw
from zhanggui.actions.abnormal.finding import find_abnormal, suspect
from zhanggui.actions.abnormal.seeing import AbnormalPage, AbnormalRow, abnormal_orders

__all__ = ["AbnormalPage", "AbnormalRow", "abnormal_orders", "answer", "ask", "clear", "find_abnormal", "look_again", "suspect", "withdraw"]
