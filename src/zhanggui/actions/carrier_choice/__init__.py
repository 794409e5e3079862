"""Which carrier an order goes with: what the shop says of its carriers, what they have shown, and what they try."""

from zhanggui.actions.carrier_choice.advising import carrier_for
from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name

__all__ = ["carrier_code", "carrier_for", "carrier_name"]
