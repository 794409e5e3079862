"""What whole personal data may be opened, and how often one person may do it."""

from datetime import timedelta
from enum import StrEnum


class Opening(StrEnum):
    """What is opened."""

    NUMBER = "number"
    """The telephone number that the shop keeps for texts about an order."""
    LABEL = "label"
    """What a waybill's label is printed from: only the print component reads it."""


LEAST_REASON, LONGEST_REASON = 4, 200
IN_AN_HOUR, IN_A_DAY = 20, 100
"""So often one person may open a whole number, all shops of the house together."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
