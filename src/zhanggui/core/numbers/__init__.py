"""Tracking numbers before they are uploaded: whose shape they have, and what speaks against them."""

from zhanggui.core.numbers.checking import REUSED_WITHIN, Doubt, NumberCheck, Reason, Use, Verdict, check_number, neighbours, pool_of
from zhanggui.core.numbers.many import Asked, UsesByNumber, check_many
from zhanggui.core.numbers.shapes import CarrierShapes, as_number, carrier_of, carriers_that_fit, every_carrier

__all__ = [
    "REUSED_WITHIN",
    "Asked",
    "CarrierShapes",
    "Doubt",
    "NumberCheck",
    "Reason",
    "Use",
    "UsesByNumber",
    "Verdict",
    "as_number",
    "carrier_of",
    "carriers_that_fit",
    "check_many",
    "check_number",
    "every_carrier",
    "neighbours",
    "pool_of",
]
