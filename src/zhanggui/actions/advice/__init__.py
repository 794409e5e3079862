"""Advice on after-sales cases: its terms, what it rests on, one case seen whole, and terms tried on last month."""

from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.advice.terms import set_terms, shop_terms

__all__ = ["seat_for", "set_terms", "shop_terms"]
