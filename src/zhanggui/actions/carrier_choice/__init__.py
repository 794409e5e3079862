"""Which carrier an order goes with: what the shop says of its carriers, what they have shown, and what was chosen."""

from zhanggui.actions.carrier_choice.advising import carrier_for
from zhanggui.actions.carrier_choice.choosing import note_choices
from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name

__all__ = ["carrier_code", "carrier_for", "carrier_name", "note_choices"]
